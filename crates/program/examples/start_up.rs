//! Prints what a start costs: bare, and at each level; the median of 50 from the start to the end of `true`.
//!
//! `cargo run --release --example start_up`

use std::error::Error;
use std::time::{Duration, Instant};

use program::{Launch, Level, Program, sandbox};

const RUNS: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    // Before the runtime, which may start threads.
    program::supervise_if_asked();
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::Builder::new()
        .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .tempdir()?;
    let (dir, scratch) = (folder.path().join("workspace"), folder.path().join("scratch"));
    std::fs::create_dir_all(&dir)?;
    let probe = sandbox::probe(None).await?;
    println!("{probe}\nLandlock ABI {}", probe.landlock_abi);

    let mut bare = Vec::new();
    for _ in 0..RUNS {
        let begun = Instant::now();
        tokio::process::Command::new("true").status().await?;
        bare.push(begun.elapsed());
    }
    println!("bare       {:>6.1} ms", median_ms(bare));
    for level in [Level::Limits, Level::Confined, Level::Full] {
        if level > probe.level {
            println!("{level}: skipped, does not work here");
            continue;
        }
        let launch = Launch::new(["true"], &dir, &scratch, level);
        let (mut started, mut ended) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            let begun = Instant::now();
            let program = Program::start(&launch).await?;
            started.push(begun.elapsed());
            program.wait().await;
            ended.push(begun.elapsed());
        }
        println!(
            "{:<12} {:>6.1} ms until it runs, {:>6.1} ms until it is gone",
            level.to_string(),
            median_ms(started),
            median_ms(ended)
        );
    }
    Ok(())
}

fn median_ms(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1000.0
}
