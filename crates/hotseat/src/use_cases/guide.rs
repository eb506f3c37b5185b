//! Questions and advice of a pack: what there is, and what is said of each.

use serde::Serialize;
use study::advice::{Advice, Section};
use study::bank::Bank;
use study::question::{Kind, Level, Question};
use utoipa::ToSchema;

use crate::failure::Failure;

/// A question, without what is said of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Question)]
pub(crate) struct Asked {
    /// Its name in the pack.
    pub id: String,
    pub kind: Kind,
    /// For whom it is usual.
    pub level: Level,
    /// How long the answer may take, in minutes.
    pub minutes: u32,
    /// What it is about.
    pub topics: Vec<String>,
    /// The drills that let one do it.
    pub drills: Vec<String>,
    /// The question itself.
    pub prompt: String,
    /// Its number in the guide, of the guide's own eleven.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guide: Option<u32>,
}

/// Questions of the pack.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Questions {
    /// The version of this shape.
    pub schema: u32,
    /// In the order of the guide, then by name; when searched for, those that say most of it first.
    pub questions: Vec<Asked>,
}

/// A question with all that is said of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuestionShown {
    #[serde(flatten)]
    pub question: Asked,
    /// The version of this shape.
    pub schema: u32,
    /// Why interviewers ask it, as Markdown.
    pub why: String,
    /// What a strong answer covers, as Markdown.
    pub covers: String,
    /// What to keep in mind, as Markdown.
    pub tip: String,
    /// An answer that covers it, as Markdown.
    pub sample: String,
    /// What may be asked next.
    pub followups: Vec<String>,
}

/// Pages of advice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Advice)]
pub(crate) struct AdviceShown<'b> {
    /// The version of this shape.
    pub schema: u32,
    /// By section and order.
    pub advice: Vec<&'b Advice>,
}

/// Which questions are wanted; all of them without any.
#[derive(Debug, Default, Clone)]
pub(crate) struct Wanted {
    pub kind: Option<Kind>,
    pub level: Option<Level>,
    /// Whatever its case.
    pub topic: Option<String>,
    /// What about.
    pub search: Option<String>,
}

impl Asked {
    pub(crate) fn new(question: &Question) -> Asked {
        Asked {
            id: question.id.clone(),
            kind: question.kind,
            level: question.level,
            minutes: question.minutes,
            topics: question.topics.clone(),
            drills: question.drills.clone(),
            prompt: question.prompt.clone(),
            guide: question.guide,
        }
    }
}

impl Questions {
    pub(crate) fn of(questions: &[&Question]) -> Questions {
        Questions { schema: 1, questions: questions.iter().map(|question| Asked::new(question)).collect() }
    }
}

impl QuestionShown {
    pub(crate) fn new(question: &Question) -> QuestionShown {
        QuestionShown {
            question: Asked::new(question),
            schema: 1,
            why: question.why.clone(),
            covers: question.covers.clone(),
            tip: question.tip.clone(),
            sample: question.sample.clone(),
            followups: question.follow_ups.clone(),
        }
    }
}

impl Wanted {
    /// Whether nothing narrows the choice.
    pub(crate) fn is_all(&self) -> bool {
        self.kind.is_none() && self.level.is_none() && self.topic.is_none() && self.search.is_none()
    }

    /// The questions that are wanted.
    pub(crate) fn of<'b>(&self, bank: &'b Bank) -> Vec<&'b Question> {
        let found = match &self.search {
            Some(words) => bank.search(words),
            None => bank.questions.iter().collect(),
        };
        let fits = |question: &&Question| {
            self.kind.is_none_or(|kind| question.kind == kind)
                && self.level.is_none_or(|level| question.level == level)
                && self.topic.as_ref().is_none_or(|topic| is_about(question, topic))
        };
        found.into_iter().filter(fits).collect()
    }
}

/// Whether a topic is one of the question's, whatever its case.
pub(crate) fn is_about(question: &Question, topic: &str) -> bool {
    let topic = topic.to_lowercase();
    question.topics.iter().any(|it| it.to_lowercase() == topic)
}

/// A question by its id or number, or what there is instead.
pub(crate) fn find<'b>(bank: &'b Bank, name: &str) -> Result<&'b Question, Failure> {
    bank.question(name).ok_or_else(|| {
        let near: Vec<&str> =
            bank.search(&name.replace('-', " ")).iter().take(5).map(|q| q.id.as_str()).collect();
        let hint = if near.is_empty() { "hotseat questions list".into() } else { near.join(", ") };
        Failure::usage(format!("there is no question `{name}`")).hint(format!("there are: {hint}"))
    })
}

/// A page of advice by its id.
pub(crate) fn find_advice<'b>(bank: &'b Bank, id: &str) -> Result<&'b Advice, Failure> {
    bank.advice
        .iter()
        .find(|page| page.id == id)
        .ok_or_else(|| Failure::usage(format!("there is no page `{id}`")).hint("all of them: hotseat advice"))
}

impl<'b> AdviceShown<'b> {
    pub(crate) fn of(pages: impl IntoIterator<Item = &'b Advice>) -> AdviceShown<'b> {
        AdviceShown { schema: 1, advice: pages.into_iter().collect() }
    }

    /// The pages by section.
    pub(crate) fn sections(bank: &'b Bank) -> Vec<(Section, &'b [Advice])> {
        bank.advice.chunk_by(|a, b| a.section == b.section).map(|pages| (pages[0].section, pages)).collect()
    }
}
