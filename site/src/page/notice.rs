//! Seasonal notices: one of them, and all of them over the year.

use askama::Template;
use fenghuo_content::kind::{Notice, NoticeSeverity};
use fenghuo_content::markdown::plain_text;
use fenghuo_content::{Content, Document, Kind, Occasion};

use super::Page;
use super::document::{Common, Part};
use crate::Site;
use crate::frame::render;
use crate::render::Html;
use crate::season::{self, Due, day_label, due, expiry, moment_label};

#[derive(Template)]
#[template(path = "notice.html")]
struct View<'a> {
    common: &'a Common<'a>,
    severity: &'static str,
    message: Html<'a>,
    current: Option<Due<'a>>,
    /// First day and expiry of each occasion this year.
    days: Vec<(String, String)>,
    year: i16,
    regions: String,
    intro: Html<'a>,
    script: Part<'a>,
    parts: Vec<Part<'a>>,
}

pub(super) fn main<'a>(common: &'a Common<'a>, notice: &'a Notice) -> String {
    let today = common.site.options.today;
    let days = season::occasions(notice, today.year()).into_iter();
    render(&View {
        common,
        severity: severity(notice.severity),
        message: common.html(&notice.message),
        current: Due::of(common.document, notice, today),
        days: days
            .map(|day| (span(day), moment_label(expiry(day, notice.expires_after_hours))))
            .collect(),
        year: today.year(),
        regions: regions(common.site, notice),
        intro: common.html(&notice.intro),
        script: common.part(&notice.script),
        parts: common.parts(&notice.details),
    })
}

/// How serious, in words; ours never carry a colour.
fn severity(severity: NoticeSeverity) -> &'static str {
    match severity {
        NoticeSeverity::Minor => "一般提醒",
        NoticeSeverity::Moderate => "火灾多发时段",
        NoticeSeverity::Severe => "请特别注意",
    }
}

fn regions(site: &Site, notice: &Notice) -> String {
    if notice.regions.is_empty() {
        return "全县".to_owned();
    }
    notice.regions.iter().map(|id| site.library.regions.name(id)).collect::<Vec<_>>().join("、")
}

/// `2026年11月9日`, or first and last day.
fn span(occasion: Occasion) -> String {
    if occasion.start == occasion.end {
        return day_label(occasion.start);
    }
    format!("{}—{}", day_label(occasion.start), day_label(occasion.end))
}

#[derive(Template)]
#[template(path = "notices.html")]
struct List<'a> {
    /// What was sent, as HTML; empty on a static host.
    sent: &'a str,
    current: Vec<Banner<'a>>,
    year: i16,
    months: Vec<Month<'a>>,
    /// Notices without a day this year.
    others: Vec<&'a Document>,
}

/// A notice in its window, as the home page and the list show it.
pub(crate) struct Banner<'a> {
    pub(crate) due: Due<'a>,
    pub(crate) text: String,
}

struct Month<'a> {
    number: i8,
    lines: Vec<(String, &'a Document)>,
}

/// The notices in their window today.
pub(crate) fn banners(site: &Site) -> Vec<Banner<'_>> {
    let due = due(&site.library, site.options.today).into_iter();
    due.map(|due| Banner { text: plain_text(&due.notice.message), due }).collect()
}

/// All notices over the year, those in their window first; `sent` is what was sent, as HTML.
pub(super) fn list(site: &Site, sent: &str) -> Page {
    let year = site.options.today.year();
    let documents =
        || site.index.of_kind(Kind::Notice).iter().map(|i| &site.library.documents()[*i]);
    let mut days: Vec<(Occasion, &Document)> = Vec::new();
    let mut others = Vec::new();
    for document in documents() {
        let Content::Notice(notice) = &document.content else { continue };
        let occasions = season::occasions(notice, year);
        if occasions.is_empty() {
            others.push(document);
        }
        days.extend(occasions.into_iter().map(|occasion| (occasion, document)));
    }
    days.sort_by_key(|(occasion, _)| *occasion);
    let months = (1..=12).filter_map(|number| {
        let in_month = days.iter().filter(|(occasion, _)| occasion.start.month() == number);
        let lines: Vec<_> =
            in_month.map(|(occasion, document)| (span(*occasion), *document)).collect();
        (!lines.is_empty()).then_some(Month { number, lines })
    });
    Page {
        title: "安全提示".to_owned(),
        description: "按节气和时令发出的消防安全提示，附大喇叭广播稿。".to_owned(),
        main: render(&List {
            sent,
            current: banners(site),
            year,
            months: months.collect(),
            others,
        }),
        ..Page::default()
    }
}
