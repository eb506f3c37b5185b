//! Output of any kind and amount is kept at its end, counted, and printable.

use program::Stream;

use crate::support::{Rig, levels, start, until_said};

#[tokio::test]
async fn a_flood_is_counted_and_its_end_kept() {
    const BYTES: u64 = 400_000_000;
    for level in levels().await {
        let rig = Rig::new();
        let script = format!("head -c {BYTES} /dev/zero | tr '\\0' x; echo; echo the end");
        let program = start(&rig.shell(level, &script)).await;
        let end = program.wait().await;
        assert!(end.how.is_success(), "{level}: {end}");
        assert_eq!(end.output.bytes_total, BYTES + 9, "{level}");
        assert!(end.output.is_cut && end.output.text().len() <= 64 * 1024, "{level}");
        assert!(end.output.text().ends_with("xxx\nthe end\n"), "{level}");
    }
}

#[tokio::test]
async fn a_flooding_program_is_still_answered_for_and_stopped() {
    for level in levels().await {
        let rig = Rig::new();
        let program = start(&rig.shell(level, "yes & yes >&2 & wait")).await;
        until_said(&program, "y\n").await;
        let before = program.output().await.bytes_total;
        assert!(program.output().await.bytes_total > before, "{level}");
        program.kill_all().await;
    }
}

#[tokio::test]
async fn streams_are_told_apart_and_times_go_forward() {
    for level in levels().await {
        let rig = Rig::new();
        let program = start(&rig.shell(level, "echo one; echo two >&2; printf 'three\\377\\033[0m'")).await;
        let output = program.wait().await.output;
        assert_eq!(output.text_of(Stream::Out), "one\nthree\u{fffd}\u{241b}[0m", "{level}");
        assert_eq!(output.text_of(Stream::Err), "two\n", "{level}");
        assert!(output.chunks.is_sorted_by_key(|chunk| chunk.at_ms), "{level}: {output:?}");
        assert!(!output.is_cut, "{level}");
    }
}
