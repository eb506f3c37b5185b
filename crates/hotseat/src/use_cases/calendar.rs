//! The learner's own days: where they begin, and which moment belongs to which.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, ZonedDateTime};

/// A stretch of time in which clocks were ahead of UTC by the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// In milliseconds since 1970, UTC, as is the next.
    pub from_ms: i64,
    pub before_ms: i64,
    /// In milliseconds; negative in the west.
    pub ahead_ms: i64,
}

/// Today, where the learner is.
pub(crate) fn today() -> Date {
    ZonedDateTime::now().date()
}

/// The day of a moment.
pub(crate) fn day_of(at_ms: i64) -> Date {
    local(at_ms).date()
}

/// A moment as people write it: `28 Nov 2026, 09:05`.
pub(crate) fn moment(at_ms: i64) -> String {
    local(at_ms).strftime("%-d %b %Y, %H:%M").to_string()
}

fn local(at_ms: i64) -> ZonedDateTime {
    Timestamp::from_millisecond(at_ms).unwrap_or_default().to_zoned_datetime(TimeZone::system())
}

/// A day as people write it: `28 Nov 2026`.
pub(crate) fn written(day: Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

/// The day that is so many days after the first of 1970.
pub(crate) fn numbered(days: i64) -> Option<Date> {
    date(1970, 1, 1).checked_add(days.days()).ok()
}

/// When a day begins, in milliseconds since 1970, UTC.
pub(crate) fn begin_ms(day: Date, zone: &TimeZone) -> i64 {
    day.to_zoned_datetime(zone.clone()).map_or(0, |begin| begin.timestamp().as_millisecond())
}

/// The time from one day to before another, cut where clocks are changed.
pub(crate) fn stretches(from: Date, before: Date, zone: &TimeZone) -> Vec<Stretch> {
    let (mut from_ms, end_ms) = (begin_ms(from, zone), begin_ms(before, zone));
    let ahead = |at_ms: i64| {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
        i64::from(zone.to_offset(at).seconds()) * 1000
    };
    let begin = Timestamp::from_millisecond(from_ms).unwrap_or_default();
    let changes = zone.following(begin).map(|change| change.timestamp().as_millisecond());
    let mut stretches = Vec::new();
    for before_ms in changes.take_while(|at_ms| *at_ms < end_ms).chain([end_ms]) {
        if before_ms > from_ms {
            stretches.push(Stretch { from_ms, before_ms, ahead_ms: ahead(from_ms) });
        }
        from_ms = before_ms;
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central Europe, by its rule, so that the machine need not have a database of zones.
    fn berlin() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("it is a zone")
    }

    #[test]
    fn a_time_is_cut_where_clocks_change() {
        let hour = 3_600_000;
        let found = stretches(date(2026, 3, 1), date(2026, 11, 1), &berlin());
        assert_eq!(found.iter().map(|it| it.ahead_ms / hour).collect::<Vec<_>>(), [1, 2, 1]);
        assert!(found.windows(2).all(|two| two[0].before_ms == two[1].from_ms));
        let day = stretches(date(2026, 3, 29), date(2026, 3, 30), &berlin());
        let length: i64 = day.iter().map(|it| it.before_ms - it.from_ms).sum();
        assert_eq!(length, 23 * hour, "the day on which an hour is lost");
        assert_eq!(stretches(date(2026, 3, 1), date(2026, 3, 1), &berlin()), []);
    }

    #[test]
    fn a_moment_falls_on_the_same_day_by_either_way() {
        for cut in stretches(date(2026, 3, 28), date(2026, 10, 27), &berlin()) {
            for at_ms in [cut.from_ms, cut.before_ms - 1] {
                let by_count = numbered((at_ms + cut.ahead_ms).div_euclid(86_400_000));
                let at = Timestamp::from_millisecond(at_ms).expect("a moment").to_zoned_datetime(berlin());
                assert_eq!(by_count, Some(at.date()));
            }
        }
    }
}
