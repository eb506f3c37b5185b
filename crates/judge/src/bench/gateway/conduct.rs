//! How the gateway treats a payment: the words of drills for it.

/// What the gateway does at one call for a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conduct {
    /// Charges, or declines the card, and says so.
    Honest,
    /// Answers with this status and charges nothing.
    Fails(u16),
    /// Answers 429 with this many seconds of `Retry-After`.
    Limits(u64),
    /// Does nothing and says nothing until it is released; then the connection ends.
    Hangs,
    /// Charges, and then says nothing until it is released.
    ChargesAndHangs,
    /// Charges and ends the connection without an answer.
    ChargesAndCuts,
    /// Ends the connection without an answer, and charges nothing.
    Cuts,
}

impl Conduct {
    /// The word in drills and in evidence.
    pub(crate) fn word(self) -> String {
        match self {
            Conduct::Honest => "ok".into(),
            Conduct::Fails(status) => status.to_string(),
            Conduct::Limits(seconds) => format!("429:{seconds}"),
            Conduct::Hangs => "hang".into(),
            Conduct::ChargesAndHangs => "charge-hang".into(),
            Conduct::ChargesAndCuts => "charge-cut".into(),
            Conduct::Cuts => "cut".into(),
        }
    }

    fn read(word: &str) -> Option<Conduct> {
        Some(match word {
            "ok" => Conduct::Honest,
            "hang" => Conduct::Hangs,
            "charge-hang" => Conduct::ChargesAndHangs,
            "charge-cut" => Conduct::ChargesAndCuts,
            "cut" => Conduct::Cuts,
            _ => match word.strip_prefix("429:") {
                Some(seconds) => Conduct::Limits(seconds.parse().ok()?),
                None => Conduct::Fails(word.parse().ok().filter(|status| (500..600).contains(status))?),
            },
        })
    }
}

/// What it does at a payment's first call, at its second, …; afterwards it is honest, or goes on with the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Conducts {
    calls: Vec<Conduct>,
    for_ever: bool,
}

impl Conducts {
    /// Reads words such as `500 500`, `charge-cut` or `hang*`; a `*` after the last one repeats it for ever.
    ///
    /// # Errors
    /// The word that is not known.
    pub(crate) fn read(words: &str) -> Result<Conducts, String> {
        let trimmed = words.trim();
        let for_ever = trimmed.ends_with('*');
        let calls = trimmed.trim_end_matches('*').split_whitespace();
        let read = |word: &str| Conduct::read(word).ok_or_else(|| word.to_string());
        let calls = calls.map(read).collect::<Result<_, _>>()?;
        Ok(Conducts { calls, for_ever })
    }

    /// What it does at this call, counted from 0.
    pub(super) fn at(&self, call: usize) -> Conduct {
        let last = if self.for_ever { self.calls.last().copied() } else { None };
        self.calls.get(call).copied().or(last).unwrap_or(Conduct::Honest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_call_has_its_conduct_and_the_rest_are_honest() {
        let conducts = Conducts::read("500 429:2 charge-cut").expect("words");
        let words: Vec<String> = (0..5).map(|call| conducts.at(call).word()).collect();
        assert_eq!(words, ["500", "429:2", "charge-cut", "ok", "ok"]);
    }

    #[test]
    fn a_star_repeats_the_last_one() {
        let conducts = Conducts::read("charge-hang hang*").expect("words");
        let words: Vec<String> = (0..4).map(|call| conducts.at(call).word()).collect();
        assert_eq!(words, ["charge-hang", "hang", "hang", "hang"]);
    }

    #[test]
    fn a_word_that_is_not_known_is_named() {
        for word in ["404", "429", "429:soon", "explode", "600"] {
            assert_eq!(Conducts::read(&format!("ok {word}")), Err(word.to_string()));
        }
    }
}
