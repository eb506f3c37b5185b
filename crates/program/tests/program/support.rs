//! Folders, launches and waits that the tests share.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use program::{Launch, Level, Network, Program};
use tempfile::TempDir;

/// No machine is that slow: what takes longer hangs.
pub(crate) const HANG: Duration = Duration::from_secs(60);

/// The binary whose main is a supervisor's.
pub(crate) fn supervisor() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_supervisor"))
}

/// The levels that work here, strongest first; the others are named.
pub(crate) async fn levels() -> Vec<Level> {
    let probe = program::sandbox::probe(Some(&supervisor())).await.expect("a probe gives an answer");
    for (level, reason) in &probe.refused {
        eprintln!("skipped: level {level}: {reason}");
    }
    [Level::Full, Level::Confined, Level::Limits].into_iter().filter(|level| *level <= probe.level).collect()
}

/// Those of them that keep programs from files and ports.
pub(crate) async fn sandboxes() -> Vec<Level> {
    levels().await.into_iter().filter(|level| *level > Level::Limits).collect()
}

/// A workspace and a scratch folder that every user reaches, removed in the end.
pub(crate) struct Rig {
    folder: TempDir,
}

impl Rig {
    pub(crate) fn new() -> Rig {
        let folder = tempfile::Builder::new()
            .prefix("program-test-")
            .permissions(fs::Permissions::from_mode(0o755))
            .tempdir()
            .expect("a temporary folder");
        for name in ["workspace", "scratch"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        Rig { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path("workspace").join(name);
        fs::write(&path, text).expect("a file of the workspace");
        path
    }

    pub(crate) fn launch(&self, level: Level, command: &[&str]) -> Launch {
        let mut launch =
            Launch::new(command.iter().copied(), self.path("workspace"), self.path("scratch"), level);
        launch.supervisor = Some(supervisor());
        launch.with_env("PATH", "/usr/bin:/bin")
    }

    /// A launch of a shell script.
    pub(crate) fn shell(&self, level: Level, script: &str) -> Launch {
        self.launch(level, &["sh", "-c", script])
    }

    /// A launch of a Python script.
    pub(crate) fn python(&self, level: Level, script: &str) -> Launch {
        self.write("main.py", script);
        self.launch(level, &["/usr/bin/python3", "-u", "main.py"])
    }
}

/// A launch that may listen on a port, which is in its environment.
pub(crate) fn listening(mut launch: Launch, port: u16) -> Launch {
    launch.sandbox.network = Network::Ports { listen: vec![port], connect: Vec::new() };
    launch.with_env("PORT", port)
}

pub(crate) async fn start(launch: &Launch) -> Program {
    Program::start(launch).await.unwrap_or_else(|error| panic!("{:?} starts: {error}", launch.command))
}

/// A port that nobody has at the moment.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Waits for a condition, and says what did not come true.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    while !holds() {
        assert!(begun.elapsed() < HANG, "waited in vain: {what}");
        ticks.tick().await;
    }
}

/// Waits until a program has printed this.
pub(crate) async fn until_said(program: &Program, text: &str) {
    let begun = Instant::now();
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    loop {
        let said = program.output().await.text();
        if said.contains(text) {
            return;
        }
        assert!(begun.elapsed() < HANG && program.end().is_none(), "never said {text:?}, but: {said}");
        ticks.tick().await;
    }
}

/// The processes of this machine whose command line holds this text.
pub(crate) fn processes_with(text: &str) -> Vec<String> {
    let entries = fs::read_dir("/proc").expect("/proc").flatten();
    let numbers = entries.filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok());
    let lines = numbers.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(text))
        .collect()
}

/// A text that no other process of this machine has in its command line.
pub(crate) fn unique(rig: &Rig) -> String {
    let name = rig.path("").display().to_string();
    format!("mark-{}", name.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
}

/// A server in Python that answers each connection with one line.
pub(crate) const SERVER: &str = "
import os, socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((os.environ.get('ADDRESS', '127.0.0.1'), int(os.environ['PORT'])))
s.listen()
print('listening')
while True:
    c, _ = s.accept()
    try:
        c.sendall(b'hello\\n')
    except OSError:
        pass
    c.close()
";

pub(crate) fn exists(path: impl AsRef<Path>) -> bool {
    path.as_ref().exists()
}
