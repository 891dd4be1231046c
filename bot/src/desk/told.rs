//! Self-checks that were told: how many, how bad, by month, department, list and township. Nobody is named, no list
//! has an order of better and worse, and where so few told that one could be meant, high and low are not shown.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use fenghuo_content::{Content, Library};
use fenghuo_site::chart::{Bars, Row};
use fenghuo_store::SelfCheck;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use super::csv::Csv;
use super::error::DeskError;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use super::when;
use crate::tell::{LEVELS, level_name};

/// Of fewer results than these, levels are not shown: in a small township they would point at a shop.
const FEW: u64 = 3;

#[derive(Template)]
#[template(path = "desk/checks.html")]
struct View {
    frame: Frame,
    from_input: String,
    to_input: String,
    total: u64,
    months: String,
    few: u64,
    tables: Vec<(&'static str, Vec<Line>)>,
}

/// Results that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    name: String,
    total: u64,
    /// High, medium, low; `None` where there are too few.
    levels: Option<[u64; 3]>,
}

/// Which months.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Months {
    from: String,
    to: String,
}

impl Months {
    /// First days of the first and the last month; the last twelve where nothing sensible is asked for.
    fn days(&self, today: Date) -> (Date, Date) {
        let month = |text: &str| when::date(&format!("{}-1", text.trim()));
        let to = month(&self.to).unwrap_or_else(|| today.first_of_month());
        let from = month(&self.from).unwrap_or_else(|| to.saturating_sub(11.months()));
        if from <= to { (from, to) } else { (to, from) }
    }
}

/// `2026-12`, as `<input type="month">` has it.
fn input(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

async fn read(
    state: &DeskState,
    months: Result<Query<Months>, QueryRejection>,
) -> Result<(Date, Date, Vec<SelfCheck>), DeskError> {
    let months = months.map(|Query(months)| months).unwrap_or_default();
    let (from, to) = months.days(when::day(state.now()));
    Ok((from, to, state.store().self_checks(from, to).await?))
}

/// `GET /desk/checks`
pub(super) async fn get(
    State(state): State<DeskState>,
    signed: Signed,
    months: Result<Query<Months>, QueryRejection>,
) -> Response {
    let (from, to, told) = match read(&state, months).await {
        Ok(read) => read,
        Err(error) => return error.page(&state, Some(&signed)),
    };
    let library = state.library();
    let by_month = lines(&told, |told| vec![told.month.clone()], BTreeMap::into_values);
    let rows = by_month.iter().map(|line| Row {
        name: line.name.clone(),
        value: u32::try_from(line.total).unwrap_or(u32::MAX),
    });
    page::fine(&View {
        frame: Frame::new(&state, Some(&signed), "群众自查").at("/desk/checks"),
        from_input: input(from),
        to_input: input(to),
        total: told.iter().map(|told| told.times).sum(),
        months: Bars::new("每月告诉乡镇的份数", rows.collect()).to_string(),
        few: FEW,
        tables: vec![
            ("主管部门", lines(&told, |told| departments(&library, told), BTreeMap::into_values)),
            ("自查表", lines(&told, |told| vec![title(&library, told)], BTreeMap::into_values)),
            ("乡镇", townships(&library, &told)),
            ("月份", by_month),
        ],
    })
}

/// `told` added up by the names that `of` gives each, in the order of `sort`.
fn lines<I: Iterator<Item = Line>>(
    told: &[SelfCheck],
    of: impl Fn(&SelfCheck) -> Vec<String>,
    sort: impl FnOnce(BTreeMap<String, Line>) -> I,
) -> Vec<Line> {
    let mut by: BTreeMap<String, (u64, [u64; 3])> = BTreeMap::new();
    for told in told {
        let level = LEVELS.iter().position(|(id, _)| *id == told.level);
        for name in of(told) {
            let (total, levels) = by.entry(name).or_default();
            *total += told.times;
            if let Some(level) = level {
                levels[level] += told.times;
            }
        }
    }
    let line = |(name, (total, levels)): (String, (u64, [u64; 3]))| {
        let levels = (total >= FEW).then_some(levels);
        (name.clone(), Line { name, total, levels })
    };
    sort(by.into_iter().map(line).collect()).collect()
}

/// All townships in the order of the library, also those from which nothing came.
fn townships(library: &Library, told: &[SelfCheck]) -> Vec<Line> {
    let name = |told: &SelfCheck| vec![library.regions.name(&told.region).to_owned()];
    lines(told, name, |mut by| {
        let known = library.regions.townships().map(|region| region.name.clone());
        let mut all: Vec<Line> = known
            .map(|name| by.remove(&name).unwrap_or(Line { name, ..Line::default() }))
            .collect();
        all.extend(by.into_values());
        all.into_iter()
    })
}

/// The departments a list is the business of: `商务、乡镇（街道）` are two.
fn departments(library: &Library, told: &SelfCheck) -> Vec<String> {
    let content = library.find(&told.checklist).map(|document| &document.content);
    match content {
        Some(Content::Checklist(list)) => {
            let names = list.department.split('、').map(str::trim).filter(|name| !name.is_empty());
            let names: Vec<String> = names.map(str::to_owned).collect();
            if names.is_empty() { vec!["没有写主管部门".to_owned()] } else { names }
        }
        _ => vec!["已撤下的自查表".to_owned()],
    }
}

fn title(library: &Library, told: &SelfCheck) -> String {
    let found = library.find(&told.checklist);
    found.map_or_else(|| told.checklist.clone(), |document| document.meta.title.clone())
}

/// `GET /desk/checks.csv`
pub(super) async fn csv(
    State(state): State<DeskState>,
    signed: Signed,
    months: Result<Query<Months>, QueryRejection>,
) -> Response {
    let (from, to, told) = match read(&state, months).await {
        Ok(read) => read,
        Err(error) => return error.page(&state, Some(&signed)),
    };
    let library = state.library();
    let mut columns = vec!["月份", "乡镇", "主管部门", "自查表", "份数"];
    columns.extend(LEVELS.iter().map(|(id, _)| level_name(id)));
    let mut csv = Csv::new(&columns);
    let mut rest = told.as_slice();
    while let Some(first) = rest.first() {
        let same = |told: &SelfCheck| {
            (&told.month, &told.checklist, &told.region)
                == (&first.month, &first.checklist, &first.region)
        };
        let count = rest.iter().take_while(|told| same(told)).count();
        let (group, others) = rest.split_at(count);
        rest = others;
        let line = lines(group, |_| vec![String::new()], BTreeMap::into_values).remove(0);
        let mut cells = vec![
            first.month.clone(),
            library.regions.name(&first.region).to_owned(),
            departments(&library, first).join("、"),
            title(&library, first),
            line.total.to_string(),
        ];
        cells.extend(match line.levels {
            Some(levels) => levels.map(|count| count.to_string()),
            None => std::array::from_fn(|_| String::new()),
        });
        csv.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    csv.answer(&format!("fenghuo-checks-{}-{}.csv", input(from), input(to))).into_response()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_few_results_do_not_say_how_bad_they_are() {
        let told = |level: &str, times| SelfCheck {
            month: "2026-12".to_owned(),
            checklist: "checklists/x".to_owned(),
            region: "chengguan".to_owned(),
            level: level.to_owned(),
            times,
        };
        let of = |told: &[SelfCheck]| {
            lines(told, |told| vec![told.month.clone()], BTreeMap::into_values).remove(0)
        };
        assert_eq!(of(&[told("high", 2)]).levels, None);
        let three = of(&[told("high", 2), told("low", 1)]);
        assert_eq!((three.total, three.levels), (3, Some([2, 0, 1])));
    }

    #[test]
    fn months_that_make_no_sense_are_the_last_twelve() {
        let today = date(2026, 12, 9);
        for (from, to, expected) in [
            ("", "", ("2026-01", "2026-12")),
            ("2026-03", "2026-05", ("2026-03", "2026-05")),
            ("2026-05", "2026-03", ("2026-03", "2026-05")),
            ("火", "2026-13", ("2026-01", "2026-12")),
            ("", "2000-01", ("1999-02", "2000-01")),
        ] {
            let months = Months { from: from.to_owned(), to: to.to_owned() };
            let (first, last) = months.days(today);
            assert_eq!((input(first).as_str(), input(last).as_str()), expected, "{from} {to}");
        }
    }
}
