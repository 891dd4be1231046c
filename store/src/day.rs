//! Days as people in China count them; the store keeps days where an hour is nobody's business.

use jiff::{Timestamp, civil::Date, tz};

/// The day of `now` in Beijing time, which has no daylight saving.
pub(crate) fn day(now: Timestamp) -> Date {
    tz::offset(8).to_datetime(now).date()
}

/// The minute of the day, Beijing time.
pub(crate) fn minute(now: Timestamp) -> i64 {
    let time = tz::offset(8).to_datetime(now).time();
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// The day `days` before `now`.
pub(crate) fn days_before(now: Timestamp, days: i64) -> Date {
    day(now).saturating_sub(jiff::Span::new().days(days))
}

/// A day as the database holds it; what cannot be read counts as the first day there is.
pub(crate) fn read_day(text: &str) -> Date {
    text.parse().unwrap_or(Date::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_changes_at_midnight_in_beijing() {
        for (instant, expected) in [
            ("2026-11-23T15:59:59Z", "2026-11-23"),
            ("2026-11-23T16:00:00Z", "2026-11-24"),
            ("2026-12-31T16:00:00Z", "2027-01-01"),
        ] {
            let now: Timestamp = instant.parse().expect("an instant");
            assert_eq!(day(now).to_string(), expected, "{instant}");
        }
    }
}
