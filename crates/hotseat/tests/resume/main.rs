//! `hotseat resume` from outside.

mod runs;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use support::{PATIENCE, Ran, TestHome, comes_true, eventually};

fn write(home: &TestHome, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = home.work().join(name);
    fs::write(&path, text).expect("the folder is there");
    path
}

fn resume(home: &TestHome, args: &[&str]) -> Ran {
    home.hotseat(["resume"].iter().chain(args))
}

fn read(home: &TestHome, name: &str) -> String {
    fs::read_to_string(home.work().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn the_example_is_built_and_read_back_in_every_template() {
    let home = TestHome::new();
    resume(&home, &["init"]).exits_with(0);
    let again = resume(&home, &["init"]).exits_with(2);
    assert!(again.stderr.contains("resume.toml is there already"), "{}", again.stderr);
    resume(&home, &["check"]).exits_with(2);
    for template in ["plain", "compact", "classic"] {
        for paper in ["a4", "letter"] {
            resume(&home, &["build", "--template", template, "--paper", paper]).exits_with(0);
            let checked = resume(&home, &["check", "--json"]).exits_with(0).json();
            for order in ["content_order", "layout_order"] {
                let order = &checked["report"][order];
                assert_eq!(order["read"], order["words"], "{template} {paper}: {order:#}");
                assert_eq!(order["wrong"], json!([]), "{template} {paper}");
            }
        }
    }
    resume(&home, &["build", "--for", "platform"]).exits_with(0);
    resume(&home, &["check", "--for", "platform"]).exits_with(0);
    assert!(home.work().join("resume-platform.pdf").exists());
    let unknown = resume(&home, &["build", "--for", "nobody"]).exits_with(2);
    assert!(unknown.stderr.contains("backend, platform"), "{}", unknown.stderr);
}

#[test]
fn a_pdf_of_another_source_is_wrong() {
    let home = TestHome::new();
    resume(&home, &["init"]).exits_with(0);
    resume(&home, &["build"]).exits_with(0);
    let text = read(&home, "resume.toml").replace("idempotency keys", "idempotency ledgers");
    write(&home, "resume.toml", text);
    let wrong = resume(&home, &["check"]).exits_with(1);
    assert!(wrong.stdout.contains("a machine does not read: ledgers"), "{}", wrong.stdout);
}

#[test]
fn nothing_private_reaches_what_is_made_for_others() {
    let home = TestHome::new();
    let text = "[basics]\nname = \"Ada\"\n[[work]]\nposition = \"Dev\"\nhotseat = { notes = \"SECRETONE\" }\n\
                highlights = [{ text = \"Cut 9 things\", notes = \"SECRETTWO\", evidence = { source = \"SECRETTHREE\" } }]\n";
    write(&home, "resume.toml", text);
    resume(&home, &["build"]).exits_with(0);
    let read_back = resume(&home, &["check", "--show-text", "--json"]).exits_with(0).json();
    assert!(!read_back["reading"].to_string().contains("SECRET"), "{read_back:#}");
    for format in ["json", "html", "md", "txt"] {
        resume(&home, &["export", "--format", format]).exits_with(0);
        let out = read(&home, &format!("resume.{format}"));
        assert!(out.contains("Cut 9 things") && !out.contains("SECRET"), "{out}");
    }
    resume(&home, &["export", "--format", "json", "--private"]).exits_with(0);
    assert!(read(&home, "resume.private.json").contains("SECRETTWO"));
    let sheet = resume(&home, &["sheet"]).exits_with(0).stdout;
    assert!(["SECRETONE", "SECRETTWO", "SECRETTHREE"].iter().all(|it| sheet.contains(it)), "{sheet}");
}

#[test]
fn json_resume_is_taken_in_and_given_back() {
    let home = TestHome::new();
    let value = json!({
        "basics": { "name": "Zoë", "x-own": null, "phone": "(912) 555-4321" },
        "work": [{ "name": "X", "highlights": ["One", "Two"], "extra": { "deep": [1, 2.5, null] } }],
        "meta": { "version": "v1.0.0" },
    });
    write(&home, "mine.json", value.to_string());
    resume(&home, &["import", "mine.json"]).exits_with(0);
    resume(&home, &["export", "--format", "json"]).exits_with(0);
    assert_eq!(serde_json::from_str::<Value>(&read(&home, "resume.json")).expect("it is JSON"), value);
    resume(&home, &["import", "mine.json"]).exits_with(2);
}

#[test]
fn mistakes_have_file_line_and_field_and_the_last_pdf_stays() {
    let home = TestHome::new();
    resume(&home, &["init"]).exits_with(0);
    resume(&home, &["build"]).exits_with(0);
    let before = fs::read(home.work().join("resume.pdf")).expect("it was made");
    for (name, text, words) in [
        ("resume.toml", "[basics]\nname = \"Ada\n", "resume.toml:2: basics.name: this is no TOML"),
        ("resume.toml", "[basics]\nname = 7\n", "resume.toml:2: basics.name: this is a number"),
        ("other.json", "{\"basics\":\n{\"name\": }}", "other.json:2: basics.name: this is no JSON"),
        ("other.json", "[]", "other.json:1: a résumé is an object"),
    ] {
        write(&home, name, text);
        let said = resume(&home, &["build", name]).exits_with(2).stderr;
        assert!(said.contains(words), "{said}");
    }
    write(&home, "latin.toml", b"[basics]\nname = \"Zo\xeb\"\n");
    assert!(
        resume(&home, &["build", "latin.toml"])
            .exits_with(2)
            .stderr
            .contains("latin.toml:2: this is no UTF-8")
    );
    assert!(resume(&home, &["build", "nothing.toml"]).exits_with(2).stderr.contains("nothing.toml"));
    assert_eq!(fs::read(home.work().join("resume.pdf")).expect("it stays"), before);
    let left = fs::read_dir(home.work()).expect("it is there").flatten();
    let parts: Vec<_> =
        left.map(|it| it.file_name()).filter(|it| it.to_string_lossy().contains(".part-")).collect();
    assert!(parts.is_empty(), "{parts:?}");
}

#[test]
fn two_hundred_entries_and_strange_signs_come_out_as_text() {
    let home = TestHome::new();
    let job = |number: usize| {
        json!({ "position": format!("Developer {number}"), "name": format!("Company {number}"), "startDate": "2020-01",
                "highlights": [format!("Kept system{number} running")] })
    };
    let many: Vec<Value> = (0..200).map(job).collect();
    write(&home, "many.json", json!({ "basics": { "name": "Many" }, "work": many }).to_string());
    resume(&home, &["build", "many.json"]).exits_with(0);
    let checked = resume(&home, &["check", "many.json", "--json"]).exits_with(0).json();
    assert_eq!(checked["report"]["layout_order"]["wrong"], json!([]));
    let strange = json!({
        "basics": { "name": "דנה כהן", "label": "Zoë Łukasz Nguyễn" },
        "work": [{ "position": "Dev", "highlights": [
            "#eval(\"1+1\") $x^2$ \\input{x} @label <tag> `raw", "a".repeat(400), "{{7*7}} ${HOME} %s",
        ] }],
    });
    write(&home, "strange.json", strange.to_string());
    resume(&home, &["build", "strange.json"]).exits_with(0);
    let checked = resume(&home, &["check", "strange.json", "--json", "--show-text"]).json();
    let text = checked["reading"]["content_order"].as_str().expect("it was read");
    for words in ["#eval(", "input{x}", "{{7*7}}", "${HOME}"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    write(&home, "emoji.json", json!({ "basics": { "name": "A 😀🚀" } }).to_string());
    resume(&home, &["build", "emoji.json"]).exits_with(0);
}

#[test]
fn a_job_description_is_held_against_the_resume() {
    let home = TestHome::new();
    resume(&home, &["init"]).exits_with(0);
    resume(&home, &["build"]).exits_with(0);
    write(
        &home,
        "job.html",
        "<h2>Requirements</h2><ul><li>k8s</li><li>Java</li><li>10+ years of experience</li></ul>",
    );
    let said = resume(&home, &["check", "--job", "job.html"]).exits_with(0).stdout;
    assert!(
        said.contains("Kubernetes") && said.contains("not in the résumé") && said.contains("knock-out"),
        "{said}"
    );
    // A PDF is one too: here, the résumé's own.
    let own = resume(&home, &["check", "--job", "resume.pdf", "--json"]).exits_with(0).json();
    assert!(own["report"]["job"]["requirements"].to_string().contains("PostgreSQL"));
    write(&home, "large.txt", "Kubernetes and PostgreSQL at night.\n".repeat(5 * 1024 * 1024 / 36));
    resume(&home, &["check", "--job", "large.txt"]).exits_with(0);
    write(&home, "larger.txt", vec![b'a'; 5 * 1024 * 1024 + 1]);
    assert!(resume(&home, &["check", "--job", "larger.txt"]).exits_with(2).stderr.contains("5242880"));
    write(&home, "broken.pdf", "%PDF-1.7 nothing");
    assert!(resume(&home, &["check", "--job", "broken.pdf"]).exits_with(2).stderr.contains("no PDF"));
}

#[test]
fn figures_need_a_source_and_runs_must_be_there() {
    let home = TestHome::new();
    let text = "[basics]\nname = \"Ada\"\n[[work]]\nposition = \"Dev\"\nhighlights = [\"Cut it from 900 ms to 40 ms\", \
                { text = \"Read 34 blocks\", evidence = { run = \"slow-query-7\" } }]\n";
    write(&home, "resume.toml", text);
    resume(&home, &["build"]).exits_with(0);
    let said = resume(&home, &["check"]).exits_with(1).stdout;
    assert!(said.contains("900 needs a source") && said.contains("no stored run `slow-query-7`"), "{said}");
    assert!(resume(&home, &["sheet"]).exits_with(0).stdout.contains("900: needs a source"));
    let missing = resume(&home, &["add", "slow-query-7"]).exits_with(2);
    assert!(missing.stderr.contains("there is no stored run `slow-query-7`"), "{}", missing.stderr);
}

#[test]
fn watch_writes_the_pdf_at_every_save_and_survives_mistakes() {
    let home = TestHome::new();
    resume(&home, &["init"]).exits_with(0);
    let watch = home.start(["resume", "watch"]);
    let pdf = home.work().join("resume.pdf");
    eventually("the first PDF", || pdf.exists());
    let first = fs::read(&pdf).expect("it is whole");
    write(&home, "resume.toml", "[basics]\nname = 7\n");
    eventually("the mistake is told", || watch.printed().contains("basics.name"));
    assert_eq!(fs::read(&pdf).expect("it stays"), first);
    write(&home, "resume.toml", "[basics]\nname = \"Bea\"\n");
    assert!(
        comes_true(PATIENCE, &mut || fs::read(&pdf).is_ok_and(|now| now != first)),
        "{}",
        watch.printed()
    );
    watch.signal(nix::sys::signal::Signal::SIGINT);
    watch.finish().exits_with(0);
}
