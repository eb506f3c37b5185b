//! Layouts for the app, in a process of their own: this binary, started once more. Typst and its fonts take some
//! 40 MB that only the end of a process gives back, and whatever may befall a layout there, the app lives on.
//! The process waits for the next layout with all that the last one made ready, and is ended when none comes.
//!
//! Each message is a line of JSON; behind the answer's line come the PDF and the pictures as they are. At the end of
//! its input, which the end of the app is too, the process ends.

use std::io::{BufRead, Write};
use std::process::{ExitCode, Stdio};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use typeset::{Drawn, Pdf, Typesetter};

use super::building::{Look, untypeset};
use crate::failure::{Failure, Kind};

/// The name under which the binary is started; it is what `ps` shows.
const MARK: &str = "resume-layout";
/// So long after the last layout the process is ended. Who edits pauses for less.
const IDLE: Duration = Duration::from_secs(20);
/// Typesetting gives a layout up after a minute. A process that has said nothing by then was stopped.
const PATIENCE: Duration = Duration::from_secs(75);
/// So long a process may take to end.
const ENDING: Duration = Duration::from_secs(2);

#[derive(Serialize, Deserialize)]
struct Request {
    resume: Value,
    template: String,
    paper: String,
}

#[derive(Serialize, Deserialize)]
enum Answer {
    /// With the lengths of what follows, in bytes.
    Drawn { pdf: usize, pages: usize, warnings: Vec<String>, pictures: Vec<usize> },
    /// The résumé cannot be laid out.
    Refused(String),
    /// We have failed.
    Failed(String),
}

/// Lays out what standard input asks for, if this process was started for it. To be called first in `main`.
pub(crate) fn lay_out_if_asked() -> Option<ExitCode> {
    let asked = std::env::args_os().next().is_some_and(|name| name == MARK);
    // The app that asked is gone, or has had enough: nobody is there to be told.
    asked.then(|| serve().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS))
}

fn serve() -> std::io::Result<()> {
    let mut typesetter = Typesetter::new();
    let mut to = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let (answer, parts) = match lay_out(&line?, &mut typesetter) {
            Ok(Drawn { pdf: Pdf { bytes, pages, warnings }, pictures }) => {
                let lengths = pictures.iter().map(String::len).collect();
                let answer = Answer::Drawn { pdf: bytes.len(), pages, warnings, pictures: lengths };
                let pictures = pictures.into_iter().map(String::into_bytes);
                (answer, std::iter::once(bytes).chain(pictures).collect())
            }
            Err(failure) if failure.kind() == Kind::Bug => {
                (Answer::Failed(failure.what().to_owned()), vec![])
            }
            Err(failure) => (Answer::Refused(failure.what().to_owned()), vec![]),
        };
        serde_json::to_writer(&mut to, &answer)?;
        to.write_all(b"\n")?;
        parts.iter().try_for_each(|part| to.write_all(part))?;
        to.flush()?;
    }
    Ok(())
}

fn lay_out(line: &str, typesetter: &mut Typesetter) -> Result<Drawn, Failure> {
    let Request { resume, template, paper } = serde_json::from_str(line).map_err(Failure::bug)?;
    let template = template.parse().map_err(Failure::bug)?;
    let paper = paper.parse().map_err(Failure::bug)?;
    typesetter.drawn(&resume, template, paper).map_err(untypeset)
}

/// See the module. One layout at a time.
#[derive(Default)]
pub(crate) struct LayoutProcess {
    running: Arc<Mutex<Option<Running>>>,
}

struct Running {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    used: Instant,
}

impl LayoutProcess {
    /// What the process is asked: to lay `resume` out, which has the shape of JSON Resume, and to draw its pages.
    pub(super) fn request(resume: Value, look: Look) -> Result<String, Failure> {
        let request = Request {
            resume,
            template: look.template.name().to_owned(),
            paper: look.paper.name().to_owned(),
        };
        Ok(serde_json::to_string(&request).map_err(Failure::bug)? + "\n")
    }

    /// Does what is asked.
    pub(super) async fn drawn(&self, request: &str) -> Result<Drawn, Failure> {
        let mut place = self.running.lock().await;
        let first = match place.take() {
            Some(waiting) => match waiting.exchange(request).await {
                Ok(done) => Some(done),
                // It may have been ended from outside while it waited.
                Err(Lost::Ended(_)) => None,
                Err(Lost::Silent(failure)) => return Err(failure),
            },
            None => None,
        };
        let (running, answer) = match first {
            Some(done) => done,
            None => Running::start()?.exchange(request).await.map_err(Lost::failure)?,
        };
        // After a failure the next one begins afresh: a layout that was given up may still be at work in there.
        *place = answer.is_ok().then_some(running);
        drop(place);
        self.end_when_idle();
        answer
    }

    fn end_when_idle(&self) {
        let running = Arc::downgrade(&self.running);
        tokio::spawn(async move {
            tokio::time::sleep(IDLE).await;
            end_if_idle(&running).await;
        });
    }
}

async fn end_if_idle(running: &Weak<Mutex<Option<Running>>>) {
    let Some(running) = running.upgrade() else { return };
    let mut place = running.lock().await;
    if place.as_ref().is_some_and(|it| it.used.elapsed() >= IDLE) {
        *place = None;
    }
}

type Exchanged = (Running, Result<Drawn, Failure>);

/// Why there is no answer.
enum Lost {
    /// The process has ended.
    Ended(Failure),
    /// It said nothing, and was ended.
    Silent(Failure),
}

impl Lost {
    fn failure(self) -> Failure {
        match self {
            Lost::Ended(failure) | Lost::Silent(failure) => failure,
        }
    }
}

impl Running {
    fn start() -> Result<Running, Failure> {
        let unable = |error| Failure::missing(format!("the layout's process cannot be started: {error}"));
        let mut child = Command::new(judge::this_binary())
            .arg0(MARK)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(unable)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(to), Some(from)) => {
                Ok(Running { child, to, from: BufReader::new(from), used: Instant::now() })
            }
            _ => Err(Failure::bug("the layout's process has no pipes")),
        }
    }

    /// One layout. A process that does not answer is ended.
    async fn exchange(mut self, request: &str) -> Result<Exchanged, Lost> {
        let answered = tokio::time::timeout(PATIENCE, self.answer(request)).await;
        let failed = |why: String| {
            Failure::bug(format!("the layout failed: {why}"))
                .hint("the résumé's text is safe; ask once more in ten seconds")
        };
        match answered {
            Err(_) => Err(Lost::Silent(failed(format!("nothing came for {} s", PATIENCE.as_secs())))),
            Ok(Err(error)) => {
                // Whoever closes the pipe without an answer has crashed, and ends in this moment.
                let ended = tokio::time::timeout(ENDING, self.child.wait()).await;
                Err(Lost::Ended(failed(match ended {
                    Ok(Ok(status)) => format!("its process ended ({status})"),
                    _ => error.to_string(),
                })))
            }
            Ok(Ok(answer)) => {
                self.used = Instant::now();
                Ok((self, answer))
            }
        }
    }

    async fn answer(&mut self, request: &str) -> std::io::Result<Result<Drawn, Failure>> {
        self.to.write_all(request.as_bytes()).await?;
        let mut line = String::new();
        self.from.read_line(&mut line).await?;
        Ok(match serde_json::from_str(&line)? {
            Answer::Drawn { pdf, pages, warnings, pictures } => {
                let bytes = self.part(pdf).await?;
                let mut drawn = Drawn { pdf: Pdf { bytes, pages, warnings }, pictures: Vec::new() };
                for length in pictures {
                    let picture = String::from_utf8(self.part(length).await?);
                    drawn.pictures.push(picture.map_err(std::io::Error::other)?);
                }
                Ok(drawn)
            }
            Answer::Refused(why) => Err(Failure::usage(why)),
            Answer::Failed(why) => Err(Failure::bug(why)),
        })
    }

    async fn part(&mut self, length: usize) -> std::io::Result<Vec<u8>> {
        let mut part = vec![0; length];
        self.from.read_exact(&mut part).await?;
        Ok(part)
    }
}
