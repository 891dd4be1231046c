//! A bulletin: the month in figures, beside the month before and the same month last year.

use std::collections::BTreeMap;

use askama::Template;
use fenghuo_content::kind::{Bulletin, FireCount};
use fenghuo_content::{Content, Library};

use super::document::{Common, Part};
use crate::chart::{Bars, Row};
use crate::frame::render;
use crate::render::Html;

#[derive(Template)]
#[template(path = "bulletin.html")]
struct View<'a> {
    common: &'a Common<'a>,
    demonstration: bool,
    month: String,
    totals: Vec<Total>,
    charts: Vec<Chart>,
    rows: Vec<RowView<'a>>,
    intro: Html<'a>,
    parts: Vec<Part<'a>>,
}

/// One figure of the month with what it is compared to.
struct Total {
    name: &'static str,
    value: String,
    before: String,
    last_year: String,
}

/// One row of the data.
struct RowView<'a> {
    township: &'a str,
    row: &'a FireCount,
    loss: String,
}

struct Chart {
    title: &'static str,
    unit: &'static str,
    bars: Bars,
}

pub(super) fn main<'a>(common: &'a Common<'a>, bulletin: &'a Bulletin) -> String {
    let library = &common.site.library;
    let by_township = sums(bulletin, |row| library.regions.name(&row.township));
    let by_cause = sums(bulletin, |row| &row.cause);
    render(&View {
        common,
        demonstration: bulletin.demonstration,
        month: format!("{}年{}月", bulletin.year, bulletin.month),
        totals: totals(library, bulletin),
        charts: vec![
            Chart {
                title: "各乡镇火灾起数",
                unit: "乡镇",
                bars: Bars::new("各乡镇火灾起数", by_township),
            },
            Chart {
                title: "火灾原因",
                unit: "原因",
                bars: Bars::new("按原因的火灾起数", by_cause),
            },
        ],
        rows: rows(library, bulletin),
        intro: common.html(&bulletin.body.intro),
        parts: common.parts(&bulletin.body.sections),
    })
}

/// Fires by what `key` names, the most first.
fn sums<'a>(bulletin: &'a Bulletin, key: impl Fn(&'a FireCount) -> &'a str) -> Vec<Row> {
    let mut sums: BTreeMap<&str, u32> = BTreeMap::new();
    for row in &bulletin.rows {
        *sums.entry(key(row)).or_default() += row.fires;
    }
    let mut rows: Vec<Row> =
        sums.into_iter().map(|(name, fires)| Row { name: name.to_owned(), value: fires }).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.value));
    rows
}

/// Fires, deaths, injured, loss.
fn figures(bulletin: &Bulletin) -> [u64; 4] {
    bulletin.rows.iter().fold([0; 4], |sum, row| {
        [
            sum[0] + u64::from(row.fires),
            sum[1] + u64::from(row.deaths),
            sum[2] + u64::from(row.injured),
            sum[3] + row.loss_yuan,
        ]
    })
}

fn totals(library: &Library, bulletin: &Bulletin) -> Vec<Total> {
    const NAMES: [(&str, &str); 4] =
        [("火灾", "起"), ("死亡", "人"), ("受伤", "人"), ("直接损失", "元")];
    let own = figures(bulletin);
    let (year, month) = match bulletin.month {
        1 => (bulletin.year - 1, 12),
        month => (bulletin.year, month - 1),
    };
    let before = find(library, year, month).map(figures);
    let last_year = find(library, bulletin.year - 1, bulletin.month).map(figures);
    NAMES
        .iter()
        .enumerate()
        .map(|(i, (name, unit))| Total {
            name,
            value: format!("{} {unit}", grouped(own[i])),
            before: change(own[i], before.map(|figures| figures[i])),
            last_year: change(own[i], last_year.map(|figures| figures[i])),
        })
        .collect()
}

fn find(library: &Library, year: i16, month: i8) -> Option<&Bulletin> {
    let id = format!("bulletins/{year:04}-{month:02}");
    match library.find(&id).filter(|d| !d.meta.draft).map(|d| &d.content) {
        Some(Content::Bulletin(bulletin)) => Some(bulletin),
        _ => None,
    }
}

/// The change in words, never by colour or arrow alone.
fn change(now: u64, then: Option<u64>) -> String {
    match then {
        None => "没有数据".to_owned(),
        Some(then) if then == now => format!("持平（{}）", grouped(then)),
        Some(then) if now > then => format!("多 {}（{}）", grouped(now - then), grouped(then)),
        Some(then) => format!("少 {}（{}）", grouped(then - now), grouped(then)),
    }
}

fn rows<'a>(library: &'a Library, bulletin: &'a Bulletin) -> Vec<RowView<'a>> {
    let view = |row: &'a FireCount| RowView {
        township: library.regions.name(&row.township),
        row,
        loss: grouped(row.loss_yuan),
    };
    bulletin.rows.iter().map(view).collect()
}

/// `1,234,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_said_in_words() {
        for (now, then, expected) in [
            (5, None, "没有数据"),
            (5, Some(5), "持平（5）"),
            (5, Some(3), "多 2（3）"),
            (0, Some(1200), "少 1,200（1,200）"),
        ] {
            assert_eq!(change(now, then), expected);
        }
    }

    #[test]
    fn thousands_are_grouped() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), expected);
        }
    }
}
