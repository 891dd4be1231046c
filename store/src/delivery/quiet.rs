//! Quiet hours, Beijing time.

use jiff::{SignedDuration, Timestamp};

use crate::day::minute;

/// When the quiet hours end in which `now` lies; `None` when it lies in none. They may run over midnight.
pub(super) fn end_of_quiet(from: i64, until: i64, now: Timestamp) -> Option<Timestamp> {
    let minute = minute(now);
    let asleep = match from < until {
        true => (from..until).contains(&minute),
        // From and until the same is no time at all, not the whole day.
        false => from != until && (minute >= from || minute < until),
    };
    let left = (until - minute).rem_euclid(24 * 60);
    let second = now.as_second() - now.as_second().rem_euclid(60);
    let begun = Timestamp::from_second(second).unwrap_or(now);
    asleep.then(|| begun + SignedDuration::from_mins(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_end_when_they_say_also_over_midnight() {
        for (from, until, now, expected) in [
            // 12:30 Beijing.
            (12 * 60, 14 * 60, "2026-11-23T04:30:10Z", Some("2026-11-23T06:00:00Z")),
            (12 * 60, 14 * 60, "2026-11-23T03:59:59Z", None),
            (12 * 60, 14 * 60, "2026-11-23T06:00:00Z", None),
            // 23:00, 03:00, 06:59, 07:00, 21:59 Beijing.
            (22 * 60, 7 * 60, "2026-11-23T15:00:00Z", Some("2026-11-23T23:00:00Z")),
            (22 * 60, 7 * 60, "2026-11-23T19:00:00Z", Some("2026-11-23T23:00:00Z")),
            (22 * 60, 7 * 60, "2026-11-23T22:59:59Z", Some("2026-11-23T23:00:00Z")),
            (22 * 60, 7 * 60, "2026-11-23T23:00:00Z", None),
            (22 * 60, 7 * 60, "2026-11-23T13:59:00Z", None),
            (22 * 60, 7 * 60, "2026-11-23T14:00:00Z", Some("2026-11-23T23:00:00Z")),
            (480, 480, "2026-11-23T00:00:00Z", None),
        ] {
            let now: Timestamp = now.parse().expect("an instant");
            let expected = expected.map(|text| text.parse().expect("an instant"));
            assert_eq!(end_of_quiet(from, until, now), expected, "{from} {until} {now}");
        }
    }
}
