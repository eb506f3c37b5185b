//! Programs start, listen, or do not, and the reason is named.

use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use program::{Failed, Level, Network, NotReady, Program, StartError};

use crate::support::{HANG, Rig, SERVER, free_port, levels, listening, start};

/// How long a program that never listens is waited for.
const SHORT: Duration = Duration::from_millis(400);

#[tokio::test]
async fn a_server_is_ready_and_answers() {
    for level in levels().await {
        let (rig, port) = (Rig::new(), free_port());
        let program = start(&listening(rig.python(level, SERVER), port)).await;
        program.ready(port, HANG).await.unwrap_or_else(|error| panic!("{level}: {error}"));
        let mut said = String::new();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("it listens");
        stream.read_to_string(&mut said).expect("it answers");
        assert_eq!(said, "hello\n", "{level}");
        let seen = program.look().await;
        assert_eq!(seen.listening.iter().map(|one| one.at.port()).collect::<Vec<_>>(), [port], "{level}");
        assert!(seen.usage.processes == 1 && seen.usage.memory_bytes > 1 << 20, "{level}: {:?}", seen.usage);
        assert!(
            program.stop(HANG).await.end.usage.cpu_ms > 0,
            "{level}: Python needs more than 1 ms to start"
        );
    }
}

#[tokio::test]
async fn two_instances_run_side_by_side() {
    for level in levels().await {
        let (one, other, ports) = (Rig::new(), Rig::new(), [free_port(), free_port()]);
        let first = start(&listening(one.python(level, SERVER), ports[0])).await;
        let second = start(&listening(other.python(level, SERVER), ports[1])).await;
        first.ready(ports[0], HANG).await.expect("the first listens");
        second.ready(ports[1], HANG).await.expect("the second listens");
        first.kill_all().await;
        assert!(second.end().is_none() && TcpStream::connect(("127.0.0.1", ports[1])).is_ok());
        second.kill_all().await;
    }
}

#[tokio::test]
async fn one_that_never_listens_is_told_so() {
    for level in levels().await {
        let rig = Rig::new();
        let program = start(&rig.shell(level, "echo warming up; exec tail -f /dev/null")).await;
        crate::support::until_said(&program, "warming up").await;
        let message = program.ready(4711, SHORT).await.expect_err("it does not listen").to_string();
        assert!(message.contains("does not listen on port 4711 (PORT=4711), nor on any other"), "{message}");
        assert!(message.contains("warming up"), "{message}");
        assert!(program.end().is_none(), "waiting leaves it running");
    }
}

#[tokio::test]
async fn one_that_listens_elsewhere_is_told_where() {
    for level in levels().await {
        let (rig, asked, port) = (Rig::new(), free_port(), free_port());
        let mut launch = rig.python(level, SERVER).with_env("PORT", port);
        launch.sandbox.network = Network::Ports { listen: vec![asked, port], connect: Vec::new() };
        let program = start(&launch).await;
        program.ready(port, HANG).await.expect("it listens");
        let message = program.ready(asked, SHORT).await.expect_err("not there").to_string();
        let expected = format!("listens on port {port}, but was asked to listen on PORT={asked}");
        assert!(message.contains(&expected), "{message}");
    }
}

#[tokio::test]
async fn one_that_listens_on_ipv6_alone_is_told_so() {
    if TcpListener::bind("[::1]:0").is_err() {
        eprintln!("skipped: this machine has no IPv6");
        return;
    }
    let (rig, port) = (Rig::new(), free_port());
    let server = SERVER.replace("socket.socket()", "socket.socket(socket.AF_INET6)");
    let launch = rig.python(levels().await[0], &server).with_env("ADDRESS", "::1");
    let program = start(&listening(launch, port)).await;
    crate::support::until_said(&program, "listening").await;
    let message = program.ready(port, SHORT).await.expect_err("127.0.0.1 does not lead there").to_string();
    assert!(message.contains(&format!("[::1]:{port}, where 127.0.0.1:{port} does not lead")), "{message}");
}

#[tokio::test]
async fn a_port_that_another_process_has_is_no_readiness() {
    let rig = Rig::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let program = start(&rig.shell(levels().await[0], "exec tail -f /dev/null")).await;
    let message = program.ready(port, SHORT).await.expect_err("the test listens there").to_string();
    assert!(message.contains(&format!("another process has port {port}")), "{message}");
}

#[tokio::test]
async fn a_crash_at_the_start_is_quoted() {
    for level in levels().await {
        let rig = Rig::new();
        let program = start(&rig.shell(level, "echo cannot find config.yml >&2; exit 3")).await;
        let error = program.ready(4711, HANG).await.expect_err("it ended");
        assert!(matches!(error, NotReady::Ended { .. }), "{error:?}");
        let message = error.to_string();
        let expected = "your program ended with exit status 3 before it listened on PORT=4711, where alone it may listen; \
                        its last output:\n\
                        cannot find config.yml";
        assert_eq!(message, expected, "{level}");
    }
}

#[tokio::test]
async fn a_command_that_cannot_run_says_why() {
    for level in levels().await {
        let rig = Rig::new();
        let script = rig.write("script", "#!/no/such/shell\n");
        let data = rig.write("data", "neither\n");
        for file in [&script, &data] {
            std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).expect("ours");
        }
        rig.write("plain", "#!/bin/sh\n");
        let reasons = [
            ("nodee", "is not on the program's PATH (/usr/bin:/bin)"),
            ("./missing", "no such file in the workspace"),
            ("./script", "the interpreter that its first line (#!) names"),
            ("./plain", "is it executable (`chmod +x ./plain`)"),
            ("./data", "neither a binary for this machine nor a script"),
        ];
        for (command, reason) in reasons {
            let failed = Program::start(&rig.launch(level, &[command])).await.expect_err("it cannot run");
            assert!(matches!(failed, StartError::Failed(Failed::Command { .. })), "{level}: {failed:?}");
            assert!(failed.to_string().contains(reason), "{level}: {failed}");
        }
    }
}

#[tokio::test]
async fn the_environment_is_the_one_that_was_given() {
    for level in levels().await {
        let rig = Rig::new();
        let launch = rig.launch(level, &["env"]).with_env("DATABASE_URL", "postgres://x");
        let end = start(&launch).await.wait().await;
        let text = end.output.text();
        let mut names: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
        names.sort_unstable();
        assert_eq!(names, ["DATABASE_URL", "HOME", "PATH", "TMPDIR"], "{level}");
        let writable = rig.shell(level, "touch \"$HOME/a\" \"$TMPDIR/b\" c && cat c && echo fine");
        let end = start(&writable).await.wait().await;
        assert_eq!(end.output.text(), "fine\n", "{level}");
        assert!(crate::support::exists(rig.path("workspace/c")), "{level}: the workspace is the one given");
    }
}

#[tokio::test]
async fn a_restart_finds_the_port_free_and_its_files_there() {
    for level in levels().await {
        let (rig, port) = (Rig::new(), free_port());
        let script = format!("open('starts', 'a').write('x')\n{SERVER}");
        let mut program = start(&listening(rig.python(level, &script), port)).await;
        for starts in 1..=3 {
            program.ready(port, HANG).await.unwrap_or_else(|error| panic!("{level}: {error}"));
            let written = std::fs::read_to_string(rig.path("workspace/starts")).expect("it wrote");
            assert_eq!(written.len(), starts, "{level}");
            program = program.restart(HANG).await.expect("it starts again");
        }
    }
}

#[tokio::test]
async fn nothing_of_the_judges_files_is_open_in_the_program() {
    for level in levels().await {
        let rig = Rig::new();
        let end = start(&rig.shell(level, "ls /proc/self/fd | wc -l")).await.wait().await;
        // Three streams, and the folder that `ls` reads.
        assert_eq!(end.output.text().trim(), "4", "{level}");
    }
}

#[tokio::test]
async fn a_workspace_that_its_user_cannot_reach_is_shown_to_it_or_named() {
    use std::os::unix::fs::MetadataExt;
    if std::fs::metadata("/proc/self").expect("/proc").uid() != 0 {
        eprintln!("skipped: an unreachable workspace, because only root runs programs as another user");
        return;
    }
    for level in levels().await {
        let rig = Rig::new();
        std::fs::set_permissions(rig.path(""), std::fs::Permissions::from_mode(0o700)).expect("ours");
        let started = Program::start(&rig.shell(level, "echo here > file; cat file")).await;
        match (level, started) {
            (Level::Full, started) => {
                let end = started.expect("its root shows it").wait().await;
                assert_eq!(end.output.text(), "here\n");
            }
            (_, started) => {
                let message = started.expect_err("it cannot enter").to_string();
                assert!(message.contains("must be able to pass through every folder above it"), "{message}");
            }
        }
    }
}

#[tokio::test]
async fn a_file_with_a_second_name_outside_stays_whose_it_is() {
    use std::os::unix::fs::MetadataExt;
    for level in levels().await {
        let (rig, judge) = (Rig::new(), Rig::new());
        let outside = judge.path("file");
        std::fs::write(&outside, "ours").expect("ours");
        std::fs::hard_link(&outside, rig.path("workspace/link")).expect("the same file system");
        let before = std::fs::metadata(&outside).expect("ours").uid();
        start(&rig.shell(level, "cat link")).await.wait().await;
        assert_eq!(std::fs::metadata(&outside).expect("ours").uid(), before, "{level}");
    }
}
