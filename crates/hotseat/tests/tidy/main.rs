//! The house rules that a machine can check, as tests over the repository itself.
//!
//! Each test names every breach, where it is, and what to do about it. The matching is crude on purpose: it
//! blanks comments and strings and then looks for words and braces.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

use reading::{code_only, excused_above, item_end, line_of, permitted, prose, without_tests, words};

mod reading;

const FILE_LINES_MAX: usize = 400;
const FUNCTION_LINES_MAX: usize = 70;
const FILE_BYTES_MAX: usize = 1024 * 1024;
const LONG_BECAUSE: &str = "// tidy: long because";

/// Stems of American spellings; what is quoted as code or written in capitals (SQL's words) is left alone.
const AMERICAN: &str = "analyz behavior canceled center color favor honor initializ labeled materializ maximiz \
    minimiz modeling neighbor optimiz organiz realiz recogniz summariz synchroniz unauthoriz utiliz";

// --- the rules ---------------------------------------------------------------------------------------

#[test]
fn rust_files_are_short() {
    let breaches = RUST.iter().filter_map(|file| {
        let excused = file.text.lines().take(10).any(|line| line.contains(LONG_BECAUSE));
        let lines = file.text.lines().count();
        (lines > FILE_LINES_MAX && !excused).then(|| format!("{}: {lines} lines", file.path))
    });
    tidy(
        &format!(
            "A Rust file has at most {FILE_LINES_MAX} lines. Split it, or say at its top `{LONG_BECAUSE} …`"
        ),
        breaches,
    );
}

#[test]
fn functions_fit_a_screen() {
    let breaches = RUST.iter().flat_map(|file| {
        words(&file.code, "fn").into_iter().filter_map(|at| {
            let named = file.code[at + 2..].trim_start().starts_with(|c: char| c.is_alphabetic() || c == '_');
            let (first, last) = (line_of(&file.code, at), line_of(&file.code, item_end(&file.code, at)));
            let lines = last - first + 1;
            (named && lines > FUNCTION_LINES_MAX && !excused_above(&file.text, first))
                .then(|| format!("{}:{first}: {lines} lines", file.path))
        })
    });
    tidy(
        &format!(
            "A function has at most {FUNCTION_LINES_MAX} lines. Split it, or say above it `{LONG_BECAUSE} …`"
        ),
        breaches,
    );
}

#[test]
fn nothing_is_left_for_later() {
    let macros = RUST.iter().flat_map(|file| {
        ["todo!", "unimplemented!", "dbg!", "#[ignore"]
            .into_iter()
            .flat_map(|word| file.places(&file.code, word))
    });
    let notes = TEXTS.iter().flat_map(|file| file.places(&file.text, concat!("FIX", "ME")));
    tidy(
        "Finish it, delete it, or file an issue; a test that is left out tests nothing",
        macros.chain(notes),
    );
}

#[test]
fn production_code_does_not_unwrap() {
    let breaches = RUST
        .iter()
        .filter(|file| file.is_production())
        .flat_map(|file| file.places(&file.production, ".unwrap()"));
    tidy("Return an error, or say why it cannot happen: `.expect(\"the reason\")`", breaches);
}

#[test]
fn tests_do_not_sleep() {
    let breaches = RUST.iter().flat_map(|file| {
        let code = if file.is_production() { &file.tests } else { &file.code };
        file.places(code, "sleep")
    });
    tidy("A test that sleeps is slow or flaky, or both. Wait for the event itself, with a limit", breaches);
}

#[test]
fn the_judge_knows_no_learner_and_no_terminal() {
    let judge =
        METADATA["packages"].as_array().into_iter().flatten().find(|package| package["name"] == "judge");
    let rooms = judge.expect("crates/judge exists")["dependencies"].as_array().into_iter().flatten();
    let rooms = rooms
        .filter(|room| room["name"] == "study" || room["name"] == "hotseat")
        .map(|room| format!("crates/judge/Cargo.toml: {}", room["name"]));
    let prints = RUST.iter().filter(|file| file.path.starts_with("crates/judge/src/")).flat_map(|file| {
        ["println!", "eprintln!", "print!", "eprint!"]
            .into_iter()
            .flat_map(|word| file.places(&file.production, word))
    });
    tidy(
        "judge knows drills and components only: hand the facts to hotseat, which shows them",
        rooms.chain(prints),
    );
}

#[test]
fn text_files_are_clean() {
    let homes = [concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/wo", "rk/"), concat!("/Us", "ers/")];
    let mut breaches = Vec::new();
    for file in TEXTS.iter() {
        for (index, line) in file.text.lines().enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                breaches.push(format!("{}:{}: white space at the end of the line", file.path, index + 1));
            }
            let starts_a_path =
                |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}~)".contains(c));
            if homes.iter().any(|home| line.match_indices(home).any(|(at, _)| starts_a_path(at))) {
                breaches.push(format!("{}:{}: a path of one machine", file.path, index + 1));
            }
        }
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            breaches.push(format!("{}: no newline at the end", file.path));
        }
    }
    tidy("Text files hold no stray white space and nothing of the machine they were written on", breaches);
}

#[test]
fn no_file_is_dead() {
    let breaches = FILES.iter().filter_map(|path| {
        let [_, room, _] = *path.splitn(3, '/').collect::<Vec<_>>() else { return None };
        let inside = path.strip_prefix(&format!("crates/{room}/src/"))?;
        let named = match inside.strip_suffix(".rs") {
            None => mentioned(room, inside.rsplit('/').next().unwrap_or(inside)),
            Some("main" | "lib") => true,
            Some(module) => module.starts_with("bin/") || declared(room, module),
        };
        (!named).then(|| path.clone())
    });
    tidy("Nothing leads to this file: declare it with `mod`, include it, or delete it", breaches);
}

#[test]
fn drills_are_complete() {
    let mut drills: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in FILES.iter().filter(|path| path.starts_with("packs/")) {
        if let [_, _, "drills", _, inside] = *path.splitn(5, '/').collect::<Vec<_>>() {
            drills.entry(&path[..path.len() - inside.len() - 1]).or_default().push(inside);
        }
    }
    let breaches = drills.into_iter().flat_map(|(drill, files)| {
        missing_in(drill, &files).into_iter().map(move |what| format!("{drill}: {what}"))
    });
    tidy("docs/drills.md says what a drill's folder holds", breaches);
}

#[test]
fn files_are_small() {
    let breaches = FILES.iter().filter_map(|path| {
        let bytes = std::fs::metadata(ROOT.join(path)).map_or(0, |metadata| metadata.len());
        (bytes > FILE_BYTES_MAX as u64).then(|| format!("{path}: {bytes} bytes"))
    });
    tidy("No file is larger than 1 MiB: generate it, or fetch it where it is needed", breaches);
}

#[test]
fn prose_is_british() {
    // Answers by others stand as they were given.
    let ours = |file: &&Text| file.path.ends_with(".md") && !file.path.contains("/blind-");
    let breaches = TEXTS.iter().filter(ours).flat_map(|file| {
        prose(&file.text).into_iter().flat_map(move |(line, text)| {
            let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| {
                *word != word.to_uppercase()
                    && AMERICAN.split_whitespace().any(|stem| word.to_lowercase().starts_with(stem))
            });
            words.map(|word| format!("{}:{line}: {word}", file.path)).collect::<Vec<_>>()
        })
    });
    tidy("We write British English (behaviour, optimise); put names of code between backticks", breaches);
}

#[test]
fn dependencies_may_come_in() {
    let deny = std::fs::read_to_string(ROOT.join("deny.toml")).expect("deny.toml can be read");
    let entries = |start: &str| {
        let list =
            deny.split_once(start).expect("deny.toml has the list").1.split("\n]").next().unwrap_or_default();
        list.lines().filter_map(|line| line.split('"').nth(1).map(str::to_owned)).collect::<BTreeSet<_>>()
    };
    let (allowed, banned) = (entries("\nallow = ["), entries("\ndeny = ["));
    let packages = METADATA["packages"].as_array().expect("cargo metadata lists packages");
    let breaches = packages.iter().flat_map(|package| {
        let name = package["name"].as_str().unwrap_or_default();
        let license = package["license"].as_str().unwrap_or("none");
        let source = package["source"].as_str().unwrap_or("registry+, as it is one of ours");
        let checks = [
            (permitted(license, &allowed), format!("{name}: licence {license}")),
            (!banned.contains(name), format!("{name}: banned")),
            (source.starts_with("registry+"), format!("{name}: comes from {source}, not from the registry")),
        ];
        checks.into_iter().filter(|(fine, _)| !fine).map(|(_, breach)| breach)
    });
    tidy("deny.toml says which dependencies may come in, and why. Take another, or amend it there", breaches);
}

// --- the repository ----------------------------------------------------------------------------------

static ROOT: LazyLock<PathBuf> = LazyLock::new(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."));
/// What git tracks or would track, from the root, with `/` between.
static FILES: LazyLock<Vec<String>> = LazyLock::new(files);
static TEXTS: LazyLock<Vec<Text>> =
    LazyLock::new(|| FILES.iter().filter_map(|path| Text::read(path)).collect());
static RUST: LazyLock<Vec<&Text>> =
    LazyLock::new(|| TEXTS.iter().filter(|file| file.path.ends_with(".rs")).collect());
static METADATA: LazyLock<Value> = LazyLock::new(metadata);

struct Text {
    path: String,
    text: String,
    /// The text without comments and strings, line for line; of Rust files only, as are the next two.
    code: String,
    /// The code without what is for tests.
    production: String,
    /// The code that is for tests.
    tests: String,
}

impl Text {
    /// A file that is no text is none of our business.
    fn read(path: &str) -> Option<Text> {
        let text = String::from_utf8(std::fs::read(ROOT.join(path)).ok()?).ok()?;
        let code = if path.ends_with(".rs") { code_only(&text) } else { String::new() };
        let (production, tests) = without_tests(&code);
        (!text.contains('\0')).then(|| Text { path: path.to_owned(), text, code, production, tests })
    }

    fn is_production(&self) -> bool {
        self.path.starts_with("crates/")
            && self.path.contains("/src/")
            && !self.path.ends_with("/tests.rs")
            && !self.path.contains("/tests/")
    }

    fn places(&self, within: &str, word: &str) -> Vec<String> {
        let found = words(within, word).into_iter();
        found.map(|at| format!("{}:{}: {word}", self.path, line_of(within, at))).collect()
    }
}

fn tidy(rule: &str, breaches: impl IntoIterator<Item = String>) {
    let breaches: Vec<String> = breaches.into_iter().collect();
    assert!(breaches.is_empty(), "{rule}:\n  {}\n", breaches.join("\n  "));
}

fn files() -> Vec<String> {
    let git = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").current_dir(&*ROOT).args(git).output();
    let mut paths = match listed {
        Ok(output) if ROOT.join(".git").exists() && output.status.success() => {
            let names = String::from_utf8_lossy(&output.stdout).into_owned();
            names.split('\0').filter(|path| ROOT.join(path).is_file()).map(str::to_owned).collect()
        }
        _ => {
            eprintln!(
                "git lists no files here: every file is looked at, but for `target` and hidden folders"
            );
            let mut paths = Vec::new();
            walk(&ROOT, "", &mut paths);
            paths
        }
    };
    paths.sort();
    paths
}

fn walk(folder: &Path, prefix: &str, paths: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && name != "target" && !name.starts_with('.') => {
                walk(&entry.path(), &format!("{prefix}{name}/"), paths);
            }
            Ok(kind) if kind.is_file() => paths.push(format!("{prefix}{name}")),
            _ => {}
        }
    }
}

/// The packages that this machine's build uses, as cargo resolved them.
fn metadata() -> Value {
    let cargo = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO")).current_dir(&*ROOT).args(arguments).output().expect("cargo runs");
        assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("cargo prints UTF-8")
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("cargo names its host");
    let json = cargo(&["metadata", "--format-version", "1", "--locked", "--filter-platform", host]);
    serde_json::from_str(&json).expect("cargo metadata is JSON")
}

/// Is there a `mod` for `drill/manifest` in `drill.rs`, or for `drill` in `lib.rs` or `main.rs`?
fn declared(room: &str, module: &str) -> bool {
    let module = module.strip_suffix("/mod").unwrap_or(module);
    let (parents, name) = match module.rsplit_once('/') {
        Some((parent, name)) => (vec![format!("{parent}.rs"), format!("{parent}/mod.rs")], name),
        None => (vec!["lib.rs".to_owned(), "main.rs".to_owned()], module),
    };
    let parents: Vec<String> = parents.iter().map(|parent| format!("crates/{room}/src/{parent}")).collect();
    RUST.iter().any(|file| parents.contains(&file.path) && file.code.contains(&format!("mod {name};")))
}

fn mentioned(room: &str, name: &str) -> bool {
    let room = format!("crates/{room}/");
    RUST.iter().any(|file| file.path.starts_with(&room) && file.text.contains(name))
}

fn missing_in(drill: &str, files: &[&str]) -> Vec<String> {
    // How many folders lie that deep below `parent` and hold something.
    let folders = |parent: &str, depth: usize| {
        let inside = files.iter().filter_map(|path| path.strip_prefix(parent)?.rsplit_once('/'));
        let folders = inside.map(|(folder, _)| folder.split('/').take(depth).collect::<Vec<_>>());
        folders.filter(|folder| folder.len() == depth).collect::<BTreeSet<_>>().len()
    };
    let hints = std::fs::read_to_string(ROOT.join(drill).join("hints.md")).unwrap_or_default();
    let mut missing: Vec<String> = ["drill.toml", "brief.md", "hints.md", "debrief.md"]
        .into_iter()
        .filter(|name| !files.contains(name))
        .map(|name| format!("no {name}"))
        .collect();
    let counts = [
        ("checks/*.sql", files.iter().filter(|path| path.starts_with("checks/")).count(), 1),
        ("files in starter/", files.iter().filter(|path| path.starts_with("starter/")).count(), 1),
        ("solutions", folders("solutions/", 1), 2),
        ("wrong answers", folders("wrong/", 2), 6),
        ("rungs (`## `) in hints.md", hints.lines().filter(|line| line.starts_with("## ")).count(), 4),
    ];
    missing.extend(
        counts
            .iter()
            .filter(|(_, got, need)| got < need)
            .map(|(what, got, need)| format!("{got} {what}, not {need}")),
    );
    missing
}
