//! Times as officials read and write them: Beijing time, to the minute.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::office::moment::{instant, wall};

/// The day in Beijing.
pub(super) fn day(at: Timestamp) -> Date {
    wall(at).date()
}

/// `2026年11月10日 08:05`
pub(super) fn moment(at: Timestamp) -> String {
    let at = wall(at);
    format!("{} {:02}:{:02}", day_label(at.date()), at.hour(), at.minute())
}

/// `11月10日 08:05`, for lists in which the year is clear.
pub(super) fn short(at: Timestamp) -> String {
    let at = wall(at);
    format!("{}月{}日 {:02}:{:02}", at.month(), at.day(), at.hour(), at.minute())
}

/// `2026年11月10日`
pub(super) fn day_label(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// As `<input type="datetime-local">` wants it.
pub(super) fn input(at: Timestamp) -> String {
    let at = wall(at);
    format!("{}T{:02}:{:02}", at.date(), at.hour(), at.minute())
}

/// What `<input type="datetime-local">` sends, or a person types into it where the browser knows no such field.
/// A day alone means its `end`, 23:59, or its first minute.
pub(super) fn parse(text: &str, end: bool) -> Option<Timestamp> {
    let text = text.trim().replace(['/', '年', '月'], "-").replace('日', "").replace('：', ":");
    let text = text.trim();
    let (day, time) = match text.split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    let date = date(day)?;
    let at = match time {
        Some(time) => {
            let mut parts = time.split(':').map(|part| part.parse::<i8>().ok());
            let (hour, minute) = (parts.next()??, parts.next()??);
            parts.all(|part| part.is_some()).then_some(())?;
            (0..24).contains(&hour).then_some(())?;
            (0..60).contains(&minute).then_some(())?;
            date.at(hour, minute, 0, 0)
        }
        None if end => date.at(23, 59, 0, 0),
        None => date.at(0, 0, 0, 0),
    };
    Some(instant(at))
}

/// `2026-11-9` as well as `2026-11-09`.
pub(super) fn date(text: &str) -> Option<Date> {
    let mut parts = text.trim().splitn(3, '-');
    let year: i16 = parts.next()?.parse().ok().filter(|year| (2000..=2200).contains(year))?;
    let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Date::new(year, month, day).ok()
}

/// `不到 1 分钟`, `约 3 分钟`, `约 2 小时 10 分钟`
pub(super) fn duration(seconds: u64) -> String {
    match seconds.div_ceil(60) {
        _ if seconds < 60 => "不到 1 分钟".to_owned(),
        minutes if minutes < 60 => format!("约 {minutes} 分钟"),
        minutes if minutes % 60 == 0 => format!("约 {} 小时", minutes / 60),
        minutes => format!("约 {} 小时 {} 分钟", minutes / 60, minutes % 60),
    }
}

/// How long until `at`: `还有 3 天`, `已经过去`.
pub(super) fn until(at: Timestamp, now: Timestamp) -> String {
    let left: SignedDuration = at.duration_since(now);
    match left.as_secs() {
        seconds if seconds <= 0 => "已经过去".to_owned(),
        seconds if seconds < 3600 => format!("还有 {} 分钟", seconds / 60 + 1),
        seconds if seconds < 48 * 3600 => format!("还有 {} 小时", seconds / 3600),
        seconds => format!("还有 {} 天", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_browsers_send_and_people_type_them() {
        for (text, expected) in [
            ("2026-11-10T08:05", Some("2026-11-10T00:05:00Z")),
            ("2026-11-10T08:05:30", Some("2026-11-10T00:05:00Z")),
            ("2026-11-9 8:05", Some("2026-11-09T00:05:00Z")),
            ("2026年11月9日 20：00", Some("2026-11-09T12:00:00Z")),
            ("2026/11/09", Some("2026-11-09T15:59:00Z")),
            ("", None),
            ("明天", None),
            ("2026-13-09T08:00", None),
            ("2026-11-09T24:00", None),
            ("2026-11-09T08:-1", None),
            ("2026-11-09T08", None),
            ("99999-11-09T08:00", None),
        ] {
            let expected = expected.map(|at| at.parse::<Timestamp>().expect("an instant"));
            assert_eq!(parse(text, true), expected, "{text}");
        }
    }

    #[test]
    fn what_is_shown_in_a_form_is_read_back() {
        let at: Timestamp = "2026-11-10T15:07:00Z".parse().expect("an instant");
        assert_eq!(input(at), "2026-11-10T23:07");
        assert_eq!(parse(&input(at), false), Some(at));
        assert_eq!(moment(at), "2026年11月10日 23:07");
    }

    #[test]
    fn durations_are_rounded_up() {
        for (seconds, expected) in [
            (0, "不到 1 分钟"),
            (61, "约 2 分钟"),
            (3600, "约 1 小时"),
            (7801, "约 2 小时 11 分钟"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }
}
