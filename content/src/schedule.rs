//! When notices fall due: fixed days, lunar days, solar terms, weekdays of a month, ranges, offsets.
//!
//! `11-09` · `农历十月初一` · `清明` · `3月最后一个星期一` · `06-01..06-30`, each with an offset such as `-7d`.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use tyme4rs::tyme::lunar::{LunarDay, LunarMonth};
use tyme4rs::tyme::solar::{SolarDay, SolarTerm};

/// Terms in the order of tyme4rs, which begins a year with 冬至 of the year before.
const TERMS: [&str; 24] = [
    "冬至", "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种",
    "夏至", "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪",
];

/// A rule of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The rule as written.
    pub text: String,
    start: Point,
    /// Last day of a range.
    end: Option<Point>,
}

/// A day of the year with an offset in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Point {
    day: Day,
    offset: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    /// Month and day.
    Fixed(i8, i8),
    /// Lunar month and day; day 0 is the last of the month.
    Lunar(u8, u8),
    /// Index into [`TERMS`].
    Term(usize),
    /// Month, weekday, and which of them: 1 the first, -1 the last.
    Weekday(i8, Weekday, i8),
}

/// One time a rule falls due: first and last day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occasion {
    /// First day.
    pub start: Date,
    /// Last day, the first itself for a single day.
    pub end: Date,
}

const HELP: &str = "可以写 11-09、农历十月初一、农历腊月最后一天、清明、3月最后一个星期一、06-01..06-30，都可以加 -7d";

impl When {
    /// Parses a rule.
    ///
    /// # Errors
    /// How to write it, in Chinese.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (start, end) = match text.split_once("..") {
            Some((start, end)) => (Point::parse(start), Some(Point::parse(end).ok_or(HELP)?)),
            None => (Point::parse(text), None),
        };
        Ok(Self { text: text.to_owned(), start: start.ok_or(HELP)?, end })
    }

    /// Occasions that begin in `year`, in order.
    pub fn occasions(&self, year: i16) -> Vec<Occasion> {
        // A lunar year ends in the next solar year and an offset may cross a new year: look one year to both sides.
        let mut occasions: Vec<Occasion> = (year - 1..=year + 1)
            .filter_map(|near| self.occasion(near))
            .filter(|occasion| occasion.start.year() == year)
            .collect();
        occasions.sort_unstable();
        occasions.dedup();
        occasions
    }

    fn occasion(&self, year: i16) -> Option<Occasion> {
        let start = self.start.date(year)?;
        let end = match &self.end {
            None => start,
            Some(point) => {
                point.date(year).filter(|end| *end >= start).or_else(|| point.date(year + 1))?
            }
        };
        Some(Occasion { start, end })
    }
}

impl Point {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (day, offset) = match text.rsplit_once(' ') {
            Some((day, offset)) => (day.trim(), offset.strip_suffix('d')?.parse().ok()?),
            None => (text, 0),
        };
        let day = parse_fixed(day)
            .or_else(|| parse_lunar(day))
            .or_else(|| TERMS.iter().position(|term| *term == day).map(Day::Term))
            .or_else(|| parse_weekday(day))?;
        (-366..=366).contains(&offset).then_some(Self { day, offset })
    }

    fn date(&self, year: i16) -> Option<Date> {
        self.day.date(year)?.checked_add(self.offset.days()).ok()
    }
}

impl Day {
    fn date(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Lunar(month, 0) => {
                let lunar = LunarMonth::new(isize::from(year), isize::from(month)).ok()?;
                lunar_date(year, month, lunar.get_day_count())
            }
            Self::Lunar(month, day) => lunar_date(year, month, usize::from(day)),
            Self::Term(index) => Some(term_date(year, index)),
            Self::Weekday(month, weekday, which) => {
                date(year, month, 1).nth_weekday_of_month(which, weekday).ok()
            }
        }
    }
}

fn lunar_date(year: i16, month: u8, day: usize) -> Option<Date> {
    let lunar = LunarDay::new(isize::from(year), isize::from(month), day).ok()?;
    Some(civil(&lunar.get_solar_day()))
}

/// Day of term `index` in the solar `year`: 冬至 is the last of the year, so it is taken from the next cycle.
fn term_date(year: i16, index: usize) -> Date {
    let (cycle, index) = if index == 0 { (year + 1, 0) } else { (year, index) };
    let index = isize::try_from(index).expect("24 terms fit");
    civil(&SolarTerm::from_index(isize::from(cycle), index).get_solar_day())
}

fn civil(day: &SolarDay) -> Date {
    let year = i16::try_from(day.get_year()).unwrap_or(Date::MAX.year());
    let month = i8::try_from(day.get_month()).expect("months are 1 to 12");
    let day = i8::try_from(day.get_day()).expect("days are 1 to 31");
    date(year, month, day)
}

/// The 24 solar terms of `year` with their days, in order.
pub fn solar_terms(year: i16) -> Vec<(Date, &'static str)> {
    let mut terms: Vec<_> =
        TERMS.iter().enumerate().map(|(index, name)| (term_date(year, index), *name)).collect();
    terms.sort_unstable();
    terms
}

fn parse_fixed(text: &str) -> Option<Day> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2024 is a leap year: 02-29 is a day that exists, if not every year.
    Date::new(2024, month, day).ok().map(|_| Day::Fixed(month, day))
}

fn parse_lunar(text: &str) -> Option<Day> {
    let (month, day) = text.strip_prefix("农历")?.split_once('月')?;
    let month = match month {
        "正" => 1,
        "冬" => 11,
        "腊" => 12,
        other => number(other)?,
    };
    let day = match day {
        "最后一天" => 0,
        other => lunar_day(other)?,
    };
    ((1..=12).contains(&month) && day <= 30).then_some(Day::Lunar(month, day))
}

/// `初一`, `十五`, `廿三`, `三十`.
fn lunar_day(text: &str) -> Option<u8> {
    if let Some(ones) = text.strip_prefix('初') {
        return number(ones).filter(|day| (1..=10).contains(day));
    }
    if let Some(ones) = text.strip_prefix('廿') {
        return number(ones).filter(|day| *day < 10).map(|day| 20 + day);
    }
    number(text).filter(|day| (1..=30).contains(day))
}

/// Chinese numbers up to 99.
fn number(text: &str) -> Option<u8> {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| DIGITS.iter().position(|d| *d == c).and_then(|d| u8::try_from(d).ok());
    let chars: Vec<char> = text.chars().collect();
    match chars.as_slice() {
        ['十'] => Some(10),
        [one] => digit(*one),
        ['十', one] => Some(10 + digit(*one)?),
        [ten, '十'] => Some(10 * digit(*ten)?),
        [ten, '十', one] => Some(10 * digit(*ten)? + digit(*one)?),
        _ => None,
    }
}

/// `3月最后一个星期一`, `11月第二个星期日`.
fn parse_weekday(text: &str) -> Option<Day> {
    let (month, rest) = text.split_once('月')?;
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    let (which, weekday) = rest.split_once("个星期")?;
    let which = match which {
        "最后一" => -1,
        "第一" => 1,
        "第二" => 2,
        "第三" => 3,
        "第四" => 4,
        _ => return None,
    };
    let weekday = match weekday {
        "一" => Weekday::Monday,
        "二" => Weekday::Tuesday,
        "三" => Weekday::Wednesday,
        "四" => Weekday::Thursday,
        "五" => Weekday::Friday,
        "六" => Weekday::Saturday,
        "日" | "天" => Weekday::Sunday,
        _ => return None,
    };
    Some(Day::Weekday(month, weekday, which))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(rule: &str, year: i16) -> Vec<String> {
        let when = When::parse(rule).expect("a rule");
        when.occasions(year).iter().map(|o| o.start.to_string()).collect()
    }

    #[test]
    fn rules_fall_on_the_days_of_the_published_calendar() {
        // Days as printed in the calendars of the Purple Mountain Observatory.
        for (rule, year, expected) in [
            ("11-09", 2026, vec!["2026-11-09"]),
            ("02-29", 2026, vec![]),
            ("农历正月初一", 2026, vec!["2026-02-17"]),
            ("农历正月初一 -1d", 2026, vec!["2026-02-16"]),
            ("农历腊月最后一天", 2026, vec!["2026-02-16"]),
            ("农历腊月最后一天", 2025, vec!["2025-01-28"]),
            ("农历正月十五", 2026, vec!["2026-03-03"]),
            ("农历七月十五", 2026, vec!["2026-08-27"]),
            ("农历十月初一", 2026, vec!["2026-11-09"]),
            ("农历腊月廿三", 2026, vec!["2026-02-10"]),
            ("清明", 2026, vec!["2026-04-05"]),
            ("清明 -7d", 2026, vec!["2026-03-29"]),
            ("立冬", 2026, vec!["2026-11-07"]),
            ("冬至", 2026, vec!["2026-12-22"]),
            ("小寒", 2026, vec!["2026-01-05"]),
            ("3月最后一个星期一", 2024, vec!["2024-03-25"]),
            ("3月最后一个星期一", 2026, vec!["2026-03-30"]),
            ("01-01 -3d", 2026, vec!["2026-12-29"]),
        ] {
            assert_eq!(starts(rule, year), expected, "{rule} {year}");
        }
    }

    #[test]
    fn a_range_may_end_in_the_next_year() {
        let when = When::parse("11-01..05-31").expect("a rule");
        let [occasion] = when.occasions(2026)[..] else { panic!("one occasion") };
        assert_eq!(
            (occasion.start.to_string(), occasion.end.to_string()),
            ("2026-11-01".into(), "2027-05-31".into())
        );
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "13-01",
            "农历十三月初一",
            "明天",
            "清明 -7",
            "3月第六个星期一",
            "农历正月卅一",
            "清明 99999d",
        ] {
            assert!(When::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_has_24_terms_in_order() {
        let terms = solar_terms(2026);
        assert_eq!((terms.len(), terms[0].1, terms[23].1), (24, "小寒", "冬至"));
        assert!(terms.iter().all(|(day, _)| day.year() == 2026));
    }
}
