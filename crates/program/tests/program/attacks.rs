//! What a hostile program tries, and does not get, at the levels that promise so.

use std::fs;
use std::net::TcpListener;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::Path;

use program::{Launch, Level, Network};

use crate::support::{Rig, free_port, sandboxes, start};

/// A Python prelude: `attempt` prints what came of it.
const ATTEMPT: &str = "
import ctypes, os, signal, socket, sys
def attempt(name, what):
    try:
        print(name, 'GOT', what())
    except (OSError, LookupError) as error:
        print(name, 'denied')
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno(), 'refused')
";

/// Runs a script of attempts; each must have been denied, and none forgotten.
async fn all_denied(level: Level, launch: &Launch, attempts: usize) {
    let end = start(launch).await.wait().await;
    let text = end.output.text();
    assert!(!text.contains("GOT"), "{level}: {text}");
    assert_eq!(text.matches("denied").count(), attempts, "{level}: {end}: {text}");
}

fn python(rig: &Rig, level: Level, script: &str) -> Launch {
    rig.python(level, &format!("{ATTEMPT}\n{script}"))
}

/// A file as a judge keeps it beside its learners' workspaces.
fn secret(mode: u32) -> Rig {
    let judge = Rig::new();
    let path = judge.path("secret");
    fs::write(&path, "the reference's answers").expect("ours");
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("ours");
    judge
}

#[tokio::test]
async fn files_of_others_are_not_read() {
    for level in sandboxes().await {
        for mode in [0o600, 0o644, 0o755] {
            let (rig, judge) = (Rig::new(), secret(mode));
            let home = std::env::var("HOME").unwrap_or_else(|_| "/root".to_owned());
            let script = format!(
                "secret = {:?}
attempt('read', lambda: open(secret).read())
attempt('link', lambda: (os.symlink(secret, 'link'), open('link').read()))
attempt('hard link', lambda: (os.link(secret, 'hard'), open('hard').read()))
attempt('far', lambda: (os.symlink('../../../../../../../../../../../../..' + secret, 'far'), open('far').read()))
attempt('folder', lambda: (os.symlink(os.path.dirname(secret), 'folder'), os.listdir('folder')))
attempt('cwd', lambda: open('/proc/self/cwd/../..' + secret).read())
attempt('list', lambda: os.listdir(os.path.dirname(secret)))
attempt('copy', lambda: os.rename(secret, 'mine'))
attempt('shadow', lambda: open('/etc/shadow').read())
attempt('home', lambda: os.listdir({home:?}))
attempt('other tmp', lambda: os.listdir('/tmp'))
attempt('init', lambda: os.listdir('/proc/1/root/etc'))
attempt('environment of init', lambda: open('/proc/1/environ').read())",
                judge.path("secret")
            );
            all_denied(level, &python(&rig, level, &script), 13).await;
        }
    }
}

#[tokio::test]
async fn nothing_is_written_outside() {
    for level in sandboxes().await {
        let (rig, judge) = (Rig::new(), secret(0o666));
        fs::set_permissions(judge.path(""), fs::Permissions::from_mode(0o777)).expect("ours");
        let script = format!(
            "secret = {:?}
new = os.path.join(os.path.dirname(secret), 'new')
attempt('overwrite', lambda: open(secret, 'w'))
attempt('append', lambda: open(secret, 'a'))
attempt('truncate', lambda: os.truncate(secret, 0))
attempt('remove', lambda: os.remove(secret))
attempt('create', lambda: open(new, 'w'))
attempt('folder', lambda: os.mkdir(new))
attempt('link', lambda: (os.symlink(new, 'out'), open('out', 'w')))
attempt('tmp', lambda: open('/tmp/program-attack', 'w'))
attempt('scratch', lambda: open('../scratch/root/x', 'w'))
attempt('beside', lambda: open('../beside', 'w'))
attempt('root', lambda: open('/x', 'w'))
attempt('usr', lambda: open('/usr/x', 'w'))
attempt('device', lambda: os.mknod('dev', 0o60666, os.makedev(254, 0)))",
            judge.path("secret")
        );
        all_denied(level, &python(&rig, level, &script), 13).await;
        assert_eq!(fs::read_to_string(judge.path("secret")).expect("ours"), "the reference's answers");
        assert!(!Path::new("/tmp/program-attack").exists());
    }
}

#[tokio::test]
async fn a_workspace_full_of_links_leads_nowhere() {
    for level in sandboxes().await {
        let (rig, judge) = (Rig::new(), secret(0o644));
        let mut deep = rig.path("workspace");
        for name in 0..40 {
            deep.push(name.to_string());
        }
        fs::create_dir_all(&deep).expect("ours");
        let before = fs::metadata(judge.path("secret")).expect("ours");
        std::os::unix::fs::symlink(judge.path("secret"), deep.join("secret")).expect("ours");
        std::os::unix::fs::symlink(judge.path(""), deep.join("folder")).expect("ours");
        let path = deep.strip_prefix(rig.path("workspace")).expect("inside").display().to_string();
        let script = format!(
            "attempt('link', lambda: open('{path}/secret').read())
attempt('folder', lambda: os.listdir('{path}/folder'))
attempt('up', lambda: os.listdir('{path}/' + '../' * 60 + 'root'))
attempt('chmod', lambda: os.chmod('{path}/secret', 0o777))"
        );
        // Landlock leaves modes alone, and these are refused to another user, or the path does not exist.
        let attempts = if level == Level::Full || nix_is_root() { 4 } else { 3 };
        let script =
            if attempts == 4 { script } else { script.rsplit_once('\n').expect("lines").0.to_owned() };
        all_denied(level, &python(&rig, level, &script), attempts).await;
        let after = fs::metadata(judge.path("secret")).expect("ours");
        use std::os::unix::fs::MetadataExt;
        assert_eq!(
            (before.uid(), before.mode()),
            (after.uid(), after.mode()),
            "{level}: a link was followed"
        );
    }
}

fn nix_is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").expect("/proc").uid() == 0
}

#[tokio::test]
async fn only_the_given_ports_are_reached() {
    let probe = program::sandbox::probe(Some(&crate::support::supervisor())).await.expect("an answer");
    if probe.landlock_abi < 4 {
        eprintln!("skipped: ports, because this kernel's Landlock has ABI {}", probe.landlock_abi);
        return;
    }
    for level in sandboxes().await {
        let rig = Rig::new();
        let (given, other) = (TcpListener::bind("127.0.0.1:0"), TcpListener::bind("127.0.0.1:0"));
        let (given, other) = (given.expect("a port"), other.expect("a port"));
        let port = |listener: &TcpListener| listener.local_addr().expect("an address").port();
        let (own, foreign) = (free_port(), free_port());
        let script = format!(
            "def listen(port):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', port)); s.listen(); return s
def fast_open(port):
    s = socket.socket(); s.sendto(b'x', 0x20000000, ('127.0.0.1', port))
attempt('connect', lambda: socket.create_connection(('127.0.0.1', {other})))
attempt('fast open', lambda: fast_open({other}))
attempt('multipath', lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262))
attempt('listen', lambda: listen({foreign}))
attempt('listen anywhere', lambda: listen(0))
socket.create_connection(('127.0.0.1', {given}))
s = listen({own})
socket.create_connection(('127.0.0.1', {own}))
print('the given ones work')",
            other = port(&other),
            given = port(&given)
        );
        let mut launch = python(&rig, level, &script);
        launch.sandbox.network = Network::Ports { listen: vec![own], connect: vec![port(&given)] };
        let end = start(&launch).await.wait().await;
        let text = end.output.text();
        assert!(text.contains("the given ones work") && !text.contains("GOT"), "{level}: {text}");
    }
}

#[tokio::test]
async fn there_is_no_udp_and_nothing_raw() {
    for level in sandboxes().await {
        let rig = Rig::new();
        let script = "
def udp(family, address):
    s = socket.socket(family, socket.SOCK_DGRAM); s.sendto(b'x', (address, 53))
attempt('udp', lambda: udp(socket.AF_INET, '127.0.0.1'))
attempt('udp6', lambda: udp(socket.AF_INET6, '::1'))
attempt('raw', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
attempt('ping', lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 1))
attempt('packet', lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt('audit', lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9))
attempt('vsock', lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
socket.getaddrinfo('localhost', 80)
socket.if_nameindex()
a, b = socket.socketpair()
print('names and pairs work')";
        let end = start(&python(&rig, level, script)).await.wait().await;
        let text = end.output.text();
        assert!(text.contains("names and pairs work") && !text.contains("GOT"), "{level}: {text}");
        assert_eq!(text.matches("denied").count(), 7, "{level}: {text}");
    }
}

#[tokio::test]
async fn unix_sockets_of_others_are_not_reached() {
    for level in sandboxes().await {
        let (rig, judge) = (Rig::new(), Rig::new());
        let socket = judge.path("socket");
        let _listener = UnixListener::bind(&socket).expect("a socket");
        fs::set_permissions(&socket, fs::Permissions::from_mode(0o777)).expect("ours");
        let name = format!("program-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(&name).expect("a name");
        let _abstract = UnixListener::bind_addr(&address).expect("an abstract socket");
        let script = format!(
            "def unix(path):
    s = socket.socket(socket.AF_UNIX); s.connect(path)
attempt('socket', lambda: unix({socket:?}))
attempt('abstract', lambda: unix('\\0{name}'))"
        );
        all_denied(level, &python(&rig, level, &script), 2).await;
        // Where it is given, it is reached.
        let script = format!("s = socket.socket(socket.AF_UNIX); s.connect({socket:?}); print('connected')");
        let mut launch = python(&rig, level, &script);
        launch.sandbox.read.push(judge.path(""));
        launch.sandbox.unix_sockets = true;
        let end = start(&launch).await.wait().await;
        assert_eq!(end.output.text(), "connected\n", "{level}");
    }
}

#[tokio::test]
async fn other_processes_are_left_alone() {
    let probe = program::sandbox::probe(Some(&crate::support::supervisor())).await.expect("an answer");
    for level in sandboxes().await {
        let rig = Rig::new();
        let us = std::process::id();
        let signals = "attempt('signal us', lambda: os.kill(us, 0))
attempt('signal supervisor', lambda: os.kill(os.getppid(), signal.SIGKILL) if os.getppid() != 1 else call(-1))";
        let signals = if level == Level::Full || probe.landlock_abi >= 6 { signals } else { "" };
        let script = format!(
            "us = {us}
{signals}
attempt('trace us', lambda: call(101, 16, us, 0, 0))
attempt('trace parent', lambda: call(101, 16, os.getppid(), 0, 0))
attempt('trace me', lambda: call(101, 0, 0, 0, 0))
attempt('memory', lambda: open(f'/proc/{{us}}/mem', 'rb').read(1))
attempt('memory of parent', lambda: open(f'/proc/{{os.getppid()}}/mem', 'rb').read(1))
attempt('files of parent', lambda: os.listdir(f'/proc/{{os.getppid()}}/fd'))
attempt('environment', lambda: open(f'/proc/{{us}}/environ').read())"
        );
        // 101 is ptrace on this architecture alone; elsewhere it is a call that fails too.
        let attempts = if signals.is_empty() { 7 } else { 9 };
        all_denied(level, &python(&rig, level, &script), attempts).await;
    }
}

#[tokio::test]
async fn a_full_sandbox_shows_no_other_process_and_no_shared_memory() {
    if !sandboxes().await.contains(&Level::Full) {
        return;
    }
    let rig = Rig::new();
    let shared = format!("/dev/shm/program-test-{}", std::process::id());
    fs::write(&shared, "ours").expect("shared memory");
    let script = format!(
        "attempt('shared memory', lambda: open({shared:?}).read())
print(sorted(int(name) for name in os.listdir('/proc') if name.isdigit()) == sorted({{1, os.getpid()}}))
open('/dev/shm/mine', 'w').write('x')
print([path for path in ('/home', '/root', '/run', '/tmp/..data', '/var', '/boot') if os.path.exists(path)])"
    );
    let end = start(&python(&rig, Level::Full, &script)).await.wait().await;
    fs::remove_file(&shared).expect("ours");
    let text = end.output.text();
    assert_eq!(text, "shared memory denied\nTrue\n[]\n");
}

#[tokio::test]
async fn privileges_are_not_won() {
    for level in sandboxes().await {
        let rig = Rig::new();
        let script = "
attempt('root', lambda: os.setuid(0))
attempt('namespace', lambda: call(272, 0x10000000))
attempt('mount', lambda: call(165, b'x', b'/tmp', b'tmpfs', 0, 0))
attempt('chroot', lambda: os.chroot('.'))
attempt('clone', lambda: call(56, 0x10000011, 0, 0, 0, 0))
attempt('clone3', lambda: call(435, 0, 0))
attempt('keys', lambda: call(250, 0, 0))
attempt('bpf', lambda: call(321, 0, 0, 0))
attempt('perf', lambda: call(298, 0, 0, 0, 0, 0))
attempt('io_uring', lambda: call(425, 8, 0))
attempt('x32', lambda: call(0x40000000 | 272, 0x10000000))
attempt('fault', lambda: call(323, 0))";
        if cfg!(target_arch = "x86_64") {
            all_denied(level, &python(&rig, level, script), 12).await;
        } else {
            eprintln!("skipped: privileges, because the numbers of the calls are those of x86-64");
        }
        let end = start(&rig.shell(level, "grep -E '^(NoNewPrivs|Seccomp|CapEff):' /proc/self/status")).await;
        let text = end.wait().await.output.text();
        assert!(text.contains("NoNewPrivs:\t1") && text.contains("Seccomp:\t2"), "{level}: {text}");
        assert!(text.contains("CapEff:\t0000000000000000"), "{level}: {text}");
    }
}

#[tokio::test]
async fn a_toolchain_that_was_given_is_read_and_not_written() {
    for level in sandboxes().await {
        let (rig, tools) = (Rig::new(), Rig::new());
        let tool = tools.path("tool");
        fs::write(&tool, "#!/bin/sh\necho made\n").expect("ours");
        fs::set_permissions(&tool, fs::Permissions::from_mode(0o777)).expect("ours");
        let mut launch = rig.shell(level, "tool; echo x > \"$(command -v tool)\" || echo kept");
        launch.sandbox.read.push(tools.path(""));
        let path = format!("{}:/usr/bin:/bin", tools.path("").display());
        let end = start(&launch.with_env("PATH", path)).await.wait().await;
        let text = end.output.text();
        assert!(text.starts_with("made\n") && text.contains("kept\n"), "{level}: {text}");
    }
}
