mod of_evidence;

use judge::history::{Call, Exchange, Series, Span, Window};
use proptest::prelude::*;

use super::svg::{Svg, escaped};
use super::{gateway, latency, misses, timeline};
use crate::terminal::timeline::tests::killed;

/// Every tag is closed by its own name, attributes are quoted, and no bare `<` or `&` stands in text.
fn is_well_formed(xml: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        text(&rest[..at])?;
        let end = at + rest[at..].find('>').ok_or("a tag has no end")?;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing"));
            }
            continue;
        }
        let inside = tag.strip_suffix('/').unwrap_or(tag);
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        if name.is_empty() || !name.chars().all(|it| it.is_ascii_alphanumeric()) {
            return Err(format!("<{tag}> has no name"));
        }
        let parts: Vec<&str> = attributes.split('"').collect();
        if parts.len().is_multiple_of(2) || parts.last().is_some_and(|rest| !rest.is_empty()) {
            return Err(format!("<{tag}>: an attribute has no quotes"));
        }
        for pair in parts[..parts.len() - 1].chunks(2) {
            if !pair[0].trim_start().ends_with('=') {
                return Err(format!("<{tag}>: {pair:?}"));
            }
            text(pair[1])?;
        }
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    text(rest)?;
    match open.is_empty() {
        true => Ok(()),
        false => Err(format!("open at the end: {open:?}")),
    }
}

fn text(text: &str) -> Result<(), String> {
    if text.chars().any(|it| it.is_control() && it != '\n') {
        return Err(format!("{text:?} holds a control character"));
    }
    let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
    let bare = text.match_indices('&').find(|(at, _)| !entities.iter().any(|it| text[*at..].starts_with(it)));
    match bare {
        Some((at, _)) => Err(format!("a bare & at {at} of {text:?}")),
        None => Ok(()),
    }
}

fn well_formed(xml: &str) {
    assert_eq!(is_well_formed(xml), Ok(()), "{xml}");
}

const HOSTILE: &str = "</title><script>alert(\"1\")</script>&nbsp;' \u{1b}[2J \u{0} ]]>";

fn series() -> Series {
    let statuses = [Some(201), Some(404), Some(503), None];
    Series {
        phases: vec![
            Span {
                name: "calm weather and a name that is too long for it".into(),
                started_us: 0,
                ended_us: 10,
            },
            Span { name: HOSTILE.into(), started_us: 20, ended_us: 5_000_000 },
        ],
        exchanges: (0..40_usize)
            .map(|n| Exchange {
                due_us: n as i64 * 100_000,
                latency_us: 3_i64.pow(n as u32 % 13),
                sent: n != 7,
                status: statuses[n % 4],
            })
            .collect(),
        calls: ["200", "402", "503", "hang", HOSTILE]
            .iter()
            .map(|end| Call { started_us: 4_000, end: (*end).into() })
            .collect(),
        windows: vec![
            Window { at_us: 5, over_us: None, instance: None, fault: HOSTILE.into() },
            Window { at_us: 50, over_us: Some(900_000), instance: Some(1), fault: HOSTILE.into() },
        ],
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let mut history = killed();
    history.of = HOSTILE.into();
    history.phases[0].name = HOSTILE.into();
    history.windows[0].fault = HOSTILE.into();
    history.events[0].detail = HOSTILE.into();
    for picture in
        [timeline::picture(&history, HOSTILE), latency::picture(&series()), gateway::picture(&series())]
    {
        well_formed(&picture.inline("chart"));
        assert!(!picture.inline("chart").contains("<style"));
        let picture = picture.standalone();
        well_formed(&picture);
        assert!(!picture.contains("<script"), "{picture}");
        assert!(picture.contains("<title id=\"t\">") && picture.contains("<desc id=\"d\">"));
    }
}

#[test]
fn the_check_of_well_formed_texts_finds_mistakes() {
    for broken in ["<a>", "<a></b>", "<a b=\"c></a>", "<a b=c/>", "a & b", "<a\u{1}/>", "</a>"] {
        assert!(is_well_formed(broken).is_err(), "{broken}");
    }
    well_formed("<a b=\"c\" d=\"&amp;\"><e/>&lt;</a>\n");
}

#[test]
fn a_run_of_one_exchange_can_be_drawn() {
    let one = Series { exchanges: series().exchanges[..1].to_vec(), calls: Vec::new(), ..Series::default() };
    well_formed(&latency::picture(&one).standalone());
    assert!(!latency::picture(&one).standalone().contains("NaN"));
}

#[test]
fn every_event_is_in_the_description() {
    let picture = timeline::picture(&killed(), "never-charged-twice").standalone();
    let about = picture.split("</desc>").next().unwrap_or_default();
    for word in ["POST /v1/payments", "charge 1: 304 USD", "instance 1 killed", "#1 runs again"] {
        assert!(about.contains(word), "{word}: {about}");
    }
}

proptest! {
    #[test]
    fn any_text_can_be_drawn(text in "\\PC{0,30}|[<>&\"'\u{0}-\u{1f}\u{fffe}a]{0,20}") {
        let mut svg = Svg::new(10.0, 10.0, &text, &text);
        svg.text((1.0, 1.0), "", &text);
        svg.rect((1.0, 1.0), (1.0, 1.0), "", &text);
        prop_assert_eq!(is_well_formed(&svg.finish().standalone()), Ok(()));
        prop_assert!(!escaped(&text).contains(['<', '>', '"']));
    }

    /// A reader can count along the axis: some marks, not too many, all on it, with no more than two figures each.
    #[test]
    fn marks_are_few_and_round(low in -1e6..=0.0_f64, span in 1.0..1e9_f64) {
        let high = low + span;
        let marks: Vec<f64> = misses::marks(low, high).collect();
        prop_assert!((3..=9).contains(&marks.len()), "{marks:?}");
        prop_assert!(marks.iter().all(|mark| (low..=high).contains(mark)), "{marks:?}");
        let step = marks[1] - marks[0];
        let digit = step / 10_f64.powf((step * 1.000_001).log10().floor());
        prop_assert!([1.0, 2.0, 5.0].iter().any(|it| (digit - it).abs() < 1e-3), "{step}");
    }
}
