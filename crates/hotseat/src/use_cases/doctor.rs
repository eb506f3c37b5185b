//! What this machine has and lacks for drills.

use judge::bench::{BIN_VARIABLE, Binaries, bench_dir, free_bytes, server_user};
use serde::Serialize;
use utoipa::ToSchema;

use crate::home::Home;
use crate::languages;

/// What drills need in all: templates, copies and their write-ahead log, in bytes.
const ROOM_BYTES: u64 = 3_000_000_000;

/// What a look at this machine has found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Doctor {
    /// The version of this shape.
    pub schema: u32,
    /// Whether nothing is missing.
    pub good: bool,
    pub findings: Vec<Finding>,
}

/// One thing that drills need.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DoctorFinding)]
pub(crate) struct Finding {
    /// What was looked for.
    pub what: &'static str,
    pub good: bool,
    /// What is there, or what is wrong.
    pub found: String,
    /// What to do about it, or null.
    pub next: Option<String>,
}

/// Looks at what drills need.
pub(crate) async fn examine() -> Doctor {
    let home = Home::open();
    let mut findings = vec![postgres(), user(), languages(), sandbox().await];
    match &home {
        Ok(home) => {
            let found =
                format!("{} (the server's files: {})", home.dir.display(), bench_dir(&home.dir).display());
            findings.push(Finding { what: "data directory", good: true, found, next: None });
            findings.push(room(home));
        }
        Err(failure) => findings.push(Finding {
            what: "data directory",
            good: false,
            found: failure.what().to_string(),
            next: Some("set HOTSEAT_HOME to a folder that you can write to".into()),
        }),
    }
    let good = findings.iter().all(|f| f.good);
    Doctor { schema: 1, good, findings }
}

fn postgres() -> Finding {
    let what = "PostgreSQL";
    match Binaries::find() {
        Ok(binaries) => {
            let found = format!("{} in {}", binaries.version, binaries.dir.display());
            Finding { what, good: true, found, next: None }
        }
        Err(error) => {
            let next = format!(
                "sudo apt-get install postgresql (Debian, Ubuntu), or set {BIN_VARIABLE} to a folder of server binaries"
            );
            Finding { what, good: false, found: error.to_string(), next: Some(next) }
        }
    }
}

fn user() -> Finding {
    let what = "server's user";
    match server_user() {
        Ok(None) => Finding { what, good: true, found: "you".into(), next: None },
        Ok(Some(user)) => {
            Finding { what, good: true, found: format!("{} (you are root)", user.name), next: None }
        }
        Err(error) => {
            let next = Some("run hotseat as an ordinary user, or: useradd --system postgres".into());
            Finding { what, good: false, found: error.to_string(), next }
        }
    }
}

fn room(home: &Home) -> Finding {
    let free = free_bytes(&bench_dir(&home.dir)).unwrap_or(u64::MAX);
    let good = free >= ROOM_BYTES;
    let next = (!good)
        .then(|| format!("free {} MB, or set HOTSEAT_HOME to another disk", (ROOM_BYTES - free) / 1_000_000));
    Finding { what: "disk", good, found: format!("{:.1} GB free", free as f64 / 1e9), next }
}

/// Programs can be handed in in any language; these are the ones that drills begin in.
fn languages() -> Finding {
    let all = languages::all();
    let names = |there: bool| {
        let names = all.iter().filter(|it| it.missing.is_empty() == there).map(|it| it.name);
        names.collect::<Vec<_>>().join(", ")
    };
    let next = all.iter().find(|it| !it.missing.is_empty()).map(|_| {
        let hints = all.iter().filter(|it| !it.missing.is_empty());
        let hint =
            |it: &languages::Language| format!("{} needs {}: {}", it.name, it.missing.join(", "), it.install);
        format!("for drills in other languages: {}", hints.map(hint).collect::<Vec<_>>().join("; "))
    });
    let runs = names(true);
    let found = if runs.is_empty() { "none that drills begin in".into() } else { format!("{runs} run here") };
    Finding { what: "languages", good: !runs.is_empty(), found, next }
}

/// What keeps a learner's program from the rest of the machine.
async fn sandbox() -> Finding {
    let what = "sandbox";
    match judge::sandbox::probe(None).await {
        Ok(probe) => Finding { what, good: true, found: probe.to_string(), next: None },
        Err(error) => {
            let next = Some("drills that run programs are void here; the others are not touched".into());
            Finding { what, good: false, found: error.to_string(), next }
        }
    }
}
