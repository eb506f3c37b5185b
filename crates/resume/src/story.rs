//! From a passed run to a story and to bullets. Every number comes from the run's verdict, and what the
//! learner did is left for them to say.

use serde::Serialize;
use utoipa::ToSchema;

use crate::inline::plain;

/// A claim of a passed run with its figures, as the verdict shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// The check's name.
    pub check: String,
    /// The claim in a sentence.
    pub claim: String,
    /// What the figure counts: `blocks for the worst page`.
    pub unit: String,
    /// What the learner's work came to.
    pub got: String,
    /// What was allowed.
    pub need: String,
    /// `at most`, `at least` or `exactly`.
    pub relation: String,
    /// What the reference came to, where there is one.
    pub par: Option<String>,
    /// What an earlier run of the learner's came to that broke the claim.
    pub before: Option<String>,
}

/// A passed run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Its name: `slow-query-7`.
    pub run: String,
    /// The seed that repeats it.
    pub seed: u64,
    /// The drill's title.
    pub title: String,
    /// The drill in a sentence.
    pub summary: String,
    /// The drill's brief, in Markdown.
    pub brief: String,
    /// The level's title.
    pub level: String,
    /// The technologies that it is about.
    pub topics: Vec<String>,
    /// What was measured.
    pub measured: Vec<Measured>,
    /// The talk after it, with the run's figures filled in.
    pub debrief: String,
}

/// A STAR draft, bullets and the questions that will come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StoryDraft)]
pub struct Draft {
    /// From the brief.
    pub situation: String,
    /// From the brief.
    pub task: String,
    /// Left to the learner: what to ask oneself.
    pub action: Vec<String>,
    /// From the figures.
    pub result: Vec<String>,
    /// Bullets for the résumé.
    pub bullets: Vec<String>,
    /// What an interviewer would ask about them.
    pub questions: Vec<String>,
}

/// More bullets nobody reads.
const BULLETS_MAX: usize = 3;
const PROMPTS: [&str; 4] = [
    "What did you look at first, and what did it show?",
    "What did you change, and in which order?",
    "What did you try that did not work, and how did you notice?",
    "What did you leave alone although it was tempting, and why?",
];

/// Drafts a story.
#[must_use]
pub fn draft(proof: &Proof) -> Draft {
    let paragraphs = paragraphs(&proof.brief);
    let situation = paragraphs.first().cloned().unwrap_or_else(|| proof.summary.clone());
    let result: Vec<String> = ordered(&proof.measured).map(|it| line(it, proof)).collect();
    let bullets = ordered(&proof.measured).take(BULLETS_MAX).map(bullet).collect();
    Draft {
        situation,
        task: format!("{} (level: {})", proof.summary, proof.level),
        action: PROMPTS.map(str::to_owned).to_vec(),
        result,
        bullets,
        questions: questions(&proof.debrief),
    }
}

/// What has a before comes first, then what has a reference to stand beside; a bare zero says least.
fn ordered(measured: &[Measured]) -> impl Iterator<Item = &Measured> {
    let mut sorted: Vec<&Measured> = measured.iter().collect();
    sorted.sort_by_key(|it| (it.before.is_none(), it.par.is_none(), it.got == "0"));
    sorted.into_iter()
}

fn change(measured: &Measured) -> String {
    match &measured.before {
        Some(before) => format!("{before} → {}", measured.got),
        None => measured.got.clone(),
    }
}

fn line(measured: &Measured, proof: &Proof) -> String {
    let par = measured.par.as_ref().map_or(String::new(), |par| format!(", reference {par}"));
    format!(
        "{} {} ({} {} allowed{par}), seed {}",
        change(measured),
        measured.unit,
        measured.relation,
        measured.need,
        proof.seed
    )
}

/// A sentence with the unit first, so that no verb is put into the learner's mouth.
fn bullet(measured: &Measured) -> String {
    let mut unit = measured.unit.chars();
    let unit: String = unit.next().into_iter().flat_map(char::to_uppercase).chain(unit).collect();
    let par = measured.par.as_ref().map_or(String::new(), |par| format!(" (reference solution: {par})"));
    format!("{unit}: {}{par}", change(measured))
}

/// The paragraphs of a Markdown text that are neither headings, lists, tables nor code, without marks.
fn paragraphs(markdown: &str) -> Vec<String> {
    let blocks = markdown.split("\n\n").map(str::trim);
    let no_mark = |block: &&str| !block.is_empty() && !block.starts_with(['#', '-', '*', '|', '>', '`', '1']);
    blocks
        .filter(no_mark)
        .map(|block| plain(&block.split_whitespace().collect::<Vec<_>>().join(" ")))
        .collect()
}

/// The numbered list under the heading that speaks of questions, without marks.
#[must_use]
pub fn questions(debrief: &str) -> Vec<String> {
    let (mut found, mut inside) = (Vec::<String>::new(), false);
    for line in debrief.lines() {
        if line.starts_with('#') {
            inside = line.to_lowercase().contains("question");
            continue;
        }
        if !inside || line.trim().is_empty() {
            continue;
        }
        let numbered = line.split_once(". ").filter(|(number, _)| number.trim().parse::<u32>().is_ok());
        match (numbered, found.last_mut()) {
            (Some((_, question)), _) => found.push(question.trim().to_string()),
            (None, Some(last)) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            (None, None) => {}
        }
    }
    found.iter().map(|question| plain(question)).collect()
}

/// Notes for a bullet: the draft, for the learner alone.
#[must_use]
pub fn notes(draft: &Draft) -> String {
    let list = |items: &[String]| items.iter().map(|it| format!("- {it}\n")).collect::<String>();
    format!(
        "Situation: {}\nTask: {}\nAction, in your own words:\n{}Result:\n{}",
        draft.situation,
        draft.task,
        list(&draft.action),
        list(&draft.result)
    )
}
