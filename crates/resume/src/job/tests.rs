//! Job descriptions held against a résumé.

use serde_json::json;

use super::terms::TERMS;
use super::{JOB_BYTES_MAX, JobError, KnockoutKind, Shown, check, read_job};
use crate::{Form, Outline, Resume, Source, examine, weaknesses};

const JOB: &str = "# Senior backend developer\n\nRequirements:\n- 5+ years of experience with Java or Go\n\
- Kubernetes in production\n- PostgreSQL and Redis\n- A sense of humour\n- Fluent German and English\n- You have a valid work permit\n\n\
Nice to have:\n- Kafka\n- Elasticsearch\n";

fn report(job: &str) -> super::JobCheck {
    let value = json!({
        "basics": { "name": "A" },
        "work": [
            { "name": "X", "position": "Dev", "startDate": "2019-01", "endDate": "2021-12",
              "highlights": [{ "text": "Moved 14 services to k8s", "evidence": { "source": "ticket" } }, "Wrote JavaScript for the shop"] },
            { "name": "Y", "startDate": "2021-06", "endDate": "2022-12", "highlights": ["Tuned Postgres for the desk, ready to go live"] }],
        "skills": [{ "name": "Tools", "keywords": ["Redis"] }],
        "languages": [{ "language": "English", "fluency": "C1" }],
    });
    let source = Source::read(&value.to_string(), Form::Json).expect("it is right");
    let resume = Resume::of(&source, None).expect("no tag");
    let bullets: Vec<_> = resume
        .bullets()
        .into_iter()
        .map(|it| {
            let f = examine(&it, &|_| None);
            (it, f)
        })
        .collect();
    let public = resume.public();
    check(job, &Outline::of(&public), &bullets, &public, (2026, 11))
}

#[test]
fn each_requirement_is_found_or_not() {
    let report = report(JOB);
    let shown = |name: &str| {
        let found = report.requirements.iter().find(|it| it.name == name);
        found
            .map(|it| (it.shown.clone(), it.must))
            .unwrap_or_else(|| panic!("{name}: {:#?}", report.requirements))
    };
    let at = |field: &str| vec![field.to_string()];
    assert_eq!(shown("Kubernetes"), (Shown::WithEvidence { fields: at("work[0].highlights[0]") }, true));
    assert_eq!(shown("PostgreSQL"), (Shown::InProse { fields: at("work[1].highlights[0]") }, true));
    assert_eq!(shown("Redis"), (Shown::OnlyAWord { fields: at("skills[0].keywords[0]") }, true));
    assert_eq!(shown("Java"), (Shown::Absent, true), "javascript is not java");
    assert_eq!(shown("Go"), (Shown::Absent, true), "to go live is no Go");
    assert_eq!(shown("Kafka"), (Shown::Absent, false), "it is only welcome");
    assert_eq!(report.unread, ["A sense of humour"]);
}

#[test]
fn knockouts_are_named() {
    let report = report(JOB);
    let of =
        |kind: KnockoutKind| report.knockouts.iter().filter(move |it| it.kind == kind).collect::<Vec<_>>();
    // Four years, the overlap counted once.
    let years = of(KnockoutKind::Years);
    assert_eq!(
        (years[0].answered, years[0].resume.as_str()),
        (Some(false), "work of 4 years and 0 months by its dates")
    );
    assert_eq!(of(KnockoutKind::Permit)[0].answered, None);
    let languages: Vec<_> =
        of(KnockoutKind::Language).iter().map(|it| (it.resume.clone(), it.answered)).collect();
    assert_eq!(
        languages,
        [("English, C1".into(), Some(true)), ("`languages` does not name german".into(), Some(false))]
    );
}

#[test]
fn html_and_text_are_read() {
    let html = b"<html><head><style>p{}</style><script>if (a<b) k8s()</script></head><body><h2>Requirements</h2><ul><li>K8s &amp; C++</li></ul></body>";
    let text = read_job(html).expect("it is text");
    assert!(text.contains("- K8s & C++") && !text.contains("k8s()"), "{text}");
    assert_eq!(
        read_job(&vec![b'a'; JOB_BYTES_MAX + 1]),
        Err(JobError::TooLarge { bytes: JOB_BYTES_MAX + 1 })
    );
    assert_eq!(read_job(b"a\0b"), Err(JobError::Binary));
    assert_eq!(read_job(b" \n"), Err(JobError::Empty));
    for broken in ["<", "<p", "<!--", "<script>", "&", "&#;", "&#x110000;", "</", "<script></scrip"] {
        let _ = read_job(format!("<p>x</p>{broken}").as_bytes());
    }
    let large = "We want Kubernetes and PostgreSQL.\n".repeat(JOB_BYTES_MAX / 36);
    assert_eq!(report(&large).requirements.len(), 2);
}

#[test]
fn every_spelling_leads_to_one_name() {
    for term in &TERMS.all {
        let words = super::terms::words(&term.name);
        let named = super::terms::named(&words);
        assert!(
            named.iter().any(|(_, it)| it.name == term.name),
            "{} is not known by its own name",
            term.name
        );
    }
}

#[test]
fn weak_bullets_are_asked_about() {
    let weak = |text: &str| {
        let value = json!({ "basics": { "name": "A" }, "work": [{ "highlights": [text] }] });
        let source = Source::read(&value.to_string(), Form::Json).expect("it is right");
        let bullets = Resume::of(&source, None).expect("no tag").bullets();
        weaknesses(&bullets[0])
            .into_iter()
            .map(|it| serde_json::to_value(it.weakness).expect("a word"))
            .collect::<Vec<_>>()
    };
    assert_eq!(weak("Cut p95 latency from 1,900 ms to 140 ms"), Vec::<serde_json::Value>::new());
    assert_eq!(weak("Responsible for various services"), ["no-action", "no-result", "no-figure", "vague"]);
}
