//! What may end an application whatever else it says: years, permits, languages, degrees.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::date::Date;
use crate::document::list;

/// What kind of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = KnockoutKind)]
pub enum Kind {
    /// Years of work.
    Years,
    /// A permit, a clearance, a licence.
    Permit,
    /// A language that people speak.
    Language,
    /// A degree.
    Degree,
}

/// A question that may knock one out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Knockout {
    /// What kind.
    pub kind: Kind,
    /// The sentence.
    pub asked: String,
    /// What the résumé says to it.
    pub resume: String,
    /// Whether that answers it; null where only its owner can know.
    pub answered: Option<bool>,
}

/// More than these are one and the same said again.
const EACH_MAX: usize = 8;

const PERMITS: [&str; 16] = [
    "work permit",
    "work authorization",
    "work authorisation",
    "authorized to work",
    "authorised to work",
    "eligible to work",
    "right to work",
    "visa",
    "sponsorship",
    "citizen",
    "security clearance",
    "clearance",
    "driving licence",
    "driver's license",
    "background check",
    "residence permit",
];
const LANGUAGES: [&str; 24] = [
    "english",
    "german",
    "french",
    "spanish",
    "italian",
    "portuguese",
    "dutch",
    "polish",
    "czech",
    "swedish",
    "norwegian",
    "danish",
    "finnish",
    "russian",
    "ukrainian",
    "turkish",
    "arabic",
    "hebrew",
    "hindi",
    "chinese",
    "mandarin",
    "japanese",
    "korean",
    "greek",
];
const FLUENCY: [&str; 12] = [
    "fluent",
    "fluency",
    "native",
    "proficien",
    "speak",
    "spoken",
    "written",
    "language",
    "a2",
    "b1",
    "b2",
    "c1",
];
const DEGREES: [&str; 8] =
    ["bachelor", "master's", "masters degree", "degree in", "phd", "university degree", "b.sc", "m.sc"];

/// Every such question of a text.
pub(super) fn of(job: &str, public: &Value, today: (u16, u8)) -> Vec<Knockout> {
    let mut found: Vec<Knockout> = Vec::new();
    for sentence in job.lines().flat_map(sentences) {
        let lower = sentence.to_lowercase();
        let each = [
            years(sentence, &lower, public, today),
            permit(sentence, &lower),
            degree(sentence, &lower, public),
        ];
        for knockout in each.into_iter().flatten().chain(languages(sentence, &lower, public)) {
            let alike = found.iter().filter(|it| it.kind == knockout.kind).count();
            if alike < EACH_MAX && !found.contains(&knockout) {
                found.push(knockout);
            }
        }
    }
    found
}

fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let line = line.trim_start_matches(['-', '*', '•', '·', '–', '◦', '▪', ' ', '\t', '#']);
    line.split_inclusive(['!', '?', ';'])
        .flat_map(|part| part.split(". "))
        .map(str::trim)
        .filter(|it| it.len() > 3)
}

fn knockout(kind: Kind, sentence: &str, resume: String, answered: Option<bool>) -> Option<Knockout> {
    let asked: String = sentence.chars().take(300).collect();
    Some(Knockout { kind, asked, resume, answered })
}

fn years(sentence: &str, lower: &str, public: &Value, today: (u16, u8)) -> Option<Knockout> {
    let at = lower.find("year")?;
    if !lower.contains("experience")
        && !lower.contains("background")
        && !lower.contains("years of")
        && !lower.contains("years in")
    {
        return None;
    }
    // The least of what is asked: `3-5 years`, `5+ years`, `at least 5 years`.
    let before: Vec<&str> =
        lower[..at].split(|c: char| !c.is_ascii_digit()).filter(|it| !it.is_empty()).collect();
    let numbers: Vec<u32> = before.iter().rev().take(2).filter_map(|it| it.parse().ok()).collect();
    let range = lower[..at].trim_end().chars().rev().take(8).any(|c| matches!(c, '-' | '–'))
        || lower[..at].contains(" to ");
    let asked = match numbers[..] {
        [high, low] if range && low < high => low,
        [one, ..] => one,
        [] => word_number(lower[..at].split_whitespace().last()?.trim_end_matches('+'))?,
    };
    if asked == 0 || asked > 30 {
        return None;
    }
    let months = months_of_work(public, today);
    let resume = format!("work of {} years and {} months by its dates", months / 12, months % 12);
    knockout(Kind::Years, sentence, resume, Some(months >= asked * 12))
}

fn word_number(word: &str) -> Option<u32> {
    let words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    words.iter().position(|it| *it == word).map(|at| at as u32 + 1)
}

/// Months in which there was work, overlaps once.
fn months_of_work(public: &Value, today: (u16, u8)) -> u32 {
    let now = i32::from(today.0) * 12 + i32::from(today.1) - 1;
    let date = |job: &Value, key: &str| job.get(key).and_then(Value::as_str).and_then(Date::parse);
    let mut spans: Vec<(i32, i32)> = list(public, "work")
        .iter()
        .filter_map(|job| {
            let start = date(job, "startDate")?.months();
            // The month, or the year, in which it ended counts.
            let last = |date: Date| date.months() + if date.month.is_some() { 1 } else { 12 };
            let end = date(job, "endDate").map_or(now, last).min(now);
            (end > start).then_some((start, end))
        })
        .collect();
    spans.sort_unstable();
    let (mut months, mut until) = (0, i32::MIN);
    for (start, end) in spans {
        months += (end - start.max(until)).max(0);
        until = until.max(end);
    }
    u32::try_from(months).unwrap_or(0)
}

fn permit(sentence: &str, lower: &str) -> Option<Knockout> {
    PERMITS.iter().find(|it| lower.contains(**it))?;
    knockout(Kind::Permit, sentence, "only you know".into(), None)
}

fn languages(sentence: &str, lower: &str, public: &Value) -> Vec<Knockout> {
    let padded = format!(" {} ", lower.replace(|c: char| !c.is_alphanumeric(), " "));
    let asks = FLUENCY.iter().any(|it| padded.contains(&format!(" {it}")));
    let named = LANGUAGES.iter().filter(|it| asks && padded.contains(&format!(" {it} ")));
    let of = |language: &&str| {
        let known = list(public, "languages").iter().find(|it| {
            let name = it["language"].as_str().unwrap_or_default().to_lowercase();
            name.contains(*language)
        });
        let resume = match known {
            Some(known) => {
                let fluency = known["fluency"].as_str().map_or(String::new(), |it| format!(", {it}"));
                format!("{}{fluency}", known["language"].as_str().unwrap_or_default())
            }
            None => format!("`languages` does not name {language}"),
        };
        knockout(Kind::Language, sentence, resume, Some(known.is_some()))
    };
    named.filter_map(of).collect()
}

fn degree(sentence: &str, lower: &str, public: &Value) -> Option<Knockout> {
    DEGREES.iter().find(|it| lower.contains(**it))?;
    let named: Vec<String> = list(public, "education")
        .iter()
        .filter_map(|school| {
            let part = |key: &str| school[key].as_str().unwrap_or_default().to_string();
            let name = format!("{} {}", part("studyType"), part("area")).trim().to_string();
            (!name.is_empty()).then_some(name)
        })
        .collect();
    let there = !named.is_empty();
    let resume = if there { named.join("; ") } else { "`education` names no degree".into() };
    knockout(Kind::Degree, sentence, resume, if there { None } else { Some(false) })
}
