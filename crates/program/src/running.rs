//! A program that runs, as the judge sees it.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::process::{Child, Command};
use tokio::sync::{Mutex, mpsc, watch};

use crate::end::{End, How, Stopped};
use crate::launch::Launch;
use crate::output::Output;
use crate::supervise::MARK;
use crate::usage::Usage;
use crate::wire::{Failed, Report, Request, Seen};

/// A signal for a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signal {
    /// SIGTERM to the process group of the first process, so that it passes through `npm start` and shells.
    Term,
    /// SIGKILL to all processes.
    Kill,
    /// SIGSTOP to all processes.
    Stop,
    /// SIGCONT to all processes.
    Cont,
}

/// Why there is no program.
#[derive(Debug, Error)]
pub enum StartError {
    /// The supervisor did not start.
    #[error("cannot start the supervisor {}: {source}; is the binary still there?", .supervisor.display())]
    Supervisor {
        /// The binary.
        supervisor: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The launch cannot be written down.
    #[error("the launch cannot be handed to the supervisor: {0}; are all its paths UTF-8?")]
    Launch(#[from] serde_json::Error),
    /// The supervisor, or the command, said why.
    #[error(transparent)]
    Failed(#[from] Failed),
    /// The supervisor said nothing.
    #[error(
        "the supervisor {} ended without a word; does its `main` call `supervise_if_asked` first?",
        .supervisor.display()
    )]
    Silent {
        /// The binary.
        supervisor: PathBuf,
    },
}

/// A running program. When it is dropped, its whole tree is killed.
#[derive(Debug)]
pub struct Program {
    pid: i32,
    launch: Launch,
    requests: Mutex<OwnedWriteHalf>,
    seen: Mutex<Answers>,
    ended: watch::Receiver<Option<End>>,
}

/// Answers to looks, with the number of the last look.
#[derive(Debug)]
struct Answers {
    asked: u64,
    arriving: mpsc::UnboundedReceiver<(u64, Seen)>,
}

impl Program {
    /// Starts a program and returns as soon as it runs. Needs a tokio runtime with I/O and time.
    ///
    /// # Errors
    /// When the machine does not allow the sandbox, or the command cannot be run. Nothing is left running then.
    pub async fn start(launch: &Launch) -> Result<Program, StartError> {
        let supervisor = supervisor(launch);
        let not_started = |source| StartError::Supervisor { supervisor: supervisor.clone(), source };
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().map_err(not_started)?;
        ours.set_nonblocking(true).map_err(not_started)?;
        let mut command = Command::new(&supervisor);
        command.arg0(MARK).env_clear().current_dir("/").process_group(0);
        command.stdin(Stdio::from(std::os::fd::OwnedFd::from(theirs))).stdout(Stdio::null());
        command.stderr(Stdio::null());
        let mut child = command.spawn().map_err(not_started)?;
        // It holds the other end of the socket, whose closing has to be noticed.
        drop(command);
        let (reports, mut requests) = UnixStream::from_std(ours).map_err(not_started)?.into_split();
        let mut reports = BufReader::new(reports);
        // A supervisor that is gone already shows in the answer.
        let _ = requests.write_all(line(launch)?.as_bytes()).await;
        match next(&mut reports).await {
            Some(Report::Started { pid }) => Ok(Program::new(pid, launch.clone(), requests, reports, child)),
            Some(Report::Failed(failed)) => {
                let _ = child.wait().await;
                Err(failed.into())
            }
            _ => {
                let _ = child.wait().await;
                Err(StartError::Silent { supervisor })
            }
        }
    }

    fn new(
        pid: i32,
        launch: Launch,
        requests: OwnedWriteHalf,
        reports: BufReader<OwnedReadHalf>,
        supervisor: Child,
    ) -> Program {
        let (seen_in, arriving) = mpsc::unbounded_channel();
        let (ended_in, ended) = watch::channel(None);
        tokio::spawn(follow(reports, supervisor, seen_in, ended_in));
        Program {
            pid,
            launch,
            requests: Mutex::new(requests),
            seen: Mutex::new(Answers { asked: 0, arriving }),
            ended,
        }
    }

    /// Its first process, as this process sees it.
    pub fn pid(&self) -> i32 {
        self.pid
    }

    /// What it was started with.
    pub fn launch(&self) -> &Launch {
        &self.launch
    }

    /// Sends a signal; to one that has ended, nothing happens.
    pub async fn signal(&self, signal: Signal) {
        self.ask(&Request::Signal(signal)).await;
    }

    /// Its usage, last output and listening ports as they are now, or what they were when it ended.
    pub async fn look(&self) -> Seen {
        let mut answers = self.seen.lock().await;
        answers.asked += 1;
        let asked = answers.asked;
        self.ask(&Request::Look { number: asked }).await;
        while let Some((number, seen)) = answers.arriving.recv().await {
            // Another one is for an asker who gave up.
            if number == asked {
                return seen;
            }
        }
        let End { usage, output, .. } = self.wait().await;
        let listening = Vec::new();
        Seen { usage, output, listening, listening_is_known: false, is_still: false, is_ending: true }
    }

    /// Its last output.
    pub async fn output(&self) -> Output {
        self.look().await.output
    }

    /// What it uses.
    pub async fn usage(&self) -> Usage {
        self.look().await.usage
    }

    /// How it ended, if it has.
    pub fn end(&self) -> Option<End> {
        self.ended.borrow().clone()
    }

    /// Waits until its first process has ended and everything that it left is gone.
    pub async fn wait(&self) -> End {
        let mut ended = self.ended.clone();
        // The sender goes only after it has sent.
        let end = ended.wait_for(Option::is_some).await.ok().and_then(|end| end.clone());
        end.unwrap_or_else(lost)
    }

    /// Asks it to end (SIGTERM), and kills it if it still runs after `grace`.
    pub async fn stop(&self, grace: Duration) -> Stopped {
        self.signal(Signal::Term).await;
        match tokio::time::timeout(grace, self.wait()).await {
            Ok(end) => Stopped { killed: false, end },
            Err(_) => Stopped { killed: true, end: self.kill_all().await },
        }
    }

    /// Kills all its processes, also those that left its session, and waits until they are gone.
    pub async fn kill_all(&self) -> End {
        self.signal(Signal::Kill).await;
        self.wait().await
    }

    /// Stops it and starts it anew in the same folders, with what it has written there.
    ///
    /// # Errors
    /// As [`Program::start`].
    pub async fn restart(self, grace: Duration) -> Result<Program, StartError> {
        self.stop(grace).await;
        Program::start(&self.launch).await
    }

    async fn ask(&self, request: &Request) {
        if let Ok(line) = line(request) {
            // Who is gone needs no signal, and a look sees it ended.
            let _ = self.requests.lock().await.write_all(line.as_bytes()).await;
        }
    }
}

/// Passes on what the supervisor reports, until it is gone.
async fn follow(
    mut reports: BufReader<OwnedReadHalf>,
    mut supervisor: Child,
    seen_in: mpsc::UnboundedSender<(u64, Seen)>,
    ended_in: watch::Sender<Option<End>>,
) {
    let mut ended = None;
    while let Some(report) = next(&mut reports).await {
        match report {
            Report::Seen { number, seen } => drop(seen_in.send((number, seen))),
            Report::Ended(end) => ended = Some(*end),
            Report::Started { .. } | Report::Failed(_) => {}
        }
    }
    // An error means that it is gone already.
    let _ = supervisor.wait().await;
    ended_in.send_replace(Some(ended.unwrap_or_else(lost)));
}

fn lost() -> End {
    End { how: How::Lost, exceeded: None, left_behind: 0, usage: Usage::default(), output: Output::default() }
}

/// The binary that runs now, to be started once more: on Linux as a link of the kernel's, which also leads to one that
/// was replaced meanwhile; elsewhere its path, which is empty if the system does not tell.
#[must_use]
pub fn this_binary() -> PathBuf {
    if cfg!(target_os = "linux") {
        return PathBuf::from("/proc/self/exe");
    }
    std::env::current_exe().unwrap_or_default()
}

fn supervisor(launch: &Launch) -> PathBuf {
    launch.supervisor.clone().unwrap_or_else(this_binary)
}

fn line(value: &impl Serialize) -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string(value)? + "\n")
}

async fn next(reports: &mut BufReader<OwnedReadHalf>) -> Option<Report> {
    let mut line = String::new();
    reports.read_line(&mut line).await.ok()?;
    serde_json::from_str(&line).ok()
}
