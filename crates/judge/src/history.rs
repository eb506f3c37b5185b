//! What happened to one payment: who sent what, who was called, what was charged, and what went wrong meanwhile.
//!
//! Facts for drawing, never for judging: pure functions of a run's evidence.

mod fold;
mod series;
mod story;
#[cfg(test)]
mod tests;

use crate::evidence::{EvidenceError, Reading, Rows};
use crate::sql::Value;
use crate::verdict::{COUNTEREXAMPLES_SHOWN, Finding, State};

pub use series::{Call, Exchange, Series};

/// Whom a counterexample is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// What stands in the bodies of its requests: columns `payment` and `reference`.
    Payment(String),
    /// The `Idempotency-Key` of its requests: column `key`.
    Key(String),
    /// The number of one exchange: column `exchange`.
    Exchange(i64),
}

/// Who does something, or to whom it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// Who sends the requests.
    Customer,
    /// An instance of the program, from 1.
    Instance(i64),
    /// Whom the program calls.
    Gateway,
}

/// What kind of event it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// A request goes out.
    Sent,
    /// A call comes to the gateway.
    Called,
    /// The gateway charges.
    Charged,
    /// The gateway answers.
    CallAnswered,
    /// The gateway does not answer, or its caller has gone.
    CallUnanswered,
    /// A fault cuts a connection.
    Cut,
    /// A fault kills an instance.
    Killed,
    /// A fault tells an instance to end.
    Terminated,
    /// A fault stops an instance for a while.
    Frozen,
    /// A fault ends every connection to a component.
    Away,
    /// An instance ends by itself.
    Ended,
    /// The request is answered.
    Answered,
    /// It was sent, and no answer came.
    Unanswered,
    /// It could not be sent.
    NotSent,
    /// An instance takes connections or goes on again, or a component does.
    Back,
    /// Events that were left out, for brevity.
    LeftOut,
}

impl What {
    /// Whether something was lost here.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        use What::{Away, CallUnanswered, Cut, Ended, Frozen, Killed, NotSent, Terminated, Unanswered};
        let lost = matches!(self, CallUnanswered | Unanswered | NotSent | Ended);
        lost || matches!(self, Cut | Killed | Terminated | Frozen | Away)
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Since the run began.
    pub at_us: i64,
    /// Who does it, or to whom it is done.
    pub lane: Lane,
    /// To whom it goes, if it goes anywhere.
    pub to: Option<Lane>,
    /// The kind.
    pub what: What,
    /// The rest in words.
    pub detail: String,
    /// How many alike this one stands for.
    pub times: usize,
    /// When the last of them happened.
    pub until_us: i64,
}

/// The time in which a fault kept something from working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// When it landed.
    pub at_us: i64,
    /// When all ran again; none for a cut.
    pub over_us: Option<i64>,
    /// The instance that was away, if it was one.
    pub instance: Option<i64>,
    /// The fault's name.
    pub fault: String,
}

/// A phase of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its name.
    pub name: String,
    /// When it began.
    pub started_us: i64,
    /// When it ended.
    pub ended_us: i64,
}

/// A request as it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its exchange's number.
    pub exchange: i64,
    /// Such as POST.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body, if there is one.
    pub body: Option<String>,
}

/// A story from its first request to its last answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// Whom it is about, in words.
    pub of: String,
    /// How many instances the program has.
    pub instances: i64,
    /// Its first request.
    pub request: Request,
    /// The phases in which something of it happened, in their order.
    pub phases: Vec<Span>,
    /// The faults that struck it.
    pub windows: Vec<Window>,
    /// In the order in which they happened.
    pub events: Vec<Event>,
}

impl Subject {
    /// Whom the counterexamples that are shown name in their columns `payment`, `reference`, `key` and
    /// `exchange`, the first one first.
    #[must_use]
    pub fn all(counterexamples: &Rows) -> Vec<Subject> {
        let rows = counterexamples.rows.iter().take(COUNTEREXAMPLES_SHOWN);
        rows.flat_map(|row| Subject::of_row(&counterexamples.columns, row)).collect()
    }

    fn of_row(columns: &[String], row: &[Value]) -> Vec<Subject> {
        let cell = |name: &str| row.get(columns.iter().position(|it| it.eq_ignore_ascii_case(name))?);
        let text = |name: &str| match cell(name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let number = match cell("exchange") {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        };
        let payments = ["payment", "reference"].into_iter().filter_map(text).map(Subject::Payment);
        payments.chain(text("key").map(Subject::Key)).chain(number.map(Subject::Exchange)).collect()
    }
}

impl History {
    /// The story of the first counterexample that has one, and the finding that it belongs to. There is none
    /// if nothing is broken, or no program was asked.
    ///
    /// # Errors
    /// When the evidence cannot be read.
    pub fn first<'f>(
        findings: &'f [Finding],
        reading: &Reading,
    ) -> Result<Option<(&'f Finding, History)>, EvidenceError> {
        if !series::programs_were_asked(reading) {
            return Ok(None);
        }
        for finding in findings {
            let State::Broken { counterexamples, .. } = &finding.state else { continue };
            for subject in Subject::all(counterexamples) {
                if let Some(history) = History::of(&subject, reading)? {
                    return Ok(Some((finding, history)));
                }
            }
        }
        Ok(None)
    }

    /// What happened to somebody; none if no request was about it.
    ///
    /// # Errors
    /// When the evidence cannot be read.
    pub fn of(subject: &Subject, reading: &Reading) -> Result<Option<History>, EvidenceError> {
        let story = story::Story::read(subject, reading)?;
        Ok(story.map(|story| story.told(subject)))
    }
}
