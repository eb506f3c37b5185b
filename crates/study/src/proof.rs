//! Proof of the rubrics: answers with a known worth, and hostile ones made from the content.

use folder::{Folder, Mistake};
use serde::Serialize;

use crate::bank::Bank;
use crate::feedback::{Feedback, Reason, State};
use crate::question::Question;

/// A strong answer has at least this much of 100.
pub const STRONG_MIN: u32 = 75;
/// One by somebody who has not seen the rubric has at least this much.
pub const BLIND_STRONG_MIN: u32 = 60;
/// A weak answer has at most this much.
pub const WEAK_MAX: u32 = 40;
/// A hostile answer that no gate held has at most this much.
pub const HOSTILE_MAX: u32 = 10;
/// The share of the points that a blind strong answer makes, in thirds.
const BLIND_THIRDS: usize = 2;

/// One answer, scored.
#[derive(Debug, Clone, Serialize)]
pub struct Scored {
    /// The question's id.
    pub question: String,
    /// The answer's name: `strong`, `blind-fair`, `hostile-shuffled`, …
    pub answer: String,
    /// 0 to 100.
    pub score: u32,
    /// The gate that held it, or null.
    pub gated: Option<Reason>,
    /// Points found, met or partly.
    pub found: usize,
    /// Points there are.
    pub points: usize,
    /// What it was expected to be, when it is not.
    pub wrong: Option<String>,
}

impl Scored {
    fn new(answer: &str, feedback: &Feedback) -> Scored {
        Scored {
            question: feedback.question.clone(),
            answer: answer.to_string(),
            score: feedback.score,
            gated: feedback.gated,
            found: feedback.points.iter().filter(|point| point.state != State::Missed).count(),
            points: feedback.points.len(),
            wrong: None,
        }
    }
}

/// Scores the answers of a question's folder and the hostile ones made from them.
///
/// # Errors
/// When the folder lacks an answer that every question needs.
pub fn prove(bank: &Bank, question: &Question, pack: &Folder) -> Result<Vec<Scored>, Vec<Mistake>> {
    let folder = pack.sub(&format!("questions/{}", question.id));
    let mut texts: Vec<(String, String)> = Vec::new();
    for path in folder.paths() {
        let name = path.strip_suffix(".md").unwrap_or(path).to_string();
        texts.push((name, folder.text(path).map_err(|m| vec![m])?.to_string()));
    }
    let missing: Vec<Mistake> = ["strong", "fair", "weak"]
        .iter()
        .filter(|wanted| !texts.iter().any(|(name, _)| name == *wanted))
        .map(|name| folder.mistake(&format!("{name}.md"), None, "this answer is missing; write it"))
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut rows: Vec<Scored> =
        texts.iter().map(|(name, text)| Scored::new(name, &bank.feedback(question, text))).collect();
    hold_to_the_bars(&mut rows);
    let strong = texts.iter().find(|(name, _)| name == "strong").map_or("", |(_, text)| text.as_str());
    rows.extend(hostile(bank, question, pack, strong));
    Ok(rows)
}

/// Says of each answer what it should have been, if it is not.
fn hold_to_the_bars(rows: &mut [Scored]) {
    let of =
        |rows: &[Scored], name: &str| rows.iter().find(|row| row.answer == name).map_or(0, |row| row.score);
    let (strong, fair) = (of(rows, "strong"), of(rows, "fair"));
    let (lowest_strong, highest_weak) = (
        rows.iter().filter(|row| row.answer.contains("strong")).map(|row| row.score).min().unwrap_or(0),
        rows.iter().filter(|row| row.answer.contains("weak")).map(|row| row.score).max().unwrap_or(0),
    );
    for row in rows {
        let blind = row.answer.starts_with("blind-");
        let bars: &[(bool, String)] = &if row.answer.contains("strong") {
            let min = if blind { BLIND_STRONG_MIN } else { STRONG_MIN };
            let found = !blind || row.found * 3 >= row.points * BLIND_THIRDS;
            vec![(row.score >= min, format!("at least {min}")), (found, "two thirds of the points".into())]
        } else if row.answer.contains("fair") {
            let below = if blind { lowest_strong.max(row.score + 1) } else { strong };
            vec![
                (row.score < below, format!("below the strong one's {below}")),
                (row.score > highest_weak, format!("above the weak one's {highest_weak}")),
            ]
        } else if row.answer.contains("weak") {
            vec![
                (row.score <= WEAK_MAX, format!("at most {WEAK_MAX}")),
                (row.score < fair, format!("below {fair}")),
            ]
        } else {
            vec![(false, "named strong, fair or weak".into())]
        };
        row.wrong = bars.iter().find(|(holds, _)| !holds).map(|(_, bar)| bar.clone());
    }
}

/// Answers that deserve nothing, made from the content.
fn hostile(bank: &Bank, question: &Question, pack: &Folder, strong: &str) -> Vec<Scored> {
    let made = [
        ("echo", format!("Good question. {0} So the question is: {0} That is what you ask me.", question.prompt)),
        ("shuffled", shuffled(strong)),
        ("negated", each_sentence(strong, |sentence| format!("It is not true that {}", lower_first(sentence)))),
        ("denied", each_sentence(strong, denied)),
        ("fine", "Fine.".to_string()),
        ("fine-at-length", "It was fine. It went really well, everything was fine in the end and everybody was happy. I think that I would do it well, it is fine for me, I am good at this.".to_string()),
        ("no-idea", "I don't know. I have never done that, sorry, so I really don't know what to say to this question, and I cannot tell you anything about it.".to_string()),
        ("keywords", keywords(&format!("{} {}", question.covers, strong))),
        ("sample", question.sample.clone()),
    ];
    let mut rows: Vec<Scored> = made
        .iter()
        .map(|(name, text)| Scored::new(&format!("hostile-{name}"), &bank.feedback(question, text)))
        .collect();
    rows.extend(worst_of_the_others(bank, question, pack));
    for row in rows.iter_mut().filter(|row| row.gated.is_none() && row.score > HOSTILE_MAX) {
        row.wrong = Some(format!("gated, or at most {HOSTILE_MAX}"));
    }
    rows
}

/// The strong answer to another question that gets most here.
fn worst_of_the_others(bank: &Bank, question: &Question, pack: &Folder) -> Option<Scored> {
    let others = bank.questions.iter().filter(|other| other.id != question.id);
    let scored = others.filter_map(|other| {
        let text = pack.text(&format!("questions/{}/strong.md", other.id)).ok()?;
        Some(Scored::new(&format!("hostile-other ({})", other.id), &bank.feedback(question, text)))
    });
    scored.max_by_key(|row| (row.score, row.found))
}

/// The words in an order that is always the same, and no text's.
fn shuffled(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    for at in (1..words.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        words.swap(at, (state >> 33) as usize % (at + 1));
    }
    words.join(" ")
}

fn each_sentence(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::new();
    for sentence in text.split_inclusive(['.', '!', '?']) {
        let trimmed = sentence.trim();
        if trimmed.chars().any(char::is_alphabetic) {
            changed.push_str(&change(trimmed));
            changed.push(' ');
        }
    }
    changed
}

/// "I would add an index" becomes "I would not add an index".
fn denied(sentence: &str) -> String {
    const AUXILIARIES: &[&str] =
        &["would", "should", "could", "can", "will", "must", "is", "are", "was", "were"];
    let mut words: Vec<String> = sentence.split_whitespace().map(str::to_string).collect();
    match words.iter().position(|word| AUXILIARIES.contains(&word.to_lowercase().as_str())) {
        Some(at) if at < 4 => words.insert(at + 1, "not".into()),
        _ => {
            let rest = sentence.strip_prefix("I ").map_or_else(|| lower_first(sentence), str::to_string);
            return format!("I would not {rest}");
        }
    }
    words.join(" ")
}

fn lower_first(sentence: &str) -> String {
    let mut chars = sentence.chars();
    match chars.next() {
        // "I" and abbreviations stay as they are.
        Some(first) if !sentence.starts_with("I ") && !sentence.starts_with("I'") => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => sentence.to_string(),
    }
}

/// The longer words, as a list.
fn keywords(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 4).take(80).collect();
    words.join(", ")
}
