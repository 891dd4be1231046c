//! The safety days of a school year: the notices of the library and the days the whole country keeps.

use fenghuo_content::{Content, Document, Kind, Occasion, Setting, When};
use jiff::civil::{Date, date};

use crate::Site;
use crate::index::settings;

/// Days the country keeps: rule, name, who set it.
const NATIONAL: [(&str, &str, &str); 6] = [
    ("3月最后一个星期一", "全国中小学生安全教育日", "每年三月最后一个星期一。"),
    ("05-12", "全国防灾减灾日", "每年5月12日。"),
    ("06-01..06-30", "全国安全生产月", "每年6月。"),
    ("10-13", "国际减轻自然灾害日", "每年10月13日。"),
    ("11-01..11-30", "全国消防宣传月", "每年11月。"),
    ("11-09", "全国消防日", "每年11月9日。"),
];

/// A day, or several, with what to do on it.
pub(super) struct SafetyDay<'a> {
    /// Stable name: of the notice, or `national/` and the rule's number.
    pub(super) name: String,
    pub(super) occasion: Occasion,
    pub(super) title: &'a str,
    pub(super) text: &'a str,
    /// The notice it comes from.
    pub(super) document: Option<&'a Document>,
}

/// A safety day for calendars of other crates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarDay {
    /// Stable name.
    pub name: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// What it is.
    pub title: String,
    /// What to do, with the line about approval where it comes from a document.
    pub text: String,
    /// Public address of the document it comes from.
    pub url: Option<String>,
    /// When that was last checked, or when the list of national days was written.
    pub reviewed: Date,
}

impl Site {
    /// The safety days of the school year: notices of the library and days the country keeps.
    pub fn safety_days(&self) -> Vec<CalendarDay> {
        let days = days(self, school_year(self.options.today), None).into_iter();
        let day = |day: SafetyDay<'_>| CalendarDay {
            title: day.title.to_owned(),
            text: match day.document {
                Some(document) => format!("{}\n{}", day.text, document.approval()),
                None => day.text.to_owned(),
            },
            url: day.document.map(|document| self.absolute(&document.address())),
            reviewed: day.document.map_or(FIRST_STAMP, |document| document.meta.reviewed),
            start: day.occasion.start,
            end: day.occasion.end,
            name: day.name,
        };
        days.map(day).collect()
    }
}

/// The stamp of days that come from no document: when their list was written.
pub(super) const FIRST_STAMP: Date = date(2026, 11, 24);

/// First and last day of the school year that `today` belongs to; from June on the next one is taken in,
/// because schools plan it then.
pub(super) fn school_year(today: Date) -> (Date, Date) {
    let year = if today.month() >= 9 { today.year() } else { today.year() - 1 };
    let last = if (6..9).contains(&today.month()) { year + 2 } else { year + 1 };
    (date(year, 9, 1), date(last, 8, 31))
}

/// The safety days from `first` to `last` in order; `setting` narrows the notices.
pub(super) fn days(
    site: &Site,
    span: (Date, Date),
    setting: Option<Setting>,
) -> Vec<SafetyDay<'_>> {
    let mut days: Vec<SafetyDay<'_>> = Vec::new();
    for document in site.library.of_kind(Kind::Notice).filter(|document| !document.meta.draft) {
        let Content::Notice(notice) = &document.content else { continue };
        if setting.is_none_or(|setting| settings(&site.library, document).contains(&setting)) {
            for occasion in within(&notice.when, span) {
                days.push(SafetyDay {
                    name: document.id.as_str().to_owned(),
                    occasion,
                    title: &document.meta.title,
                    text: &document.meta.summary,
                    document: Some(document),
                });
            }
        }
    }
    days.extend(national(span, &days));
    days.sort_by(|a, b| (a.occasion, &a.name).cmp(&(b.occasion, &b.name)));
    days
}

/// National days on which no notice of ours begins.
fn national<'a>(span: (Date, Date), known: &[SafetyDay<'_>]) -> Vec<SafetyDay<'a>> {
    let mut days = Vec::new();
    for (number, (rule, title, text)) in NATIONAL.iter().enumerate() {
        let rule = When::parse(rule).expect("the rules above are well formed");
        for occasion in within(&[rule], span) {
            if known.iter().all(|day| day.occasion.start != occasion.start) {
                let name = format!("national/{}", number + 1);
                days.push(SafetyDay { name, occasion, title, text, document: None });
            }
        }
    }
    days
}

fn within(rules: &[When], (first, last): (Date, Date)) -> Vec<Occasion> {
    let years = first.year()..=last.year();
    let all = years.flat_map(|year| rules.iter().flat_map(move |rule| rule.occasions(year)));
    let mut found: Vec<Occasion> =
        all.filter(|occasion| first <= occasion.start && occasion.start <= last).collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_school_year_begins_in_september() {
        for (today, first, last) in [
            (date(2026, 9, 1), date(2026, 9, 1), date(2027, 8, 31)),
            (date(2027, 5, 31), date(2026, 9, 1), date(2027, 8, 31)),
            (date(2027, 6, 1), date(2026, 9, 1), date(2028, 8, 31)),
            (date(2027, 8, 31), date(2026, 9, 1), date(2028, 8, 31)),
        ] {
            assert_eq!(school_year(today), (first, last), "{today}");
        }
    }

    #[test]
    fn every_national_day_has_a_rule_that_falls_due() {
        let days = national(school_year(date(2026, 11, 9)), &[]);
        assert_eq!(days.len(), NATIONAL.len());
    }
}
