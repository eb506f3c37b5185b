//! Dates as they are read: `2021-03` is "Mar 2021", and what has no end is "present".

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// From when until when.
pub(crate) fn span(start: Option<&str>, end: Option<&str>) -> Option<String> {
    match (start.map(date), end.map(date)) {
        (Some(start), Some(end)) if start == end => Some(start),
        (Some(start), Some(end)) => Some(format!("{start} – {end}")),
        (Some(start), None) => Some(format!("{start} – present")),
        (None, end) => end,
    }
}

/// A date of ISO 8601 as words; anything else stays as it is.
pub(crate) fn date(text: &str) -> String {
    words(text).unwrap_or_else(|| text.to_owned())
}

fn words(text: &str) -> Option<String> {
    let day = text.split('T').next()?;
    let parts: Vec<&str> = day.split('-').collect();
    let number = |part: &str, digits: usize| {
        let all_digits = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        all_digits.then(|| part.parse::<usize>().ok()).flatten()
    };
    let (&year, rest) = parts.split_first()?;
    number(year, 4)?;
    let month = |part: &str| number(part, 2)?.checked_sub(1).and_then(|index| MONTHS.get(index).copied());
    match *rest {
        [] => Some(year.to_owned()),
        [of_year] => Some(format!("{} {year}", month(of_year)?)),
        [of_year, of_month] => {
            number(of_month, 2).filter(|day| (1..=31).contains(day))?;
            Some(format!("{} {year}", month(of_year)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_words() {
        for (given, read) in [
            ("2021", "2021"),
            ("2021-03", "Mar 2021"),
            ("2021-03-31", "Mar 2021"),
            ("2021-12-01T00:00:00Z", "Dec 2021"),
            ("2021-13", "2021-13"),
            ("2021-00", "2021-00"),
            ("2021-03-99", "2021-03-99"),
            ("spring 2021", "spring 2021"),
            ("", ""),
        ] {
            assert_eq!(date(given), read);
        }
    }

    #[test]
    fn spans_are_words() {
        assert_eq!(span(Some("2019-04"), Some("2021")).as_deref(), Some("Apr 2019 – 2021"));
        assert_eq!(span(Some("2019"), None).as_deref(), Some("2019 – present"));
        assert_eq!(span(None, Some("2019")).as_deref(), Some("2019"));
        assert_eq!(span(Some("2019"), Some("2019")).as_deref(), Some("2019"));
        assert_eq!(span(None, None), None);
    }
}
