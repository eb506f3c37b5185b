//! A sitting of reviews, carried from page to page in the address, so that nothing of it need be kept.

use serde::Deserialize;

/// The part of an address that says where in a sitting one is.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct Address {
    /// How many minutes there are in all; none outside a sitting.
    minutes: Option<String>,
    /// How many of them are spent.
    spent: Option<String>,
    /// What was passed over, with commas between.
    skip: Option<String>,
}

/// A sitting: a budget of minutes, and what it went to.
#[derive(Debug, Clone)]
pub(super) struct Sitting {
    pub(super) minutes: u32,
    pub(super) spent: u32,
    /// Names of questions and drills.
    pub(super) skip: Vec<String>,
}

/// A day has no more.
const MINUTES_MAX: u32 = 1_440;

impl Address {
    /// The sitting, if the address is of one. A number that is none counts as left out.
    pub(super) fn sitting(&self) -> Option<Sitting> {
        let minutes = self.minutes.as_ref()?.trim().parse::<u32>().ok()?.min(MINUTES_MAX);
        let spent = self.spent.as_ref().and_then(|spent| spent.parse().ok()).unwrap_or(0).min(MINUTES_MAX);
        Some(Sitting { minutes, spent, skip: self.skipped() })
    }

    fn skipped(&self) -> Vec<String> {
        let names = self.skip.as_deref().unwrap_or_default().split(',');
        names.filter(|name| !name.is_empty()).map(str::to_string).collect()
    }
}

impl Sitting {
    /// One that begins.
    pub(super) fn of(minutes: u32) -> Sitting {
        Sitting { minutes, spent: 0, skip: Vec::new() }
    }

    /// Minutes that are left.
    pub(super) fn left(&self) -> u32 {
        self.minutes.saturating_sub(self.spent)
    }

    /// The same with something passed over.
    pub(super) fn without(&self, name: &str) -> Sitting {
        let mut skip = self.skip.clone();
        skip.push(name.to_string());
        Sitting { skip, ..self.clone() }
    }

    /// The same after something that took so long.
    pub(super) fn after(&self, minutes: u32) -> Sitting {
        Sitting { spent: self.spent.saturating_add(minutes).min(MINUTES_MAX), ..self.clone() }
    }

    /// As it stands behind the question mark of an address.
    pub(super) fn query(&self) -> String {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let names = self.skip.iter().filter(|name| name.chars().all(plain));
        let skip = names.map(String::as_str).collect::<Vec<_>>().join(",");
        let skip = if skip.is_empty() { skip } else { format!("&skip={skip}") };
        format!("minutes={}&spent={}{skip}", self.minutes, self.spent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(minutes: &str, spent: &str, skip: &str) -> Address {
        let text = |it: &str| Some(it.to_string());
        Address { minutes: text(minutes), spent: text(spent), skip: text(skip) }
    }

    #[test]
    fn a_sitting_goes_on_in_its_address() {
        let sitting = address("60", "8", "a-b,c").sitting().expect("a sitting").without("d").after(10);
        assert_eq!(sitting.query(), "minutes=60&spent=18&skip=a-b,c,d");
        assert_eq!(sitting.left(), 42);
    }

    #[test]
    fn nonsense_in_an_address_does_no_harm() {
        assert!(address("soon", "", "").sitting().is_none());
        assert!(Address::default().sitting().is_none());
        let odd = address("99999", "many", ",\"><script>,,ok").sitting().expect("a sitting");
        assert_eq!(odd.query(), "minutes=1440&spent=0&skip=ok");
    }
}
