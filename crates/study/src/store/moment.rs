//! Dates for people, computed by hand: the store itself knows milliseconds only.

/// 9999-12-31T23:59:59.999Z; what is later has no date that people could read.
pub(super) const LAST_MS: i64 = 253_402_300_799_999;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The moment as RFC 3339 writes it, such as `2026-11-24T14:41:54.123Z`.
pub(super) fn to_rfc3339(at_ms: i64) -> String {
    let (days, in_day) = (at_ms.div_euclid(DAY_MS), at_ms.rem_euclid(DAY_MS));
    let (year, month, day) = civil(days);
    let (seconds, millis) = (in_day / 1000, in_day % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
}

/// The moment that [`to_rfc3339`] wrote; no other spelling is read.
pub(super) fn from_rfc3339(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let days = days(text.get(..10)?)?;
    let of_day = ((number(11, 13)? * 60 + number(14, 16)?) * 60 + number(17, 19)?) * 1000 + number(20, 23)?;
    let at_ms = days * DAY_MS + of_day;
    (to_rfc3339(at_ms) == text).then_some(at_ms)
}

/// Whether this is a date of the calendar as ISO 8601 writes it, such as `2026-11-24`.
pub(super) fn is_date(text: &str) -> bool {
    days(text).is_some()
}

/// The days since 1970-01-01.
fn days(date: &str) -> Option<i64> {
    let number = |from: usize, to: usize| date.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    // Years begin in March here, so that the leap day comes last.
    let year_from_march = if month <= 2 { year - 1 } else { year };
    let era = year_from_march.div_euclid(400);
    let year_of_era = year_from_march.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    let (year, month, day) = civil(days);
    (format!("{year:04}-{month:02}-{day:02}") == date).then_some(days)
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}
