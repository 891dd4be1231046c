//! The four seasons, and which seasonal notices are in their window on a day.

use fenghuo_content::kind::Notice;
use fenghuo_content::{Content, Document, DocumentId, Library, Occasion, Season};
use jiff::civil::{Date, DateTime};
use jiff::{Span, ToSpan};

use crate::Site;

/// One of the four seasons, as the API names them: three whole months each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Quarter {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl Quarter {
    pub(crate) const ALL: [Self; 4] = [Self::Spring, Self::Summer, Self::Autumn, Self::Winter];
    /// The seasons of the two school holidays, for which schools have lessons of their own.
    pub(crate) const HOLIDAYS: [Self; 2] = [Self::Summer, Self::Winter];

    /// Word in addresses.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Spring => "spring",
            Self::Summer => "summer",
            Self::Autumn => "autumn",
            Self::Winter => "winter",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Spring => "春季",
            Self::Summer => "夏季",
            Self::Autumn => "秋季",
            Self::Winter => "冬季",
        }
    }

    pub(crate) fn months(self) -> Season {
        Season::of(match self {
            Self::Spring => [3, 4, 5],
            Self::Summer => [6, 7, 8],
            Self::Autumn => [9, 10, 11],
            Self::Winter => [12, 1, 2],
        })
    }

    pub(crate) fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quarter| quarter.key() == key)
    }
}

/// A seasonal notice that is in its window.
#[derive(Clone, Copy)]
pub(crate) struct Due<'a> {
    pub(crate) document: &'a Document,
    pub(crate) notice: &'a Notice,
    /// First day.
    pub(crate) start: Date,
    /// From then on it is not shown.
    pub(crate) expires: DateTime,
}

impl<'a> Due<'a> {
    /// `notice` of `document`, if `today` is in its window.
    pub(crate) fn of(document: &'a Document, notice: &'a Notice, today: Date) -> Option<Self> {
        let (start, expires) = window(notice, today)?;
        Some(Self { document, notice, start, expires })
    }

    /// `2026-11-23T00:00+08:00`, for scripts; all of China keeps one time.
    pub(crate) fn expires_stamp(&self) -> String {
        stamp(self.expires)
    }

    /// `11月23日 0时`, for readers.
    pub(crate) fn expires_label(&self) -> String {
        moment_label(self.expires)
    }
}

/// `2026-11-23T00:00:00+08:00`.
pub(crate) fn stamp(moment: DateTime) -> String {
    format!("{}+08:00", moment.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// `2026年11月23日 8时`; midnight belongs to the day before.
pub(crate) fn moment_label(moment: DateTime) -> String {
    if moment.hour() == 0 {
        let day = moment.date().yesterday().unwrap_or(moment.date());
        return format!("{}24时", day_label(day));
    }
    format!("{}{}时", day_label(moment.date()), moment.hour())
}

/// `2026年11月23日`.
pub(crate) fn day_label(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// When a notice that falls due on `occasion` is no longer shown: after its last day, or later if it is kept longer.
pub(crate) fn expiry(occasion: Occasion, hours: u32) -> DateTime {
    let begin = occasion.start.at(0, 0, 0, 0);
    let kept = begin.checked_add(Span::new().hours(i64::from(hours))).unwrap_or(begin);
    let after = occasion.end.checked_add(1.day()).unwrap_or(occasion.end).at(0, 0, 0, 0);
    kept.max(after)
}

/// First day of the occasion of `notice` that is not over on `today`.
pub(crate) fn next(notice: &Notice, today: Date) -> Option<Date> {
    let now = today.at(0, 0, 0, 0);
    let years = [today.year(), today.year() + 1].into_iter();
    let mut occasions = years.flat_map(|year| occasions(notice, year));
    occasions.find(|day| now < expiry(*day, notice.expires_after_hours)).map(|day| day.start)
}

/// Occasions of `notice` that begin in `year`, in order.
pub(crate) fn occasions(notice: &Notice, year: i16) -> Vec<Occasion> {
    let mut all: Vec<Occasion> = notice.when.iter().flat_map(|when| when.occasions(year)).collect();
    all.sort_unstable();
    all
}

/// The window of `notice` that contains `today`, if any.
fn window(notice: &Notice, today: Date) -> Option<(Date, DateTime)> {
    let now = today.at(0, 0, 0, 0);
    // A window may have begun before New Year.
    [today.year() - 1, today.year()]
        .into_iter()
        .flat_map(|year| occasions(notice, year))
        .map(|occasion| (occasion.start, expiry(occasion, notice.expires_after_hours)))
        .rfind(|(start, expires)| *start <= today && now < *expires)
}

/// The notices in their window on `today`, the most serious first, then the latest.
pub(crate) fn due(library: &Library, today: Date) -> Vec<Due<'_>> {
    let mut due: Vec<Due<'_>> = library
        .of_kind(fenghuo_content::Kind::Notice)
        .filter_map(|document| {
            let Content::Notice(notice) = &document.content else { return None };
            Due::of(document, notice, today)
        })
        .collect();
    due.sort_by_key(|due| (std::cmp::Reverse(due.notice.severity), std::cmp::Reverse(due.start)));
    due
}

impl Site {
    /// Seasonal notices in their window on the day of the site, the most serious first, and when each
    /// expires in Beijing time.
    pub fn seasonal_notices(&self) -> &[(DocumentId, DateTime)] {
        self.seasonal.get_or_init(|| {
            let due = due(&self.library, self.options.today).into_iter();
            due.map(|due| (due.document.id.clone(), due.expires)).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_notice_ends_with_its_last_day_or_when_its_hours_are_over() {
        for (start, end, hours, expected) in [
            (date(2026, 11, 9), date(2026, 11, 9), 72, "2026-11-12T00:00:00+08:00"),
            (date(2026, 11, 9), date(2026, 11, 9), 12, "2026-11-10T00:00:00+08:00"),
            (date(2026, 6, 1), date(2026, 6, 30), 72, "2026-07-01T00:00:00+08:00"),
            (date(2026, 12, 31), date(2026, 12, 31), 30, "2027-01-01T06:00:00+08:00"),
        ] {
            assert_eq!(stamp(expiry(Occasion { start, end }, hours)), expected);
        }
    }

    #[test]
    fn midnight_is_the_end_of_the_day_before() {
        assert_eq!(moment_label(date(2026, 11, 12).at(0, 0, 0, 0)), "2026年11月11日24时");
        assert_eq!(moment_label(date(2026, 11, 12).at(6, 0, 0, 0)), "2026年11月12日6时");
    }
}
