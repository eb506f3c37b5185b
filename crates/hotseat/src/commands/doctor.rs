use std::process::ExitCode;

use anstream::println;
use judge::bench::{BIN_VARIABLE, Binaries, bench_dir, free_bytes, server_user};
use serde::Serialize;

use super::Options;
use crate::failure::Failure;
use crate::home::Home;
use crate::languages;
use crate::terminal::{BAD, GOOD};

/// What drills need in all: templates, copies and their write-ahead log, in bytes.
const ROOM_BYTES: u64 = 3_000_000_000;

#[derive(Serialize)]
struct Finding {
    what: &'static str,
    good: bool,
    found: String,
    next: Option<String>,
}

/// Looks at what drills need; exit code 4 when something is missing.
pub(super) async fn perform(options: &Options) -> Result<ExitCode, Failure> {
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
    if options.json {
        println!("{}", serde_json::json!({ "schema": 1, "good": good, "findings": findings }));
    } else {
        for finding in &findings {
            let (style, mark) = if finding.good { (GOOD, "good") } else { (BAD, "lacks") };
            println!("{style}{mark:<6}{style:#}{:<16}{}", finding.what, finding.found);
            if let Some(next) = &finding.next {
                println!("      next: {next}");
            }
        }
    }
    Ok(ExitCode::from(if good { 0 } else { 4 }))
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
    Finding { what: "disk", good, found: format!("{} MB free", free / 1_000_000), next }
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
