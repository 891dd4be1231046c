//! iCalendar (RFC 5545): safety days as all-day events, which have no time zone to get wrong.

use fenghuo_content::Setting;
use jiff::civil::Date;

use super::Subject;
use super::subject::NO_PUPIL_DATA;
use super::term::{FIRST_STAMP, SafetyDay, days, school_year};
use crate::Site;

/// The safety days of the school year in the months of a lesson, each with the way to the lesson.
pub(super) fn lesson(subject: &Subject<'_>) -> String {
    let site = subject.site;
    let season = subject.document.meta.season;
    let mut days = days(site, school_year(site.options.today), Some(Setting::School));
    days.retain(|day| season.contains(day.occasion.start.month()));
    let about = subject.imprint().lines();
    let lead = format!("可以上这节课：{} {}", subject.title(), subject.url());
    let name = format!("安全日：{}", subject.title());
    write(site, &Calendar { name: &name, days: &days, about: &about, lead: Some(&lead) })
}

/// The safety days of schools.
pub(crate) fn school_days(site: &Site) -> String {
    let days = days(site, school_year(site.options.today), Some(Setting::School));
    let name = format!("{}：学校安全日", site.library.place.title);
    let lead = format!("课程和告家长书：{}", site.absolute("/lessons/"));
    write(site, &Calendar { name: &name, days: &days, about: &about(site), lead: Some(&lead) })
}

/// All notices of the library and the national days.
pub(crate) fn all_days(site: &Site) -> String {
    let days = days(site, school_year(site.options.today), None);
    let name = format!("{}：安全提示", site.library.place.title);
    write(site, &Calendar { name: &name, days: &days, about: &about(site), lead: None })
}

/// What a calendar without a lesson states.
fn about(site: &Site) -> Vec<String> {
    vec![
        "日期按节气和规定推算；内容待当地消防救援机构审定。".to_owned(),
        format!(
            "版本 {}。出自 {}",
            site.library.hash.get(..12).unwrap_or_default(),
            site.absolute("/")
        ),
        NO_PUPIL_DATA.to_owned(),
    ]
}

struct Calendar<'a> {
    name: &'a str,
    days: &'a [SafetyDay<'a>],
    about: &'a [String],
    /// First line of every description.
    lead: Option<&'a str>,
}

fn write(site: &Site, calendar: &Calendar<'_>) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN", "VCALENDAR");
    line(&mut out, "VERSION", "2.0");
    line(&mut out, "PRODID", "-//Fenghuo//Fire safety days//ZH");
    line(&mut out, "CALSCALE", "GREGORIAN");
    line(&mut out, "METHOD", "PUBLISH");
    line(&mut out, "X-WR-CALNAME", &escape(calendar.name));
    line(&mut out, "X-WR-CALDESC", &escape(&calendar.about.join("\n")));
    line(&mut out, "X-WR-TIMEZONE", "Asia/Shanghai");
    for day in calendar.days {
        event(site, calendar, day, &mut out);
    }
    line(&mut out, "END", "VCALENDAR");
    out
}

fn event(site: &Site, calendar: &Calendar<'_>, day: &SafetyDay<'_>, out: &mut String) {
    let start = day.occasion.start;
    let host = site.options.public_url.split("//").nth(1).unwrap_or("fenghuo");
    let host = host.split('/').next().unwrap_or("fenghuo");
    let page = day.document.map(|document| site.absolute(&document.address()));
    let reviewed = day.document.map_or(FIRST_STAMP, |document| document.meta.reviewed);
    let mut text: Vec<&str> = vec![day.text];
    text.extend(calendar.lead);
    text.extend(page.as_deref());
    let approval = day.document.map(fenghuo_content::Document::approval);
    text.extend(approval.as_deref());
    line(out, "BEGIN", "VEVENT");
    line(out, "UID", &format!("{}-{}@{host}", day.name.replace('/', "-"), compact(start)));
    line(out, "DTSTAMP", &format!("{}T000000Z", compact(reviewed)));
    line(out, "DTSTART;VALUE=DATE", &compact(start));
    let after = day.occasion.end.tomorrow().unwrap_or(day.occasion.end);
    line(out, "DTEND;VALUE=DATE", &compact(after));
    line(out, "SUMMARY", &escape(day.title));
    line(out, "DESCRIPTION", &escape(&text.join("\n")));
    if let Some(page) = &page {
        line(out, "URL", page);
    }
    line(out, "CATEGORIES", "消防安全");
    line(out, "TRANSP", "TRANSPARENT");
    line(out, "END", "VEVENT");
}

/// `20261109`
fn compact(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// A value of type TEXT (RFC 5545, 3.3.11).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Most bytes of a line without its end (RFC 5545, 3.1).
const WIDTH: usize = 75;

/// A content line, folded between characters.
fn line(out: &mut String, name: &str, value: &str) {
    let mut used = 0;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if used + c.len_utf8() > WIDTH {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        for (text, expected) in [
            ("关火，盖锅盖", "关火，盖锅盖"),
            ("a;b,c\\d", "a\\;b\\,c\\\\d"),
            ("一\r\n二\u{7}", "一\\n二"),
        ] {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = String::new();
        line(&mut out, "SUMMARY", &"消防安全".repeat(30));
        assert!(out.lines().count() > 3);
        for (at, folded) in out.split_terminator("\r\n").enumerate() {
            assert!(folded.len() <= WIDTH, "{folded}");
            assert_eq!(folded.starts_with(' '), at > 0);
        }
        assert_eq!(
            out.replace("\r\n ", "").trim_end(),
            format!("SUMMARY:{}", "消防安全".repeat(30))
        );
    }
}
