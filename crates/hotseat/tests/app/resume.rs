//! The résumé's page and its resources: begun, edited, laid out, compared, added to, taken along.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::client::{Answer, TestApp};
use crate::support::{TestHome, eventually};

/// A résumé that began in the app.
struct Begun {
    home: TestHome,
    app: TestApp,
    id: String,
}

impl Begun {
    fn new() -> Begun {
        Begun::in_home(TestHome::new())
    }

    fn in_home(home: TestHome) -> Begun {
        let app = TestApp::start(&home);
        let id = app.send_json("POST", "/api/v1/resumes", &json!({})).is(201).json()["id"].clone();
        Begun { id: id.as_str().expect("an id").to_string(), home, app }
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("resume/resume.toml")
    }

    fn on_disk(&self) -> String {
        fs::read_to_string(self.file()).expect("it is there")
    }

    fn api(&self, rest: &str) -> String {
        format!("/api/v1/resumes/{}{rest}", self.id)
    }

    /// The page, once its pages are there.
    fn page(&self, query: &str) -> Answer {
        let path = format!("/resume?file={}{query}", self.id);
        eventually("the pages are made", || !self.app.get(&path).is(200).body.contains("class=\"pending\""));
        self.app.get(&path).is(200)
    }

    /// The tag that the page's form carries.
    fn tag(&self) -> String {
        let page = self.app.get(&format!("/resume?file={}", self.id)).is(200);
        let rest = page.body.split("name=\"tag\" value=\"").nth(1).expect("the form has one");
        rest.split('"').next().expect("it ends").to_string()
    }

    fn save(&self, text: &str, tag: &str) -> Answer {
        let fields = [("file", self.id.as_str()), ("tag", tag), ("text", text), ("template", "compact")];
        self.app.post_form("/resume", &[&fields[..], &[("paper", "a4"), ("variant", "")]].concat())
    }

    fn preview(&self, text: &str) -> Value {
        self.app.send_json("POST", &self.api("/previews"), &json!({ "text": text })).is(200).json()
    }

    fn end(self) {
        self.app.end().exits_with(0);
    }
}

/// A form with files, as a browser sends it: (name, file name, content).
fn upload(app: &TestApp, path: &str, parts: &[(&str, Option<&str>, &str)]) -> Answer {
    let mut body = String::new();
    for (name, file, content) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        body +=
            &format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n");
    }
    let headers = [("Content-Type", "multipart/form-data; boundary=line")];
    app.send("POST", path, &headers, &format!("{body}--line--\r\n"))
}

#[test]
fn it_begins_with_an_example_and_shows_its_pages_and_all_there_is_to_say() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    app.get("/resume").is(200).says(&["Begin with an example", "JSON Resume"]);
    let begun = upload(&app, "/resume/files", &[("example", None, "yes")]).is(303);
    let id = begun.header("location").strip_prefix("/resume?file=").expect("to its page").to_string();
    let it = Begun { home, app, id };
    let page = it.page("");
    let shown = ["Ada Example", "/pages/1\"", "Figures", "1,900", "Grafana board", "What a machine reads"];
    page.says(&shown).says(&[
        "Nothing is wrong.",
        "Take along",
        "<option>backend</option>",
        "resume/resume.toml",
    ]);
    assert!(it.app.get("/resume").is(200).body.contains(&it.id), "the newest is shown without a wish");
    let other = it.page("&template=classic&paper=letter&variant=platform");
    other.says(&["<option selected>classic", "width=\"612\"", "<option selected>platform"]);
    it.page("&variant=nobody").says(&["Nothing has the tag nobody any more"]);
    it.app.get("/resume?template=baroque").is(400);
    it.app.get("/resume?file=0123").is(404);
    it.end();
}

#[test]
fn what_is_saved_is_the_file_and_a_draft_is_not() {
    let it = Begun::new();
    let before = it.on_disk();
    let draft = before.replace("Ada Example", "Grace Draft");
    let preview = it.preview(&draft);
    assert_eq!((&preview["pages"], &preview["mistakes"]), (&json!(1), &json!([])), "{preview:#}");
    let name = preview["id"].as_str().expect("an id");
    let picture = it.app.get(&it.api(&format!("/previews/{name}/pages/1"))).is(200);
    assert_eq!(picture.header("content-type"), "image/svg+xml");
    assert!(picture.header("cache-control").contains("immutable") && picture.body.starts_with("<svg"));
    it.app.get(&it.api(&format!("/previews/{name}/pages/2"))).is(404);
    it.app.get(&it.api("/previews/0123/pages/1")).is(404);
    it.app.get(&format!("/resume/previews/{name}?file={}", it.id)).is(200).says(&["Figures", "/pages/1\""]);
    assert_eq!(it.on_disk(), before);

    let saved = it.save(&draft.replace('\n', "\r\n"), &it.tag()).is(303);
    assert!(saved.header("location").contains("template=compact"), "{saved:?}");
    it.app.get(saved.header("location")).is(200).says(&["Grace Draft", "Saved in"]);
    assert_eq!(it.on_disk(), draft, "the file's own ends of lines stay");
    let windows = draft.replace('\n', "\r\n");
    fs::write(it.file(), &windows).expect("it is ours");
    it.save(&windows.replace("Grace", "Hedy"), &it.tag()).is(303);
    assert_eq!(it.on_disk(), windows.replace("Grace", "Hedy"));
    it.end();
}

#[test]
fn a_file_that_changed_meanwhile_is_not_overwritten() {
    let it = Begun::new();
    let (tag, before) = (it.tag(), it.on_disk());
    let theirs = before.replace("Ada Example", "Ada Theirs");
    fs::write(it.file(), &theirs).expect("it is ours");
    let mine = before.replace("Ada Example", "Ada Mine");
    let refused = it.save(&mine, &tag).is(412).says(&["Ada Mine", "Ada Theirs", "load the one on disk"]);
    assert_eq!(it.on_disk(), theirs);
    // Whoever has seen both may decide.
    let tag = refused.body.split("name=\"tag\" value=\"").nth(1).and_then(|it| it.split('"').next());
    it.save(&mine, tag.expect("the page has the new tag")).is(303);
    assert_eq!(it.on_disk(), mine);

    let shown = it.app.get(&it.api("")).is(200);
    let (etag, body) = (shown.header("etag").to_string(), json!({ "text": theirs }));
    it.app.send_json("PUT", &it.api(""), &body).is(428);
    let put = |tag: &str, body: &Value| {
        let headers = [("Content-Type", "application/json"), ("If-Match", tag)];
        it.app.send("PUT", &it.api(""), &headers, &body.to_string())
    };
    put("\"0123\"", &body).is(412);
    let saved = put(&etag, &body).is(200);
    assert_eq!((saved.json()["text"].as_str(), saved.header("etag") != etag), (Some(&*theirs), true));
    put(&etag, &body).is(412);
    it.end();
}

#[test]
fn a_file_that_is_gone_or_no_text_is_told() {
    let it = Begun::new();
    let (tag, before) = (it.tag(), it.on_disk());
    fs::remove_file(it.file()).expect("it is ours");
    let page = format!("/resume?file={}", it.id);
    it.app.get(&page).is(422).says(&["resume.toml is gone"]);
    it.app.get("/resume").is(200).says(&["Begin with an example", "gone"]);
    it.app.get(&it.api("")).is(404);
    let refused = it.save(&before, &tag).is(412).says(&["The file is gone", "Save writes it anew"]);
    let tag = refused.body.split("name=\"tag\" value=\"").nth(1).and_then(|it| it.split('"').next());
    it.save(&before, tag.expect("a tag")).is(303);
    assert_eq!(it.on_disk(), before);
    fs::write(it.file(), b"[basics]\nname = \"\xff\"\n").expect("it is ours");
    it.app.get(&page).is(422).says(&["this is no UTF-8"]);
    it.app.get(&it.api("")).is(422);
    it.app.get(&it.api("/outputs/pdf")).is(422);
    fs::remove_file(it.file()).expect("it is ours");
    fs::create_dir(it.file()).expect("it is ours");
    it.app.get(&page).is(422).says(&["is no file"]);
    it.end();
}

#[test]
fn mistakes_are_told_with_their_lines_and_saved_all_the_same() {
    let it = Begun::new();
    let broken = "[basics]\nname = \"Ada\"\n\n[[work]]\nstartDate = \"yesterday\"\n";
    let preview = it.preview(broken);
    assert_eq!((&preview["id"], &preview["mistakes"][0]["line"]), (&Value::Null, &json!(5)), "{preview:#}");
    let saved = it.save(broken, &it.tag()).is(303);
    let page = it.app.get(saved.header("location")).is(200);
    page.says(&["The source has a mistake", "data-line=\"5\"", "startDate", "No pages."]);
    assert_eq!(it.on_disk(), broken);
    it.app.get(&it.api("/outputs/pdf")).is(422);
    it.app.send_json("POST", &it.api("/checks"), &json!({})).is(422);
    it.end();
}

#[test]
fn long_ones_are_shown_and_too_long_ones_are_told() {
    let it = Begun::new();
    let entry = "[[work]]\nname = \"Shop\"\nposition = \"Developer\"\nstartDate = \"2020-01\"\n\n";
    let many = format!("[basics]\nname = \"Ada Many\"\n\n{}", entry.repeat(200));
    it.save(&many, &it.tag()).is(303);
    it.page("").says(&["Ada Many", "alt=\"Page 2 of ", "who reads it will read two"]);
    let remark = "# what has been said before\n".repeat(40_000);
    it.save(&format!("{remark}{many}"), &it.tag()).is(303);
    assert!(it.on_disk().len() > 1_000_000);
    it.page("").says(&["Ada Many"]);
    let told = format!("[basics]\nname = \"Ada\"\nsummary = \"{}\"\n", "long ".repeat(150_000));
    it.save(&told, &it.tag()).is(303);
    it.page("").says(&["bytes of text and at most", "No pages."]);
    it.save(&"#\n".repeat(1_100_000), &it.tag()).is(422).says(&["at most 2097152 bytes"]);
    it.save(&"\n".repeat(4_000_000), &it.tag()).is(413).says(&["the text is still there"]);
    assert_eq!(it.on_disk(), told);
    it.end();
}

#[test]
fn hostile_text_stays_text() {
    let it = Begun::new();
    let hostile = "</textarea><script>alert(1)</script> #panic(\\\"x\\\") $x^2$ #{read(\\\"/etc/passwd\\\")}";
    let text = format!(
        "[basics]\nname = \"{hostile}\"\n\n[[work]]\nname = \"</pre><img src=x>\"\nhighlights = [\"{hostile} 12\"]\n"
    );
    it.save(&text, &it.tag()).is(303);
    let page = it.page("");
    assert!(!page.body.contains("<script>") && !page.body.contains("<img src=x>"), "{}", page.body);
    page.says(&["&#60;/textarea&#62;&#60;script&#62;alert(1)", "#panic("]);
    it.app.get(&it.api("/outputs/txt")).is(200).says(&["</textarea><script>alert(1)</script> #panic(\"x\")"]);
    let html = it.app.get(&it.api("/outputs/html")).is(200);
    assert!(!html.body.contains("<script>") && html.header("content-disposition").starts_with("attachment"));
    it.end();
}

#[test]
fn it_can_be_taken_along_in_every_form_and_only_the_sheet_is_private() {
    let it = Begun::new();
    for (format, words) in [
        ("pdf", "%PDF-"),
        ("html", "<!doctype html>"),
        ("md", "# Ada Example"),
        ("txt", "Ada Example"),
        ("json", "\"name\": \"Ada Example\""),
        ("sheet", "Keyset pages instead of OFFSET"),
    ] {
        let file = it.app.get(&it.api(&format!("/outputs/{format}?variant=platform"))).is(200);
        assert!(file.body.to_lowercase().contains(&words.to_lowercase()), "{format}: {}", file.body);
        let name = file.header("content-disposition");
        assert!(name.starts_with("attachment; filename=\"resume-platform."), "{name}");
        assert_eq!(file.body.contains("Keyset pages"), format == "sheet", "{format} tells private things");
    }
    it.app.get(&it.api("/outputs/docx")).is(404);
    it.app.get(&it.api("/outputs/pdf?variant=nobody")).is(422).says(&["backend, platform"]);
    it.end();
}

#[test]
fn a_job_description_is_held_against_it_and_not_kept() {
    let it = Begun::new();
    let job = "Requirements:\n- Kubernetes in production\n- Elasticsearch\n- A sense of humour\n- You have a valid work permit\n";
    let page = upload(&it.app, "/resume/check", &[("file", None, &it.id), ("job", None, job)]).is(200);
    page.says(&["with evidence", "absent", "A sense of humour", "only you know"]);
    let as_file = [("file", None, it.id.as_str()), ("job", None, ""), ("job_file", Some("job.md"), job)];
    upload(&it.app, "/resume/check", &as_file).is(200).says(&["with evidence"]);
    upload(&it.app, "/resume/check", &[("file", None, &it.id), ("job", None, " ")])
        .is(422)
        .says(&["no text in it"]);
    let huge = "Kubernetes ".repeat(500_000);
    upload(&it.app, "/resume/check", &[("file", None, &it.id), ("job", None, &huge)])
        .is(422)
        .says(&["5500000 bytes; at most 5242880 are read"]);
    let said = it.app.send_json("POST", &it.api("/checks"), &json!({ "job": job })).is(200).json();
    assert_eq!(said["report"]["job"]["requirements"][0]["name"], "Elasticsearch", "{said:#}");
    let kept = fs::read_to_string(it.home.path().join("resumes.json")).expect("it is there");
    assert!(!kept.contains("Elasticsearch") && !it.on_disk().contains("Elasticsearch"));
    it.end();
}

#[test]
fn files_are_taken_and_what_is_none_is_refused() {
    let home = TestHome::new();
    let app = TestApp::start(&home);
    let take = |name: &str, text: &str| upload(&app, "/resume/files", &[("resume", Some(name), text)]);
    let taken = take("mine.json", "{\"basics\": {\"name\": \"Jo\"}, \"x\": null}").is(303);
    let id = taken.header("location").strip_prefix("/resume?file=").expect("to its page").to_string();
    let source = app.get(&format!("/api/v1/resumes/{id}")).is(200).json();
    assert!(source["text"].as_str().is_some_and(|it| it.contains("name = \"Jo\"")), "{source:#}");
    take("mine.toml", "[basics]\nname = \"Ann\"\n").is(303);
    let files = app.get("/api/v1/resumes").is(200).json();
    let paths: Vec<&str> =
        files["resumes"].as_array().into_iter().flatten().filter_map(|it| it["path"].as_str()).collect();
    assert!(paths.len() == 2 && paths[0].ends_with("resume-2.toml"), "the newest comes first: {paths:?}");
    app.get("/resume").is(200).says(&["Ann", "resume/resume.toml"]);
    take("mine.toml", "[basics\n").is(422).says(&["mine.toml:1"]);
    take("mine.json", "[]").is(422);
    take("mine.toml", &"x".repeat(3_000_000)).is(422).says(&["2097152"]);
    take("mine.toml", &"x".repeat(11_000_000)).is(413).says(&["at most 2097152 bytes"]);
    assert_eq!(app.get("/api/v1/resumes").is(200).json()["resumes"].as_array().map(Vec::len), Some(2));
    app.end().exits_with(0);
}

#[test]
fn what_commands_work_on_is_what_the_app_shows() {
    let home = TestHome::new();
    home.hotseat(["resume", "init"]).exits_with(0);
    fs::write(home.work().join("other.json"), "{\"basics\": {\"name\": \"Jo Other\"}}")
        .expect("the folder is there");
    home.hotseat(["resume", "build", "other.json"]).exits_with(0);
    let app = TestApp::start(&home);
    app.get("/resume").is(200).says(&["Jo Other", "work/resume.toml"]);
    let files = app.get("/api/v1/resumes").is(200).json();
    let id = files["resumes"][1]["id"].as_str().expect("an id").to_string();
    app.get(&format!("/resume?file={id}")).is(200).says(&["Ada Example", "work/other.json"]);
    for number in 0..9 {
        let name = format!("r{number}.json");
        fs::write(home.work().join(&name), "{\"basics\": {\"name\": \"Jo\"}}").expect("the folder is there");
        home.hotseat(["resume", "export", &name, "--format", "txt"]).exits_with(0);
    }
    let files = app.get("/api/v1/resumes").is(200).json();
    assert_eq!(files["resumes"].as_array().map(Vec::len), Some(8), "{files:#}");
    app.get(&format!("/resume?file={id}")).is(404);
    app.end().exits_with(0);
}

/// A home with a passed run.
pub(crate) fn home_with_a_run() -> TestHome {
    let home = TestHome::new();
    let dir = home.run_dir("slow-query-1");
    fs::create_dir_all(&dir).expect("the home is there");
    let verdict = json!({
        "schema": 1, "drill": "slow-query", "version": 1, "level": "indexes", "seed": 8812, "ruling": "pass",
        "findings": [{
            "check": "few-blocks", "claim": "No page reads more blocks than allowed.", "state": "held",
            "relation": "at most", "need": 90, "got": 34, "par": 30, "unit": "blocks for the worst page"
        }],
        "not_examined": [], "why_void": null, "run": "slow-query-1"
    });
    fs::write(dir.join("verdict.json"), verdict.to_string()).expect("the folder is there");
    fs::write(dir.join("evidence.sqlite"), "").expect("the folder is there");
    home
}

#[test]
fn a_passed_run_becomes_bullets_and_questions() {
    let it = Begun::in_home(home_with_a_run());
    it.page("").says(&["From your runs", "slow-query-1", "34 blocks for the worst page"]);
    let (tag, before) = (it.tag(), it.on_disk());
    let add = |tag: &str, run: &str| {
        it.app.post_form("/resume/additions", &[("file", &it.id), ("tag", tag), ("run", run)])
    };
    add("0123", "slow-query-1").is(412).says(&["nothing was added"]);
    add(&tag, "slow-query-9").is(422);
    let added = add(&tag, "slow-query-1").is(303);
    let there = added.header("location").split('#').next().expect("an address").to_string();
    assert!(it.on_disk().starts_with(before.trim_end()) && it.on_disk().contains("run = \"slow-query-1\""));
    let line =
        1 + it.on_disk().lines().position(|it| it.contains("resume add slow-query-1")).expect("it is there");
    it.app.get(&there).is(200).says(&[
        "slow-query-1 is in the source now",
        &format!("data-line=\"{line}\""),
        "href=\"/review\"",
    ]);
    it.page("").says(&[
        "<a href=\"/runs/slow-query-1\">slow-query-1</a> <span class=\"mark pass\">",
        "Every drill that you have passed is in it",
    ]);
    let due = it.app.get("/api/v1/reviews").is(200).json();
    assert!(due["due"].as_array().is_some_and(|it| it.iter().any(|it| it["prompt"].is_string())), "{due:#}");
    let again = json!({ "run": "slow-query-1" });
    it.app.send_json("POST", &it.api("/additions"), &again).is(422).says(&["has run `slow-query-1` already"]);
    // A figure that the run does not show is told at the next look.
    let text = it.on_disk().replace("34 blocks", "12 blocks").replace(" 34", " 12");
    it.save(&text, &it.tag()).is(303);
    it.page("").says(&["contradicted"]);
    it.end();
}
