//! The learner: their store, and what the judge's runs add to it.

use std::ffi::OsString;

use judge::verdict::Verdict;
use study::feedback::Feedback;
use study::own_answer::OwnFeedback;
use study::question::Question;
use study::schedule::{self, Memory};
use study::store::{
    AnswerId, Card, Json, NewAnswer, NewAttempt, NewReview, OwnQuestion, Scored, Store, StoreError,
};
use study::words::{CardKind, Rating, Ruling, Task};

use crate::failure::Failure;
use crate::home::Home;
use crate::use_cases::asking::HandedIn;

/// Names another store: a file, or `postgres://…`.
pub(crate) const STORE_VARIABLE: &str = "HOTSEAT_STORE";
/// How often an answer is recorded anew because another process reviewed the same card meanwhile.
const TRIES: usize = 5;

/// A learner's store, with every stored run of a drill in it.
pub(crate) struct Learner {
    pub store: Store,
}

/// An answer and what came of it.
pub(crate) struct Given<'g> {
    pub question: &'g Question,
    pub text: &'g str,
    pub seconds: Option<u32>,
    pub estimate: Option<u32>,
    pub feedback: &'g Feedback,
}

/// Milliseconds since 1970, UTC.
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

impl Learner {
    /// Opens the learner's store, makes it if need be, and joins in the runs that the judge has stored.
    pub(crate) async fn open(home: &Home) -> Result<Learner, Failure> {
        let at = std::env::var_os(STORE_VARIABLE)
            .filter(|at| !at.is_empty())
            .unwrap_or_else(|| OsString::from(home.dir.join("learner.sqlite")));
        let learner = Learner { store: Store::open(&at).await? };
        learner.join_runs(home).await?;
        Ok(learner)
    }

    /// Puts runs into the store that are not there yet, the oldest first.
    pub(crate) async fn join_runs(&self, home: &Home) -> Result<(), Failure> {
        let known = self.store.runs_recorded().await?;
        let names = home.run_names();
        let mut new: Vec<(i64, Verdict)> = names
            .iter()
            .filter(|(_, run)| !known.contains(run))
            .filter_map(|(_, run)| home.verdict_of(run))
            .collect();
        new.sort_by_key(|(at_ms, _)| *at_ms);
        for (at_ms, verdict) in new {
            self.record_run(home, at_ms, &verdict).await?;
        }
        Ok(())
    }

    async fn record_run(&self, home: &Home, at_ms: i64, verdict: &Verdict) -> Result<(), Failure> {
        let ruling = match verdict.ruling {
            judge::verdict::Ruling::Pass => Ruling::Pass,
            judge::verdict::Ruling::Fail => Ruling::Fail,
            judge::verdict::Ruling::Void => Ruling::Void,
        };
        let tries = self.store.tries_since_pass(&verdict.drill).await? + 1;
        let hints = u32::try_from(home.looked(&verdict.drill).hints).unwrap_or(u32::MAX);
        // Failures on the way to a pass are no lapses of memory: only the pass is rated.
        let rating = match ruling {
            Ruling::Pass => Rating::of_drill(Ruling::Pass, hints, tries),
            _ => None,
        };
        for _ in 0..TRIES {
            let review = match rating {
                Some(rating) => Some(self.reviewed(CardKind::Drill, &verdict.drill, rating, at_ms).await?),
                None => None,
            };
            let attempt = NewAttempt {
                run: verdict.run.clone().unwrap_or_default(),
                drill: verdict.drill.clone(),
                level: verdict.level.clone(),
                ruling,
                seed: verdict.seed,
                at_ms,
                hints_used: hints,
                verdict: Json::of(verdict).map_err(Failure::bug)?,
                review,
            };
            match self.store.record_drill_attempt(&attempt).await {
                Err(StoreError::CardMoved { .. }) => {}
                Err(error) => return Err(error.into()),
                Ok(_) => return Ok(()),
            }
        }
        Err(busy())
    }

    /// Records an answer with its feedback, and what it does to the question's card.
    pub(crate) async fn record(&self, given: &Given<'_>) -> Result<AnswerId, Failure> {
        let feedback = given.feedback;
        let rating = Rating::of_answer(feedback.score, feedback.gated.is_some());
        let answer = NewAnswer {
            question: given.question.id.clone(),
            text: given.text.to_string(),
            given_at_ms: 0,
            seconds: given.seconds,
            estimate: given.estimate.and_then(|n| u8::try_from(n).ok()),
            feedback: Scored {
                score: u8::try_from(feedback.score).unwrap_or(100),
                gated: feedback.gated.map(|reason| reason.word().to_string()),
                level: feedback.level.map(|level| level.word().to_string()),
                body: Json::of(feedback).map_err(Failure::bug)?,
            },
            review: None,
        };
        self.keep(answer, rating).await
    }

    /// Records an answer to a question about one of the learner's own runs, which no plan asks for.
    pub(crate) async fn record_own(
        &self,
        question: &str,
        handed_in: &HandedIn,
        feedback: &OwnFeedback,
    ) -> Result<AnswerId, Failure> {
        let rating = Rating::of_answer(feedback.score, feedback.gated.is_some());
        let answer = NewAnswer {
            question: question.to_string(),
            text: handed_in.text.clone(),
            given_at_ms: 0,
            seconds: handed_in.seconds,
            estimate: None,
            feedback: Scored {
                score: u8::try_from(feedback.score).unwrap_or(100),
                gated: feedback.gated.clone(),
                level: None,
                body: Json::of(feedback).map_err(Failure::bug)?,
            },
            review: None,
        };
        self.keep(answer, rating).await
    }

    /// Puts an answer into the store with what it does to the question's card.
    async fn keep(&self, answer: NewAnswer, rating: Rating) -> Result<AnswerId, Failure> {
        for _ in 0..TRIES {
            let now = now_ms();
            let review = self.reviewed(CardKind::Question, &answer.question, rating, now).await?;
            let answer = NewAnswer { given_at_ms: now, review: Some(review), ..answer.clone() };
            match self.store.record_answer(&answer).await {
                Err(StoreError::CardMoved { .. }) => {}
                recorded => return Ok(recorded?),
            }
        }
        Err(busy())
    }

    /// Questions about the learner's own runs with their cards; those never answered are due at once.
    pub(crate) async fn own_cards(&self) -> Result<Vec<(schedule::Card, OwnQuestion)>, Failure> {
        let own = self.store.own_questions().await?;
        if own.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.store.all_cards().await?;
        let with_card = |question: OwnQuestion| {
            let known = all.iter().find(|it| it.kind == CardKind::Question && it.name == question.id);
            let card = known.map_or_else(
                || schedule::Card::new(CardKind::Question, &question.id, question.added_at_ms),
                to_schedule,
            );
            (card, question)
        };
        Ok(own.into_iter().map(with_card).collect())
    }

    /// Ticks off a page of advice where the plan asks for it.
    pub(crate) async fn note_read(&self, page: &str) -> Result<(), Failure> {
        self.store.note_done(Task::Read, page, now_ms()).await?;
        Ok(())
    }

    /// What a review makes of a card.
    async fn reviewed(
        &self,
        kind: CardKind,
        name: &str,
        rating: Rating,
        now: i64,
    ) -> Result<NewReview, Failure> {
        let known = self.store.card(kind, name).await?;
        let card = known.as_ref().map_or_else(|| schedule::Card::new(kind, name, now), to_schedule);
        let elapsed_days = card.age_days(now).unwrap_or(0);
        let after = schedule::review(card, rating, now);
        let memory = after.memory.ok_or_else(|| Failure::bug("a review left no memory"))?;
        Ok(NewReview {
            rating,
            elapsed_days,
            reps_before: known.map_or(0, |card| card.reps),
            stability_days: memory.stability_days as f32,
            difficulty: memory.difficulty as f32,
            due_ms: after.due,
        })
    }

    /// Every card that the pack still has something for.
    pub(crate) async fn cards(
        &self,
        offered: impl Fn(CardKind, &str) -> bool,
    ) -> Result<Vec<schedule::Card>, Failure> {
        let all = self.store.all_cards().await?;
        Ok(all.iter().filter(|card| offered(card.kind, &card.name)).map(to_schedule).collect())
    }
}

fn busy() -> Failure {
    Failure::missing("the store is being written to by others all the time").hint("do it again in a moment")
}

/// A stored card, as the schedule sees it.
fn to_schedule(card: &Card) -> schedule::Card {
    schedule::Card {
        kind: card.kind,
        name: card.name.clone(),
        memory: Some(Memory {
            stability_days: f64::from(card.stability_days),
            difficulty: f64::from(card.difficulty),
        }),
        last_review: Some(card.last_review_ms),
        due: card.due_ms,
    }
}
