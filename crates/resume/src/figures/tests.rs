//! What counts as a figure, and what stands behind one.

use super::{RunFacts, Standing, digits, examine, figures_in};
use crate::document::{Bullet, Evidence};

#[test]
fn figures_say_how_much() {
    for (text, figures) in [
        ("read 91,204 → 34 blocks per page", vec!["91,204", "34"]),
        ("p99 from 3.5s to 40ms in 2021", vec!["3.5", "40"]),
        ("HTTP/2, UTF-8, k8s, PostgreSQL 16, TLS 1.3, OAuth2", vec![]),
        ("saved $1.2M, 40 % of 1 200", vec!["1.2", "40", "1", "200"]),
        ("**14** services (3x)", vec!["14", "3"]),
    ] {
        assert_eq!(figures_in(text), figures, "{text}");
    }
    assert_eq!(
        (digits("91,204"), digits("3.50"), digits("140")),
        ("91204".into(), "3.5".into(), "140".into())
    );
}

fn standings(text: &str, evidence: Vec<Evidence>) -> Vec<Standing> {
    let bullet = Bullet { field: "f".into(), text: text.into(), tags: vec![], notes: None, evidence };
    let runs = |run: &str| match run {
        "slow-query-7" => {
            Some(RunFacts { passed: true, ruling: "pass".into(), figures: vec!["34".into(), "91204".into()] })
        }
        "slow-query-6" => Some(RunFacts { passed: false, ruling: "void".into(), figures: vec![] }),
        _ => None,
    };
    examine(&bullet, &runs).into_iter().map(|it| it.standing).collect()
}

#[test]
fn each_figure_stands_or_needs_a_source() {
    let run = |run: &str| Evidence::Run { run: run.into(), figure: None };
    let stands = Standing::Run { run: "slow-query-7".into() };
    assert_eq!(standings("91,204 → 34", vec![run("slow-query-7")]), [stands.clone(), stands]);
    assert_eq!(standings("34 blocks", vec![]), [Standing::NeedsASource]);
    let why = |evidence| match &standings("35 blocks", vec![evidence])[0] {
        Standing::Contradicted { why } => why.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(why(run("slow-query-7")), "the run `slow-query-7` shows no 35");
    assert_eq!(why(run("slow-query-6")), "the run `slow-query-6` ended with void");
    assert_eq!(why(run("slow-query-9")), "there is no stored run `slow-query-9`");
    let own = Evidence::Source { source: "ticket".into(), figure: Some("14".into()) };
    let stands = Standing::Source { source: "ticket".into() };
    assert_eq!(standings("14 of 20", vec![own]), [stands, Standing::NeedsASource]);
}
