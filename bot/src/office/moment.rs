//! Moments as officials write and readers read them: Beijing time, to the minute.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz};

pub use fenghuo_content::published::moment;

/// The clock on the wall in China at `at`.
pub fn wall(at: Timestamp) -> DateTime {
    tz::offset(8).to_datetime(at)
}

/// The moment at which the clock on the wall shows `wall`.
pub fn instant(wall: DateTime) -> Timestamp {
    tz::offset(8).to_timestamp(wall).unwrap_or(Timestamp::MAX)
}

/// The day in China at `at`.
pub fn day(at: Timestamp) -> Date {
    wall(at).date()
}

/// Reads `2026-11-09 18:00`, `2026-11-09T18:00`, the same with an offset, or a day, which ends at its midnight.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Some(exact);
    }
    if text.len() == 10 {
        return Some(instant(text.parse::<Date>().ok()?.tomorrow().ok()?.at(0, 0, 0, 0)));
    }
    text.replacen(' ', "T", 1).parse::<DateTime>().ok().map(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_written() {
        for (text, expected) in [
            ("2026-11-09 18:05", Some("2026年11月9日18:05")),
            ("2026-11-09T18:05", Some("2026年11月9日18:05")),
            ("2026-11-09T10:05:00Z", Some("2026年11月9日18:05")),
            ("2026-11-09T18:05:00+08:00", Some("2026年11月9日18:05")),
            ("2026-11-09", Some("2026年11月9日24:00")),
            ("2026-13-09", None),
            ("morgen", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(moment).as_deref(), expected, "{text}");
        }
    }
}
