//! Dates as JSON Resume writes them: a year, a month or a day.

/// A date of which the day, or the month too, may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: Option<u8>,
    /// The day, from 1.
    pub day: Option<u8>,
}

/// The months in English.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Date {
    /// Reads `2021`, `2021-04` or `2021-04-01`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.trim().split('-');
        let number = |part: &str, digits: usize| {
            let whole = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
            whole.then(|| part.parse::<u16>().ok()).flatten()
        };
        let year = number(parts.next()?, 4)?;
        let month = match parts.next() {
            Some(part) => Some(u8::try_from(number(part, 2).filter(|it| (1..=12).contains(it))?).ok()?),
            None => None,
        };
        let day = match parts.next() {
            Some(part) => Some(u8::try_from(number(part, 2).filter(|it| (1..=31).contains(it))?).ok()?),
            None => None,
        };
        parts.next().is_none().then_some(Date { year, month, day })
    }

    /// Whether it is certainly before another one.
    pub(crate) fn is_before(self, other: Date) -> bool {
        let known = |date: Date| (date.year, date.month.unwrap_or(0), date.day.unwrap_or(0));
        let (a, b) = (known(self), known(other));
        a.0 < b.0 || a.0 == b.0 && (a.1 < b.1 && a.1 > 0 || a.1 == b.1 && a.1 > 0 && a.2 < b.2 && a.2 > 0)
    }

    /// For people: `Apr 2021`.
    #[must_use]
    pub fn shown(self) -> String {
        match self.month {
            Some(month) => format!("{} {}", &MONTHS[usize::from(month) - 1][..3], self.year),
            None => self.year.to_string(),
        }
    }

    /// Months since the year 0, of its beginning.
    pub(crate) fn months(self) -> i32 {
        i32::from(self.year) * 12 + i32::from(self.month.unwrap_or(1)) - 1
    }
}

/// Two dates of a field, for people; `present` where the end is open and there is a beginning.
pub(crate) fn span(start: Option<&str>, end: Option<&str>) -> String {
    let shown = |text: &str| Date::parse(text).map_or(text.to_string(), Date::shown);
    match (start.filter(|it| !it.is_empty()), end.filter(|it| !it.is_empty())) {
        (Some(start), Some(end)) => format!("{} – {}", shown(start), shown(end)),
        (Some(start), None) => format!("{} – present", shown(start)),
        (None, Some(end)) => shown(end),
        (None, None) => String::new(),
    }
}
