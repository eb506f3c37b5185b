//! Packs with mistakes: `pack check` names each with file and line and says what to write instead.
//! Packs that mean harm: they reach nothing, and judge nobody.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{RIGHT_INDEX, Ran, Ruled, TestHome, copy_folder, tiny_pack};

/// A copy of the pack of the tests, to be spoilt.
struct Pack {
    home: TestHome,
    dir: PathBuf,
}

impl Pack {
    fn new() -> Pack {
        Pack::at(TestHome::new())
    }

    fn at(home: TestHome) -> Pack {
        let dir = home.work().join("pack");
        copy_folder(&tiny_pack(), &dir);
        Pack { home, dir }
    }

    /// A file of the drill `tiny`.
    fn file(&self, name: &str) -> PathBuf {
        self.dir.join("drills/tiny").join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("the pack is ours");
        fs::write(path, content).expect("the pack is ours");
    }

    /// Puts one text in the place of another, which must be there.
    fn replace(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.file(name)).expect("it is there");
        assert!(text.contains(from), "{name} has no `{from}`");
        self.write(name, text.replacen(from, to, 1));
    }

    fn check(&self) -> Ran {
        self.home.hotseat(["pack", "check", &self.dir.display().to_string()])
    }

    /// The line on which this stands, to compare with messages.
    fn line(&self, name: &str, words: &str) -> usize {
        let text = fs::read_to_string(self.file(name)).expect("it is there");
        let above = text.find(words).unwrap_or_else(|| panic!("{name} has no `{words}`"));
        text[..above].matches('\n').count() + 1
    }
}

/// A text is replaced in a file; the message then names that place, or the other one given.
struct Mistake {
    file: &'static str,
    from: &'static str,
    to: &'static str,
    /// The words on the line that the message must name; empty when it names the file alone.
    at: &'static str,
    says: &'static str,
}

const fn mistake(
    file: &'static str,
    from: &'static str,
    to: &'static str,
    at: &'static str,
    says: &'static str,
) -> Mistake {
    Mistake { file, from, to, at, says }
}

/// Judges each mistake by itself, and names all that are not told as they should be.
#[track_caller]
fn are_named(mistakes: &[Mistake]) {
    let mut untold = Vec::new();
    for it in mistakes {
        let pack = Pack::new();
        pack.replace(it.file, it.from, it.to);
        let line = if it.at.is_empty() { String::new() } else { format!(":{}", pack.line(it.file, it.at)) };
        let place = format!("drills/tiny/{}{line}: ", it.file);
        let ran = pack.check();
        let told = ran.stdout.lines().any(|line| line.contains(&place) && line.contains(it.says));
        if ran.code != Some(1) || !told {
            untold.push(format!("expected `{place}… {} …` for `{}`, got\n{ran}", it.says, it.to));
        }
    }
    assert!(untold.is_empty(), "{}", untold.join("\n\n"));
}

#[test]
fn the_pack_that_is_spoilt_here_has_no_mistakes() {
    Pack::new().check().exits_with(0).says(&["no mistakes", "2 drills"]);
}

#[test]
fn mistakes_of_a_manifest_are_named_with_their_line() {
    const TOML: &str = "drill.toml";
    const STATE: &str = "run = \"probe/state.sql\"";
    are_named(&[
        mistake(TOML, "minutes = 5", "minutes = five", "minutes", ""),
        mistake(TOML, "minutes = 5\n", "", "format = 1", "minutes"),
        mistake(TOML, "hang_s", "hang", "hang = ", "hang"),
        mistake(TOML, "format = 1", "format = 2", "format", "format 2 is not known"),
        mistake(TOML, "kind = \"postgres\"", "kind = \"mysql\"", "mysql", "there are: postgres, redis"),
        mistake(TOML, "\"seed.sql\"", "\"sead.sql\"", "sead", "`sead.sql` is missing"),
        mistake(TOML, "takes = \"script\"", "takes = \"csv\"", "csv", "program or document"),
        mistake(TOML, "file = \"schema.sql\"", "file = \"../schema.sql\"", "../", "plain name"),
        mistake(TOML, "\"plain-index\"", "\"no-index\"", "no-index", "covering-index, plain-index"),
        mistake(TOML, "slots = [\"schema\"]", "slots = [\"scheme\"]", "scheme\"", "there are: query, schema"),
        mistake(TOML, "on = \"store\"\nsql", "on = \"shop\"\nsql", "shop", "there are: store"),
        mistake(TOML, "\"load/shelves.sql\"", "\"load/x.sql\"", "load/x", "`load/x.sql` is missing"),
        mistake(TOML, "each = \"shelves\"", "each = \"selves\"", "selves", "there are: shelves"),
        mistake(TOML, "mode = \"plan\"", "mode = \"plans\"", "\"plans\"", "plan"),
        mistake(TOML, "only = \"par\"", "only = \"reference\"", "reference", "knows `par`"),
        mistake(TOML, "{ probe = \"answers\" }", "{ probe = \"answer\" }", "\"answer\"", "there is no probe"),
        mistake(TOML, "{ probe = \"answers\" }", "{}", "  {}", "probe and start"),
        mistake(TOML, "\"load/changes.sql\", on = \"store\"", "\"load/changes.sql\"", "changes", "on = "),
        mistake(
            TOML,
            "decides = [\"few-blocks\"]",
            "decides = [\"few-block\"]",
            "few-block\"",
            "checks/few-block.sql",
        ),
        mistake(
            TOML,
            "decides = [\"few-blocks\"]",
            "decides = [\"same-rows\"]",
            "decides = [\"same-rows\"]\n\n[[phases]]\nname = \"the store",
            "earlier phase",
        ),
        mistake(TOML, "[probes.state]", "[probes.shelves]", STATE, "both called `shelves`"),
        mistake(TOML, "[probes.state]", "[probes.ops]", STATE, "has a table `ops` already"),
    ]);
}

#[test]
fn a_file_beside_the_wrong_answers_is_named() {
    let pack = Pack::new();
    pack.write("wrong/few-blocks/notes.md", "not here");
    pack.write("solutions/notes.md", "nor here");
    let ran = pack.check();
    ran.exits_with(1).says(&["wrong/few-blocks/notes.md", "solutions/notes.md", "solutions/<way>/"]);
}

#[test]
fn mistakes_of_a_check_are_named_with_their_line() {
    const CHECK: &str = "checks/few-blocks.sql";
    are_named(&[
        mistake(CHECK, "-- claim: An", "-- An", "-- An", "claim is missing"),
        mistake(CHECK, "few blocks.", "few blocks", "claim", "full stop"),
        mistake(CHECK, "need: at most", "need: under", "under", "`at most`, `at least` or `exactly`"),
        mistake(CHECK, "-- unit: blocks", "-- unit:", "unit", "name what is counted"),
        mistake(CHECK, "AS got", "AS found", "SELECT (", "no column `got`"),
        mistake(
            CHECK,
            "max(blocks) FROM plan_costs) AS got",
            "max(blocs) FROM plan_costs) AS got",
            "blocs",
            "blocs",
        ),
        mistake(CHECK, "JOIN shelves", "JOIN shelfs", "shelfs", "no such table: shelfs"),
        mistake(CHECK, "WHERE blocks >", "WERE blocks >", "WERE", "syntax error"),
        mistake(CHECK, "-- counterexamples:", "-- examples:", "examples:", "no part of a check"),
        mistake(CHECK, "-- needs:", "-- unless:\nSELECT nobody FROM delays;\n-- needs:", "nobody", "nobody"),
        mistake(CHECK, "-- needs:", "-- figure:", "-- figure:\nSELECT 'no plan", "there twice"),
        mistake(CHECK, "-- figure:\n", "-- figure: SELECT 1\n", "figure:", "begin it on the next line"),
        mistake(
            CHECK,
            "(SELECT max(blocks) FROM plan_costs) AS got",
            ":seed AS got",
            "SELECT (SELECT 2",
            "no variables in a check",
        ),
    ]);
}

#[test]
fn mistakes_of_texts_and_scripts_are_named_with_their_line() {
    are_named(&[
        mistake("seed.sql", "repeat('x', 1000)", "repeat('x, 1000)", "repeat", "never ends"),
        mistake("load/changes.sql", "UPDATE", "\\echo hello\nUPDATE", "\\echo", "psql"),
        mistake("brief.md", "## The task", "## Task", "", "`## The task` is missing"),
        mistake("hints.md", "## Think", "### Think", "", "at least 4"),
        mistake("hints.md", "What would find it without reading everything?", "", "## Think", "says nothing"),
        mistake("debrief.md", "4. What", "What", "## Follow-up", "numbered list of 4"),
        mistake(
            "debrief.md",
            "{{few-blocks.par}}",
            "{{few-block.par}}",
            "few-block.par",
            "no check `few-block`",
        ),
        mistake("debrief.md", "{{few-blocks.par}}", "{{few-blocks}}", "{{few-blocks}}", "quotes nothing"),
        mistake("debrief.md", "FROM answers", "FROM answer", "FROM answer", "no such table"),
    ]);
}

#[test]
fn files_that_are_missing_or_too_many_are_named() {
    let without = |file: &str, says: &[&str]| {
        let pack = Pack::new();
        let path = pack.file(file);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("it is there");
        pack.check().exits_with(1).says(says);
    };
    without("drill.toml", &["tiny/drill.toml: this file is missing"]);
    without("brief.md", &["tiny/brief.md: this file is missing"]);
    without("starter/query.sql", &["tiny/starter", "query.sql"]);
    without("solutions/plain-index", &["tiny/solutions", "two solutions or more"]);
    without("wrong/same-rows", &["tiny/checks/same-rows.sql", "wrong/same-rows/"]);
    let with = |file: &str, content: &[u8], says: &[&str]| {
        let pack = Pack::new();
        pack.write(file, content);
        pack.check().exits_with(1).says(says);
    };
    with("starter/notes.txt", b"stray", &["tiny/starter/notes.txt", "no slot takes this file"]);
    with("wrong/no-such-check/how/schema.sql", b"", &["tiny/wrong/no-such-check", "no check of this name"]);
    with("checks/runs.sql", b"", &["tiny/checks/runs.sql", "built in"]);
    with(
        "checks/undecided.sql",
        &fs::read(Pack::new().file("checks/few-blocks.sql")).expect("it is there"),
        &["tiny/checks/undecided.sql", "no phase decides this check"],
    );
    with("seed.sql", b"-- fine\n\xff\n", &["tiny/seed.sql:2", "not UTF-8"]);
}

#[test]
fn what_is_no_pack_is_told_apart() {
    let home = TestHome::new();
    let folder = home.work().join("no-pack");
    fs::create_dir(&folder).expect("it is new");
    let check = || home.hotseat(["pack", "check", &folder.display().to_string()]);
    check().exits_with(2).says(&["pack.toml", "missing", "docs/drills.md"]);
    fs::write(folder.join("pack.toml"), "format = 9").expect("it is ours");
    check().exits_with(2).says(&["pack.toml", "format = 1"]);
    fs::write(folder.join("pack.toml"), "format = ").expect("it is ours");
    check().exits_with(2).says(&["pack.toml"]);
    fs::write(folder.join("pack.toml"), "format = 1\nname = \"x\"\ntitle = \"x\"\n").expect("it is ours");
    check().exits_with(1).says(&["there are no drills and no questions here"]);
    home.hotseat(["pack", "check", "/nowhere"]).exits_with(2).says(&["/nowhere"]);
}

#[test]
fn all_mistakes_are_told_at_once_and_as_json() {
    let pack = Pack::new();
    pack.replace("drill.toml", "takes = \"script\"", "takes = \"csv\"");
    pack.replace("brief.md", "## The task", "## Task");
    let ran = pack.home.hotseat(["pack", "check", &pack.dir.display().to_string(), "--json"]).exits_with(1);
    let json = ran.json();
    assert_eq!(json["schema"], 1);
    assert_eq!(json["drills"].as_array().map(Vec::len), Some(2));
    let mistakes = json["mistakes"].as_array().expect("it is a list");
    assert_eq!(mistakes.len(), 2, "{json:#}");
    assert!(mistakes.iter().all(|it| it["file"].is_string() && it["what"].is_string()), "{json:#}");
    // A drill with mistakes is never judged by; the other one is not held up.
    let dir = pack.dir.display().to_string();
    pack.home
        .hotseat(["drill", "start", "tiny", "x", "--pack", &dir])
        .exits_with(2)
        .says(&["csv", "drill.toml:"]);
    pack.home.hotseat(["drill", "start", "tiny-load", "y", "--pack", &dir]).exits_with(0);
}

// --- packs that mean harm ----------------------------------------------------------------------------

#[test]
fn links_devices_and_floods_are_no_part_of_a_pack() {
    let refused = |spoil: &dyn Fn(&Path), says: &[&str]| {
        let pack = Pack::new();
        spoil(&pack.file(""));
        pack.check().exits_with(2).says(says);
    };
    let link = |to: &'static str| {
        move |dir: &Path| std::os::unix::fs::symlink(to, dir.join("given/x")).expect("it is new")
    };
    refused(&link("/etc/passwd"), &["given/x", "only plain files"]);
    refused(&link("/"), &["given/x", "only plain files"]);
    let pipe = |dir: &Path| {
        nix::unistd::mkfifo(&dir.join("given/x"), nix::sys::stat::Mode::S_IRWXU).expect("it is new")
    };
    refused(&pipe, &["given/x", "only plain files"]);
    let big = |dir: &Path| fs::write(dir.join("given/x"), vec![b'x'; 1024 * 1024 + 1]).expect("it is new");
    refused(&big, &["given/x", "1048577 bytes"]);
}

#[test]
fn a_check_only_reads() {
    const CHECK: &str = "checks/few-blocks.sql";
    const EXAMPLES: &str = "SELECT shelf, mode, blocks";
    let refused = |sql: &'static str, says: &'static str| {
        let pack = Pack::new();
        let text = fs::read_to_string(pack.file(CHECK)).expect("it is there");
        let (kept, _) = text.split_once(EXAMPLES).expect("it has counterexamples");
        pack.write(CHECK, format!("{kept}{sql}"));
        println!("{sql}");
        pack.check().exits_with(1).says(&["tiny/checks/few-blocks.sql:", says]);
        assert!(!pack.home.work().join("stolen").exists(), "{sql}");
    };
    refused("ATTACH 'stolen' AS stolen;", "open another file");
    refused("DELETE FROM plans;", "change `plans`");
    refused("DROP TABLE ops;", "only reads");
    refused("PRAGMA journal_mode = DELETE;", "pragma");
    refused("SELECT load_extension('libc.so.6');", "load_extension");
    refused("SELECT writefile('stolen', 'x');", "writefile");
    refused("SELECT random();", "differs from one judging to the next");
    refused("SELECT 1; SELECT 2;", "more than one statement");
}

/// A workspace of the pack's `tiny` with the right index.
fn workspace_of(pack: &Pack) -> String {
    let (dir, shown) = (pack.dir.display().to_string(), pack.home.work().join("w").display().to_string());
    pack.home.hotseat(["drill", "start", "tiny", &shown, "--pack", &dir]).exits_with(0);
    fs::write(pack.home.work().join("w/schema.sql"), RIGHT_INDEX).expect("the workspace is there");
    shown
}

#[test]
fn a_check_that_never_ends_makes_the_run_void_and_not_endless() {
    let pack = Pack::at(TestHome::warm());
    let endless =
        "(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n) AS got";
    pack.replace("checks/few-blocks.sql", "(SELECT max(blocks) FROM plan_costs) AS got", endless);
    let workspace = workspace_of(&pack);
    let ruled = Ruled::read(&pack.home.hotseat(["drill", "check", &workspace, "--json"]));
    ruled.void_because(&["few-blocks.sql:", "did not end within"]);
}

#[test]
fn what_a_check_hides_until_it_runs_is_refused_then() {
    for (harm, says) in [
        ("VACUUM INTO 'stolen'", ""),
        ("SELECT * FROM pragma_database_list", "pragma"),
        ("SELECT * FROM pragma_query_only(0)", "pragma"),
    ] {
        let pack = Pack::at(TestHome::warm());
        pack.replace(
            "checks/few-blocks.sql",
            "SELECT 'no plan was asked for' AS missing WHERE NOT EXISTS (SELECT 1 FROM plan_costs)",
            harm,
        );
        let workspace = workspace_of(&pack);
        let ruled = Ruled::read(&pack.home.hotseat(["drill", "check", &workspace, "--json"]));
        ruled.void_because(&["few-blocks.sql:", says]);
        for folder in [pack.home.work(), pack.home.path()] {
            let files = support::files_below(&folder);
            assert!(!files.iter().any(|file| file.ends_with("stolen")), "{harm} wrote a file");
        }
    }
}

#[test]
fn a_check_that_contradicts_itself_makes_the_run_void() {
    let pack = Pack::at(TestHome::warm());
    pack.replace(
        "checks/as-it-was.sql",
        "SELECT 0 AS need, count(*) AS got",
        "SELECT 0 AS need, 1 + count(*) AS got",
    );
    let workspace = workspace_of(&pack);
    let ruled = Ruled::read(&pack.home.hotseat(["drill", "check", &workspace, "--json"]));
    ruled.void_because(&["as-it-was", "contradicts itself"]);
}

#[test]
fn a_seed_that_fails_is_the_packs_fault_and_named_with_its_line() {
    let pack = Pack::at(TestHome::warm());
    pack.replace("seed.sql", "INSERT INTO item\n", "INSERT INTO items\n");
    let workspace = workspace_of(&pack);
    let ran = pack.home.hotseat(["drill", "check", &workspace]);
    let line = pack.line("seed.sql", "INSERT INTO items");
    assert!(
        ![Some(0), Some(1), Some(70)].contains(&ran.code),
        "it is neither the learner's fault nor ours: {ran}"
    );
    ran.says(&[&format!("seed.sql:{line}"), "items"]);
    assert_eq!(pack.home.runs(), Vec::<String>::new());
}

#[test]
fn a_reference_that_fails_is_the_packs_fault() {
    let pack = Pack::at(TestHome::warm());
    pack.write("solutions/plain-index/schema.sql", "CREATE INDEX item_shelf ON items (shelf);\n");
    let workspace = workspace_of(&pack);
    let ran = pack.home.hotseat(["drill", "check", &workspace]);
    assert!(
        ![Some(0), Some(1), Some(70)].contains(&ran.code),
        "it is neither the learner's fault nor ours: {ran}"
    );
    ran.says(&["schema.sql", "items"]);
}
