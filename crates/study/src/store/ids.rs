//! Ids of answers and attempts: what they can be, and how they are written.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::moment::LAST_MS;
use super::records::NewAttempt;

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

impl AnswerId {
    /// No answer of this moment or later has a lower id.
    pub(super) fn first_of(at_ms: i64) -> AnswerId {
        AnswerId(id(at_ms.clamp(0, LAST_MS), &[0; 10]))
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
