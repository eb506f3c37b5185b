//! How an answer to a question about one's own run is weighed. No rubric knows such a question, so only
//! its form counts: whether it is long enough, names a figure, gives a reason, and says what was done.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Shorter answers say nothing.
const WORDS_MIN: usize = 25;
const REASONS: [&str; 8] =
    ["because", "so that", "since", "therefore", "due to", "which means", "in order to", "otherwise"];
const DEEDS: [&str; 5] = ["i ", "i'd ", "i'm ", "we ", "my "];

/// What such an answer shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwnFeedback {
    /// 0 to 100.
    pub score: u32,
    /// The gate that it did not pass, or null.
    pub gated: Option<String>,
    /// What is missing, in words.
    pub lacks: Vec<String>,
}

/// Weighs an answer.
#[must_use]
pub fn weigh(answer: &str) -> OwnFeedback {
    let lower = format!(" {} ", answer.to_lowercase());
    if answer.split_whitespace().count() < WORDS_MIN {
        let lacks = vec![format!("It has fewer than {WORDS_MIN} words; an interviewer would wait for more.")];
        return OwnFeedback { score: 0, gated: Some("too-short".into()), lacks };
    }
    let mut feedback = OwnFeedback { score: 10, gated: None, lacks: Vec::new() };
    let mut weigh = |there: bool, points: u32, lacks: &str| {
        if there {
            feedback.score += points;
        } else {
            feedback.lacks.push(lacks.into());
        }
    };
    weigh(answer.bytes().any(|byte| byte.is_ascii_digit()), 30, "Name a figure of your run.");
    weigh(REASONS.iter().any(|it| lower.contains(it)), 30, "Say why.");
    weigh(DEEDS.iter().any(|it| lower.contains(&format!(" {it}"))), 30, "Say what you did or would do.");
    feedback
}

#[cfg(test)]
mod tests {
    use super::weigh;

    #[test]
    fn form_is_all_that_counts() {
        assert_eq!(weigh("fine").gated.as_deref(), Some("too-short"));
        let full = "I looked at the plan first, because the page read 31,104 blocks to show fifty rows, and most of \
                    them went to the join with refunds, so I pushed the limit below it";
        assert_eq!((weigh(full).score, weigh(full).lacks.len()), (100, 0));
        let thin = weigh(&"word ".repeat(30));
        assert_eq!((thin.score, thin.lacks.len()), (10, 3));
    }
}
