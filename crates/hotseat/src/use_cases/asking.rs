//! An answer to a question: taken with care, given feedback, kept, and shown again.

use judge::verdict::{Finding, State, Verdict};
use serde::{Deserialize, Serialize};
use study::bank::Bank;
use study::feedback::{ANSWER_BYTES_MAX, Feedback};
use study::own_answer::{OwnFeedback, weigh};
use study::question::Question;
use study::store::{Answer, AnswerId, OwnQuestion, Score};
use study::words::CardKind;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::learner::{Given, Learner, now_ms};
use crate::pack::Pack;

/// So many earlier answers to the same question are listed.
const EARLIER: u32 = 20;

/// Feedback on an answer, with what stands beside it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Answered {
    #[serde(flatten)]
    pub feedback: Feedback,
    /// The score that was expected, or null.
    pub estimate: Option<u32>,
    /// The drills behind the question.
    pub drills: Vec<Behind>,
}

/// A drill behind a question.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Behind {
    pub name: String,
    pub title: String,
    /// Whether the learner has passed it.
    pub passed: bool,
    /// The run that passed last, or null.
    pub run: Option<String>,
    /// The learner's figures of that run that stand beside the reference's.
    pub figures: Vec<String>,
}

/// What somebody hands in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAnswer)]
pub(crate) struct HandedIn {
    /// The answer, as plain text of at most 64 kB.
    #[schema(pattern = r"^[^\x00]*[^\s\x00][^\x00]*$")]
    pub text: String,
    /// How long it took to give, in seconds; null where nobody measured.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 4_294_967_295_i64)]
    pub seconds: Option<u32>,
    /// The score that the learner expects, said before it is shown; null for no estimate.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    pub estimate: Option<u32>,
}

/// An answer in the store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Answer)]
pub(crate) struct Kept {
    /// The version of this shape.
    pub schema: u32,
    /// 32 hexadecimal digits.
    pub id: String,
    /// The question's id.
    pub question: String,
    /// The question itself, or null where neither the pack nor the store has it any more.
    pub prompt: Option<String>,
    /// When it was given, in milliseconds since 1970, UTC.
    pub given_at_ms: i64,
    /// How long it took to give, in seconds, or null.
    pub seconds: Option<u32>,
    /// The score that was expected, or null.
    pub estimate: Option<u8>,
    /// 0 to 100.
    pub score: u8,
    /// The answer as it was given.
    pub text: String,
    /// The feedback as it was given; null where a store was imported whose feedback cannot be read.
    pub feedback: Option<Feedback>,
    /// What was said of its form, where the question is about a run of your own; left out of all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_feedback: Option<OwnFeedback>,
    /// Other answers to the same question, the newest first.
    pub others: Vec<Other>,
    /// The drills behind the question.
    pub drills: Vec<Behind>,
}

/// Another answer to the same question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OtherAnswer)]
pub(crate) struct Other {
    pub id: String,
    /// When it was given, in milliseconds since 1970, UTC.
    pub given_at_ms: i64,
    /// 0 to 100.
    pub score: u8,
    /// The score that was expected, or null.
    pub estimate: Option<u8>,
}

impl HandedIn {
    /// The same, if it can be an answer at all; `name` is what it is called when it cannot.
    pub(crate) fn checked(self, name: &str) -> Result<HandedIn, Failure> {
        if let Some(estimate) = self.estimate.filter(|estimate| *estimate > 100) {
            return Err(Failure::usage(format!("an estimate of {estimate} cannot be"))
                .hint("give a number from 0 to 100, or no estimate"));
        }
        Ok(HandedIn { text: text_of(self.text.into_bytes(), name)?, ..self })
    }

    /// Keeps it with the feedback on it, and what that does to the question's card.
    pub(crate) async fn keep(
        &self,
        question: &Question,
        feedback: &Feedback,
        learner: &Learner,
    ) -> Result<AnswerId, Failure> {
        let given =
            Given { question, text: &self.text, seconds: self.seconds, estimate: self.estimate, feedback };
        learner.record(&given).await
    }
}

/// Bytes as the text of an answer; `name` is where they come from.
pub(crate) fn text_of(bytes: Vec<u8>, name: &str) -> Result<String, Failure> {
    if bytes.len() > ANSWER_BYTES_MAX {
        return Err(Failure::usage(format!("{name} holds more than {} kB", ANSWER_BYTES_MAX / 1024))
            .hint("an answer of three minutes has about 450 words; hand in what you would say"));
    }
    if bytes.contains(&0) {
        return Err(
            Failure::usage(format!("{name} is binary, not text")).hint("save the answer as plain text")
        );
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Failure::usage(format!("{name}:{line}: not UTF-8 text")).hint("save the file as UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').map_or(text.as_str(), |rest| rest).to_string();
    if text.trim().is_empty() {
        return Err(
            Failure::usage(format!("{name} is empty")).hint("say something, if only what you are unsure of")
        );
    }
    Ok(text)
}

/// The question to answer next: the one that is due longest, else the first that was never answered.
pub(crate) async fn next<'b>(bank: &'b Bank, learner: &Learner) -> Result<&'b Question, Failure> {
    let known = |kind: CardKind, name: &str| kind == CardKind::Question && bank.question(name).is_some();
    let due = learner.store.due_cards_among(now_ms(), 1, known).await?;
    if let Some(question) = due.first().and_then(|card| bank.question(&card.name)) {
        return Ok(question);
    }
    let answered = learner.store.questions_answered().await?;
    let new = |question: &&Question| !answered.iter().any(|done| done.question == question.id);
    bank.questions.iter().find(new).ok_or_else(|| {
        Failure::usage("every question is answered, and none is due yet")
            .hint("name one: hotseat questions list")
    })
}

/// An answer of the store with its feedback; none if there is no such answer.
pub(crate) async fn kept(
    id: &str,
    bank: &Bank,
    pack: &Pack,
    learner: &Learner,
) -> Result<Option<Kept>, Failure> {
    let Some(id) = AnswerId::parse(id) else { return Ok(None) };
    let Some(answer) = learner.store.answer(&id).await? else { return Ok(None) };
    let question = bank.question(&answer.question);
    let (prompt, drills) = match question {
        Some(it) => (Some(it.prompt.clone()), behind(&it.drills, pack, learner).await?),
        None => (own_question(&answer.question, learner).await?.map(|it| it.prompt), Vec::new()),
    };
    let own_feedback = question.is_none().then(|| answer.feedback.body.read().ok()).flatten();
    let others = others(&answer.question, learner).await?.into_iter().filter(|it| it.id != id.as_str());
    let Answer { given_at_ms, seconds, estimate, feedback, text, .. } = answer;
    Ok(Some(Kept {
        schema: 1,
        id: id.as_str().into(),
        prompt,
        question: answer.question,
        given_at_ms,
        seconds,
        estimate,
        score: feedback.score,
        text,
        feedback: feedback.body.read().ok(),
        own_feedback,
        others: others.collect(),
        drills,
    }))
}

/// A question about one of the learner's own runs; none of this id.
pub(crate) async fn own_question(id: &str, learner: &Learner) -> Result<Option<OwnQuestion>, Failure> {
    Ok(learner.store.own_questions().await?.into_iter().find(|it| it.id == id))
}

/// Weighs the form of an answer to such a question, and keeps both.
pub(crate) async fn answer_own(
    question: &OwnQuestion,
    handed_in: &HandedIn,
    learner: &Learner,
) -> Result<(AnswerId, OwnFeedback), Failure> {
    let feedback = weigh(&handed_in.text);
    let id = learner.record_own(&question.id, handed_in, &feedback).await?;
    Ok((id, feedback))
}

/// The last answers to a question, the newest first.
pub(crate) async fn others(question: &str, learner: &Learner) -> Result<Vec<Other>, Failure> {
    let other = |score: Score| Other {
        id: score.answer.as_str().into(),
        given_at_ms: score.given_at_ms,
        score: score.score,
        estimate: score.estimate,
    };
    Ok(learner.store.scores(question, EARLIER).await?.into_iter().map(other).collect())
}

/// Drills, with the learner's own figures where they have passed.
pub(crate) async fn behind(
    drills: &[String],
    pack: &Pack,
    learner: &Learner,
) -> Result<Vec<Behind>, Failure> {
    let mut behind = Vec::new();
    for name in drills {
        let passed = learner.store.last_pass(name).await?;
        let figures = passed.as_ref().map_or_else(Vec::new, |pass| figures(pass.verdict.read().ok()));
        behind.push(Behind {
            name: name.clone(),
            title: pack.outlines().get(name).map_or_else(|| name.clone(), |it| it.title.clone()),
            passed: passed.is_some(),
            run: passed.map(|pass| pass.run),
            figures,
        });
    }
    Ok(behind)
}

/// Figures that stand beside the reference's: they say more than those that only meet a rule.
pub(crate) fn figures(verdict: Option<Verdict>) -> Vec<String> {
    let has_par = |finding: &Finding| matches!(&finding.state, State::Held(it) if it.par.is_some());
    let findings = verdict.map(|verdict| verdict.findings).unwrap_or_default();
    let told = findings.iter().filter(|finding| has_par(finding));
    told.map(|finding| finding.lines().first().cloned().unwrap_or_default()).collect()
}

/// How long an answer is and whether that fits, in words.
pub(crate) fn length(feedback: &Feedback) -> String {
    let minutes = |seconds: usize| format!("{} min {:02} s", seconds / 60, seconds % 60);
    let share = feedback.spoken_seconds.saturating_mul(100).checked_div(feedback.allowed_seconds);
    let fits = match share.unwrap_or(0) {
        ..30 => ": there is time to say more",
        30..=120 => "",
        _ => ": longer than you will be listened to",
    };
    format!(
        "{} words, {} spoken, of {}{fits}",
        feedback.words,
        minutes(feedback.spoken_seconds),
        minutes(feedback.allowed_seconds)
    )
}
