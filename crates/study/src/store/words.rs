//! Words, numbers and ids that stand for something: what they can be, and how they are written.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::records::NewAttempt;

/// Words that are stored as they are written here.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// As it is stored, exported and shown.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// Reads what [`Self::word`] gave.
            #[must_use]
            pub fn from_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$variant),)* _ => None }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// What a card stands for.
    CardKind {
        /// A question, by its id in the pack.
        Question = "question",
        /// A drill, by its name in the pack.
        Drill = "drill",
    }
}

words! {
    /// What a drill's judge said.
    Ruling {
        /// Every claim held.
        Pass = "pass",
        /// One was broken.
        Fail = "fail",
        /// The run could not be judged; it never counts against the learner.
        Void = "void",
    }
}

words! {
    /// What is to be done with an item of a plan.
    Task {
        /// Read an advice page.
        Read = "read",
        /// Answer a question.
        Answer = "answer",
        /// Do a drill.
        Do = "do",
    }
}

words! {
    /// A day of the week.
    Weekday {
        /// The first.
        Monday = "monday",
        /// The second.
        Tuesday = "tuesday",
        /// The third.
        Wednesday = "wednesday",
        /// The fourth.
        Thursday = "thursday",
        /// The fifth.
        Friday = "friday",
        /// The sixth.
        Saturday = "saturday",
        /// The seventh.
        Sunday = "sunday",
    }
}

/// How well something was remembered, as FSRS counts it: 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Rating {
    /// Not at all: 1, and it counts as a lapse.
    Again = 1,
    /// Just about: 2.
    Hard = 2,
    /// As expected: 3.
    Good = 3,
    /// Without effort: 4.
    Easy = 4,
}

impl From<Rating> for u8 {
    fn from(rating: Rating) -> u8 {
        rating as u8
    }
}

impl TryFrom<u8> for Rating {
    type Error = &'static str;

    fn try_from(number: u8) -> Result<Rating, &'static str> {
        [Rating::Again, Rating::Hard, Rating::Good, Rating::Easy]
            .into_iter()
            .find(|rating| *rating as u8 == number)
            .ok_or("a rating is 1, 2, 3 or 4")
    }
}

/// An id: 32 hexadecimal digits, of which the first twelve are the time, so that ids sort by it.
macro_rules! ids {
    ($($(#[$about:meta])* $name:ident,)*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// As text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Reads what [`Self::as_str`] gave.
            #[must_use]
            pub fn parse(text: &str) -> Option<$name> {
                let hexadecimal = |c: u8| matches!(c, b'0'..=b'9' | b'a'..=b'f');
                (text.len() == 32 && text.bytes().all(hexadecimal)).then(|| $name(text.into()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = String::deserialize(deserializer)?;
                $name::parse(&text).ok_or_else(|| {
                    serde::de::Error::custom(format!("`{text}` is no id of 32 hexadecimal digits"))
                })
            }
        }
    )*};
}

ids! {
    /// Names an answer, in this store and in every one that it is imported to.
    AnswerId,
    /// Names a drill attempt. It is computed from the run, so the same run has the same id everywhere.
    AttemptId,
}

impl AnswerId {
    /// One that nobody else has.
    pub(super) fn fresh(given_at_ms: i64) -> AnswerId {
        let mut chance = [0; 10];
        getrandom::fill(&mut chance).expect("the operating system gives random numbers");
        AnswerId(id(given_at_ms, &chance))
    }
}

impl AttemptId {
    /// The id of a run.
    #[must_use]
    pub fn of(attempt: &NewAttempt) -> AttemptId {
        AttemptId::computed(&attempt.run, &attempt.drill, attempt.seed, attempt.at_ms)
    }

    pub(super) fn computed(run: &str, drill: &str, seed: u64, at_ms: i64) -> AttemptId {
        let digest = Sha256::digest(format!("{run}\0{drill}\0{seed}\0{at_ms}"));
        AttemptId(id(at_ms, &digest[..10]))
    }
}

fn id(at_ms: i64, rest: &[u8]) -> String {
    rest.iter().fold(format!("{at_ms:012x}"), |id, byte| format!("{id}{byte:02x}"))
}
