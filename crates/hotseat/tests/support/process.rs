//! hotseat as a child process, and the processes that belong to a home.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::sync::{Arc, Mutex};
use std::thread;

use nix::sys::signal::{SigHandler, Signal, kill, signal};
use nix::unistd::Pid;
use serde_json::Value;

use super::PATIENCE;

/// A hotseat that has ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A hotseat that may still be at work.
pub(crate) struct Running {
    pub pid: u32,
    ended: End,
    stdout: Arc<Mutex<Vec<u8>>>,
    stderr: Arc<Mutex<Vec<u8>>>,
    readers: Vec<thread::JoinHandle<()>>,
}

/// The end of a process. One that still runs when its test fails is killed, so that it is in nobody's way.
struct End {
    pid: u32,
    status: Receiver<ExitStatus>,
}

impl Drop for End {
    fn drop(&mut self) {
        if thread::panicking() && self.status.try_recv() == Err(TryRecvError::Empty) {
            // It may have ended in this moment.
            let _ = kill(pid_of(self.pid), Signal::SIGKILL);
        }
    }
}

/// Whoever runs the tests in the background of a script has SIGINT and SIGQUIT ignored in them, and
/// in what they start.
#[expect(unsafe_code, reason = "between fork and exec; it only makes system calls")]
fn listens_to_signals(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    let listen = || {
        for which in [Signal::SIGINT, Signal::SIGQUIT] {
            // SAFETY: the default action is no handler of ours.
            unsafe { signal(which, SigHandler::SigDfl) }?;
        }
        Ok(())
    };
    // SAFETY: only async-signal-safe system calls, no allocation.
    unsafe { command.pre_exec(listen) };
}

impl Running {
    /// Starts a command with its output caught, as in a pipe.
    pub(crate) fn start(mut command: Command) -> Running {
        let shown = format!("{command:?}");
        listens_to_signals(&mut command);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{shown}: {e}"));
        let (stdout, one) = collect(child.stdout.take().expect("it is piped"));
        let (stderr, other) = collect(child.stderr.take().expect("it is piped"));
        let pid = child.id();
        Running { pid, ended: End { pid, status: wait(child) }, stdout, stderr, readers: vec![one, other] }
    }

    /// What it has printed so far.
    pub(crate) fn printed(&self) -> String {
        let both = [&self.stdout, &self.stderr].map(|it| it.lock().expect("no reader panics").clone());
        String::from_utf8_lossy(&both.concat()).into_owned()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        // An error means that it has ended already.
        let _ = kill(pid_of(self.pid), signal);
    }

    /// Waits until it has ended. One that hangs is killed, and fails the test.
    pub(crate) fn finish(self) -> Ran {
        let Ok(status) = self.ended.status.recv_timeout(PATIENCE) else {
            self.signal(Signal::SIGKILL);
            panic!("hotseat still ran after {PATIENCE:?}, having printed:\n{}", self.printed());
        };
        self.readers.into_iter().for_each(|reader| reader.join().expect("reading does not panic"));
        let text =
            |it: &Mutex<Vec<u8>>| String::from_utf8_lossy(&it.lock().expect("no reader panics")).into_owned();
        Ran { code: status.code(), stdout: text(&self.stdout), stderr: text(&self.stderr) }
    }
}

fn collect(mut from: impl Read + Send + 'static) -> (Arc<Mutex<Vec<u8>>>, thread::JoinHandle<()>) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&kept);
    let reader = thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            into.lock().expect("nobody panics with it").extend_from_slice(&buffer[..count]);
        }
    });
    (kept, reader)
}

fn wait(mut child: Child) -> Receiver<ExitStatus> {
    let (tell, ended) = mpsc::channel();
    thread::spawn(move || {
        if let Ok(status) = child.wait() {
            // Nobody may listen any more.
            let _ = tell.send(status);
        }
    });
    ended
}

impl Ran {
    /// Insists on the exit code.
    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "another exit code was due:\n{self}");
        self
    }

    /// Insists on words in what it has printed, whatever their case.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Ran {
        let said = format!("{}\n{}", self.stdout, self.stderr).to_lowercase();
        for word in words {
            assert!(said.contains(&word.to_lowercase()), "`{word}` is missing from:\n{self}");
        }
        self
    }

    /// Its one line of JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("no JSON ({e}):\n{self}"))
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "exit code {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.code,
            self.stdout.trim_end(),
            self.stderr.trim_end()
        )
    }
}

/// A process that belongs to a home's bench: the server, its children, initdb.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    pub id: i32,
    /// Its command line, with spaces between.
    pub title: String,
}

/// The processes of a bench: those that name its folder, those that work in it, and learners' programs, which
/// have their home in it. Empty where there is no /proc.
pub(crate) fn processes_of(bench: &Path) -> Vec<Process> {
    let ids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_string_lossy().parse::<i32>().ok());
    ids.filter_map(|id| {
        let cmdline = std::fs::read(format!("/proc/{id}/cmdline")).ok()?;
        let title = String::from_utf8_lossy(&cmdline).replace('\0', " ");
        let works_in: Option<PathBuf> = std::fs::read_link(format!("/proc/{id}/cwd")).ok();
        // A process that has ended and was not waited for has an empty command line.
        let environ = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        let ours = title.contains(&*bench.to_string_lossy())
            || String::from_utf8_lossy(&environ).contains(&*bench.to_string_lossy())
            || (!title.is_empty() && works_in.is_some_and(|dir| dir.starts_with(bench)));
        ours.then_some(Process { id, title })
    })
    .collect()
}

pub(crate) fn pid_of(id: u32) -> Pid {
    Pid::from_raw(i32::try_from(id).expect("process ids are small"))
}
