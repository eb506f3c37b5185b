//! One kind of error for people: what happened, where, and what to do next. One printer.

use std::fmt;
use std::process::ExitCode;

use anstream::eprintln;
use folder::Mistake;
use judge::JudgeError;
use judge::bench::BenchError;
use judge::evidence::EvidenceError;
use judge::submission::SubmissionError;
use load::{LoadError, MixError, RequestError, TargetError};
use study::store::StoreError;

use crate::terminal::{BAD, BOLD, DIM};

/// The run could not be judged: exit code 3.
pub(crate) const VOID: u8 = 3;
/// Somebody wanted us to end.
pub(crate) const INTERRUPTED: u8 = 130;

/// Whose turn it is to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The person who called: exit code 2.
    Usage,
    /// Something is missing on this machine: exit code 4.
    Missing,
    /// Our own fault: exit code 70.
    Bug,
    /// Ctrl-C or a signal: exit code 130.
    Interrupted,
}

/// Why a command did not do what was asked.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    kind: Kind,
    what: String,
    hints: Vec<String>,
}

impl Failure {
    pub(crate) fn usage(what: impl fmt::Display) -> Failure {
        Failure { kind: Kind::Usage, what: what.to_string(), hints: Vec::new() }
    }

    pub(crate) fn missing(what: impl fmt::Display) -> Failure {
        Failure { kind: Kind::Missing, what: what.to_string(), hints: Vec::new() }
    }

    pub(crate) fn bug(what: impl fmt::Display) -> Failure {
        Failure { kind: Kind::Bug, what: what.to_string(), hints: Vec::new() }
    }

    pub(crate) fn interrupted() -> Failure {
        Failure { kind: Kind::Interrupted, what: "interrupted; nothing was stored".into(), hints: Vec::new() }
    }

    /// Adds what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }

    /// The same without a part that says nothing to people, such as a folder that is gone.
    pub(crate) fn without(mut self, part: &str) -> Failure {
        self.what = self.what.replace(part, "");
        self
    }

    /// A file or folder that the operating system refused.
    pub(crate) fn io(path: &std::path::Path, error: &std::io::Error) -> Failure {
        use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
        let what = format!("{}: {error}", path.display());
        match error.kind() {
            PermissionDenied | ReadOnlyFilesystem => {
                Failure::missing(what).hint("make the folder writable, or set HOTSEAT_HOME to one that is")
            }
            StorageFull => Failure::missing(what).hint(FREE_SPACE),
            _ => Failure::usage(what),
        }
    }

    /// What happened.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// Whether somebody wanted us to end.
    pub(crate) fn is_interruption(&self) -> bool {
        self.kind == Kind::Interrupted
    }

    /// Whose turn it is.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// What to do next.
    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    fn code(&self) -> u8 {
        match self.kind {
            Kind::Usage => 2,
            Kind::Missing => 4,
            Kind::Bug => 70,
            Kind::Interrupted => INTERRUPTED,
        }
    }

    fn word(&self) -> &'static str {
        match self.kind {
            Kind::Usage => "usage",
            Kind::Missing => "missing",
            Kind::Bug => "bug",
            Kind::Interrupted => "interrupted",
        }
    }

    /// Prints it and gives the exit code.
    pub(crate) fn report(&self, json: bool) -> ExitCode {
        if json {
            let shape = serde_json::json!({
                "schema": 1, "error": {"kind": self.word(), "what": self.what, "next": self.hints}
            });
            std::println!("{shape}");
        }
        eprintln!("{BAD}error{BAD:#}: {}", self.what);
        for hint in &self.hints {
            eprintln!("  {BOLD}next{BOLD:#}: {hint}");
        }
        if self.kind == Kind::Bug {
            eprintln!("  {DIM}This is hotseat's own fault, not yours.{DIM:#}");
        }
        ExitCode::from(self.code())
    }
}

/// What to do about a full disk.
const FREE_SPACE: &str = "free some disk space, or set HOTSEAT_HOME to a folder on another disk";
/// What to do about a drill that contradicts itself.
const FOR_THE_AUTHOR: &str = "this is for the drill's author to mend; see docs/drills.md";

impl From<BenchError> for Failure {
    fn from(error: BenchError) -> Failure {
        let failure = if error.is_missing() { Failure::missing(&error) } else { Failure::bug(&error) };
        match error {
            BenchError::NoPostgres | BenchError::TooOld { .. } => failure
                .hint("Debian or Ubuntu: sudo apt-get install postgresql")
                .hint("Fedora: sudo dnf install postgresql-server postgresql-contrib; macOS: brew install postgresql@17")
                .hint("or name a folder of server binaries: HOTSEAT_POSTGRES_BIN=/path/to/bin"),
            BenchError::NotInNamedFolder { .. } => failure.hint("correct HOTSEAT_POSTGRES_BIN, or unset it"),
            BenchError::NoRedis => failure
                .hint("Debian, Ubuntu: sudo apt-get install redis-server")
                .hint("Fedora: sudo dnf install redis, or valkey"),
            BenchError::NoContrib => failure.hint("Fedora: sudo dnf install postgresql-contrib"),
            BenchError::NoServerUser => failure.hint("run hotseat as an ordinary user, or: sudo useradd --system postgres"),
            BenchError::NoSpace { .. } => failure.hint(FREE_SPACE),
            BenchError::Io { path, source } if failure.kind == Kind::Missing => Failure::io(&path, &source),
            BenchError::Seed { .. } => {
                Failure::usage(format!("the drill is at fault: {error}")).hint(FOR_THE_AUTHOR)
            }
            BenchError::Sql { ref refusal, .. } if refusal.is_damage() => {
                failure.hint("run it again: hotseat makes its PostgreSQL data anew")
            }
            // Both are missing something only when the disk is full.
            BenchError::Sql { .. } | BenchError::ServerFailed { .. } if failure.kind == Kind::Missing => {
                failure.hint(FREE_SPACE)
            }
            BenchError::ServerFailed { ref log, .. } => failure.hint(format!("its whole log: {}", log.display())),
            _ => failure,
        }
    }
}

impl From<JudgeError> for Failure {
    fn from(error: JudgeError) -> Failure {
        match error {
            JudgeError::Bench(error) => error.into(),
            error @ JudgeError::Drill(_) => Failure::usage(error).hint(FOR_THE_AUTHOR),
            JudgeError::Evidence(error) if error.is_missing() => Failure::missing(error).hint(FREE_SPACE),
            other => Failure::bug(other),
        }
    }
}

/// While a drill is judged, evidence is our own affair; that of a load lies where the caller wants it.
impl From<EvidenceError> for Failure {
    fn from(error: EvidenceError) -> Failure {
        match error {
            error if error.is_missing() => {
                Failure::missing(error).hint("free some disk space, or leave the evidence out: --no-evidence")
            }
            EvidenceError::Exists { .. } | EvidenceError::Io { .. } | EvidenceError::Write { .. } => {
                Failure::usage(error)
            }
            other => Failure::bug(other),
        }
    }
}

impl From<TargetError> for Failure {
    fn from(error: TargetError) -> Failure {
        let remote = matches!(error, TargetError::Remote(_));
        let failure = Failure::usage(error);
        if remote { failure.hint("add --remote if that server is yours to load") } else { failure }
    }
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Failure {
        Failure::usage(error)
    }
}

impl From<MixError> for Failure {
    fn from(error: MixError) -> Failure {
        match error {
            MixError::Request { source, .. } => source.into(),
            MixError::Blank { blank, .. } => Failure::usage(format!("${{{blank}}} has no meaning"))
                .hint("${index} is the request's number, ${draw:100} a number below 100")
                .hint("put them between single quotes, or the shell takes them"),
            MixError::Empty => Failure::bug(error),
        }
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Failure {
        match error {
            LoadError::Plan(_) => Failure::usage(error),
            LoadError::System { .. } => Failure::missing(error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        match error {
            StoreError::Query { .. } => Failure::bug(error),
            error if error.is_missing() => Failure::missing(error),
            error => Failure::usage(error),
        }
    }
}

impl From<SubmissionError> for Failure {
    fn from(error: SubmissionError) -> Failure {
        Failure::usage(error)
    }
}

impl From<Vec<Mistake>> for Failure {
    fn from(mistakes: Vec<Mistake>) -> Failure {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        Failure::usage(format!("the pack has mistakes:\n{}", lines.join("\n")))
    }
}

impl From<Mistake> for Failure {
    fn from(mistake: Mistake) -> Failure {
        Failure::from(vec![mistake])
    }
}
