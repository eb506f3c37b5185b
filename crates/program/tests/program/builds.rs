//! Build commands run to their end, or until their time is over.

use std::time::Duration;

use program::{Exceeded, Network, build};

use crate::support::{HANG, Rig, levels, processes_with, unique};

#[tokio::test]
async fn a_build_succeeds_or_shows_why_not() {
    for level in levels().await {
        let rig = Rig::new();
        let built =
            build(&rig.shell(level, "echo compiling; echo done > product"), HANG).await.expect("it runs");
        assert!(built.succeeded() && crate::support::exists(rig.path("workspace/product")), "{level}");
        let built =
            build(&rig.shell(level, "echo syntax error in main >&2; exit 2"), HANG).await.expect("it runs");
        assert!(!built.succeeded(), "{level}");
        assert_eq!(built.end.to_string(), "ended with exit status 2", "{level}");
        assert_eq!(built.end.output.last_lines(5), "syntax error in main", "{level}");
    }
}

#[tokio::test]
async fn a_build_that_hangs_is_ended() {
    for level in levels().await {
        let rig = Rig::new();
        let mark = unique(&rig);
        let launch = rig.shell(level, &format!("touch {mark}; setsid tail -f {mark} & tail -f {mark}"));
        let built = build(&launch, Duration::from_secs(1)).await.expect("it runs");
        assert_eq!(built.end.exceeded, Some(Exceeded::Time { limit_s: 1 }), "{level}");
        assert_eq!(built.end.to_string(), "was ended because it had not ended after 1 s", "{level}");
        assert_eq!(processes_with(&mark), [""; 0], "{level}");
    }
}

#[tokio::test]
async fn a_build_may_use_the_network_and_a_cache() {
    for level in levels().await {
        let (rig, cache) = (Rig::new(), Rig::new());
        let folder = cache.path("cache");
        std::fs::create_dir(&folder).expect("a folder");
        let everybody = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(&folder, everybody).expect("ours");
        let script = format!(
            "import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b'x', ('127.0.0.1', 9))
open({:?}, 'w').write('kept')",
            folder.join("package")
        );
        let mut launch = rig.python(level, &script);
        launch.sandbox.network = Network::Open;
        launch.sandbox.write.push(folder.clone());
        let built = build(&launch, HANG).await.expect("it runs");
        assert!(built.succeeded(), "{level}: {}", built.end.output.text());
        assert_eq!(std::fs::read_to_string(folder.join("package")).expect("written"), "kept", "{level}");
    }
}
