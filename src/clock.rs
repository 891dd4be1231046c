//! The one place that reads the time; the crates below get it as a parameter.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// The time, perhaps shifted for a rehearsal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clock {
    shift: SignedDuration,
}

impl Clock {
    /// A clock that shows `now` at this moment and runs on from there.
    pub(crate) fn starting_at(now: Timestamp) -> Self {
        Self { shift: now.duration_since(Timestamp::now()) }
    }

    /// This moment.
    pub(crate) fn now(self) -> Timestamp {
        Timestamp::now().saturating_add(self.shift).unwrap_or(Timestamp::MAX)
    }

    /// Today in China, whose one time zone has no summer time.
    pub(crate) fn today(self) -> Date {
        self.now().to_zoned_datetime(TimeZone::fixed(Offset::constant(8))).date()
    }
}

/// Parses `--now`: `2026-11-09T08:00:00+08:00`, or a day, which begins at midnight in China.
pub(crate) fn parse_now(text: &str) -> Result<Timestamp, String> {
    let day = || {
        let date: Date = text.parse().ok()?;
        Some(date.to_zoned_datetime(TimeZone::fixed(Offset::constant(8))).ok()?.timestamp())
    };
    text.parse().ok().or_else(day).ok_or_else(|| {
        format!("`{text}` is no time; write 2026-11-09 or 2026-11-09T08:00:00+08:00")
    })
}
