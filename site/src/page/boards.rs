//! All boards, and the townships ranked by what is overdue and how far they are.

use std::collections::BTreeMap;

use askama::Template;
use fenghuo_content::{Content, Kind};

use super::board::{State, percent};
use super::{Page, list};
use crate::Site;
use crate::frame::render;
use crate::season::day_label;

#[derive(Template)]
#[template(path = "ranking.html")]
struct Ranking<'a> {
    demonstration: bool,
    today: String,
    rows: Vec<Row<'a>>,
}

/// A township over all boards that name it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row<'a> {
    place: usize,
    name: &'a str,
    done: u32,
    running: u32,
    overdue: u32,
    /// Mean of its boards, each counted as at most done.
    percent: u32,
}

/// Targets of one township.
#[derive(Debug, Default)]
struct Targets {
    states: Vec<State>,
    percents: Vec<u32>,
}

/// The list of boards, with the ranking below its first page.
pub(super) fn boards(site: &Site, number: usize) -> Page {
    let mut page = list::kind(site, Kind::Board, number);
    let ranking = ranking(site);
    if number == 0 && !ranking.rows.is_empty() {
        page.main.push_str(&render(&ranking));
    }
    page
}

fn ranking(site: &Site) -> Ranking<'_> {
    let today = site.options.today;
    let mut townships: BTreeMap<&str, Targets> = BTreeMap::new();
    let mut demonstration = false;
    for position in site.index.of_kind(Kind::Board) {
        let Content::Board(board) = &site.library.documents()[*position].content else { continue };
        demonstration |= board.demonstration;
        for row in board.latest() {
            let targets = townships.entry(&row.region).or_default();
            targets.states.push(State::of(row.value, board.target, board.due < today));
            targets.percents.push(percent(row.value, board.target).min(100));
        }
    }
    let rows = townships
        .into_iter()
        .map(|(region, targets)| targets.row(site.library.regions.name(region)));
    Ranking { demonstration, today: day_label(today), rows: ranked(rows.collect()) }
}

impl Targets {
    fn row<'a>(&self, name: &'a str) -> Row<'a> {
        let count = |state: State| self.states.iter().map(|s| u32::from(*s == state)).sum();
        let number = u32::try_from(self.percents.len()).unwrap_or(u32::MAX).max(1);
        Row {
            place: 0,
            name,
            done: count(State::Done),
            running: count(State::Running),
            overdue: count(State::Overdue),
            percent: self.percents.iter().sum::<u32>() / number,
        }
    }
}

/// Fewest overdue first, then the furthest; equals share a place.
fn ranked(mut rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    rows.sort_by_key(|row| (row.overdue, std::cmp::Reverse(row.percent)));
    let mut last = (u32::MAX, u32::MAX, 0);
    for (at, row) in rows.iter_mut().enumerate() {
        let same = (row.overdue, row.percent) == (last.0, last.1);
        row.place = if same { last.2 } else { at + 1 };
        last = (row.overdue, row.percent, row.place);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{Row, ranked};

    #[test]
    fn what_is_overdue_counts_before_progress_and_equals_share_a_place() {
        let row = |name, overdue, percent| Row { name, overdue, percent, ..Row::default() };
        let rows =
            ranked(vec![row("甲", 1, 95), row("乙", 0, 60), row("丙", 0, 80), row("丁", 0, 60)]);
        let places: Vec<_> = rows.iter().map(|row| (row.place, row.name)).collect();
        assert_eq!(places, [(1, "丙"), (2, "乙"), (2, "丁"), (4, "甲")]);
    }
}
