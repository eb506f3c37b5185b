//! Words that stand for something in schedule, plan and store alike, and how each is written.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Words that are stored, exported and shown as they are written here.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
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
    /// What is to be done with something.
    Task {
        /// Read a page of advice.
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

/// How well something was remembered, as FSRS counts it: 1 to 4. It follows from feedback or from a
/// verdict, never from the learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
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
