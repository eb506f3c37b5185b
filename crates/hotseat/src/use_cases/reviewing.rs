//! What to come back to now, the most urgent first.

use jiff::ZonedDateTime;
use jiff::civil::Date;
use serde::Serialize;
use study::bank::Bank;
use study::plan::FEEDBACK_MINUTES;
use study::schedule::{Candidate, Card, choose, recall};
use study::words::CardKind;
use utoipa::ToSchema;

use crate::failure::Failure;
use crate::learner::{Learner, now_ms};
use crate::pack::Pack;

/// So many minutes if nobody says how many.
pub(crate) const MINUTES: u32 = 60;
/// A question about a run of one's own takes so long, with what is said to the answer.
pub(crate) const OWN_MINUTES: u32 = 4;

/// What is due and fits into the minutes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Reviews)]
pub(crate) struct Queue {
    /// The version of this shape.
    pub schema: u32,
    /// The most urgent first.
    pub due: Vec<Due>,
}

/// Something that is due.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Due {
    pub kind: CardKind,
    /// The question's id or the drill's name.
    pub name: String,
    /// How likely it is to be remembered now, 0 to 1.
    pub recall: f64,
    /// When it fell due, in milliseconds since 1970, UTC.
    pub due_ms: i64,
    /// How long it takes, in minutes, feedback included.
    pub minutes: u32,
    /// What is asked, of a question about a run of your own; left out of all others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

impl Due {
    /// Never asked: there is nothing yet to be remembered.
    pub(crate) fn is_new(&self) -> bool {
        self.recall <= 0.0
    }
}

/// What is due and fits into these minutes. With a date ahead, what adds most to that day comes first, due or
/// not.
pub(crate) async fn queue(
    minutes: u32,
    pack: &Pack,
    bank: &Bank,
    learner: &Learner,
) -> Result<Queue, Failure> {
    let drills = pack.outlines();
    let offered = |kind: CardKind, name: &str| match kind {
        CardKind::Question => bank.question(name).is_some(),
        CardKind::Drill => drills.contains_key(name),
    };
    let takes = |card: &Card| match card.kind {
        CardKind::Question => {
            bank.question(&card.name).map_or(OWN_MINUTES, |question| question.minutes + FEEDBACK_MINUTES)
        }
        CardKind::Drill => drills.get(&card.name).map_or(0, |drill| drill.minutes),
    };
    let now = now_ms();
    let own = learner.own_cards().await?;
    let mut cards = learner.cards(offered).await?;
    cards.extend(own.iter().map(|(card, _)| card.clone()));
    let candidates: Vec<Candidate> =
        cards.into_iter().map(|card| Candidate { minutes: takes(&card), card }).collect();
    let today = ZonedDateTime::now().date();
    let plan = learner.store.plan().await?;
    let date = plan.and_then(|plan| plan.interview?.parse::<Date>().ok());
    let chosen = choose(&candidates, now, today, date, minutes);
    let due = chosen.into_iter().map(|place| &candidates[place]).map(|candidate| Due {
        kind: candidate.card.kind,
        name: candidate.card.name.clone(),
        recall: (recall(&candidate.card, now) * 1000.0).round() / 1000.0,
        due_ms: candidate.card.due,
        minutes: candidate.minutes,
        prompt: own.iter().find(|(_, it)| it.id == candidate.card.name).map(|(_, it)| it.prompt.clone()),
    });
    Ok(Queue { schema: 1, due: due.collect() })
}
