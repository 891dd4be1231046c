//! A board: how far each township is, and which are overdue.

use askama::Template;
use fenghuo_content::kind::{Board, Progress};

use super::document::{Common, Part};
use crate::chart::meter;
use crate::frame::render;
use crate::render::Html;
use crate::season::day_label;

#[derive(Template)]
#[template(path = "board.html")]
struct View<'a> {
    common: &'a Common<'a>,
    demonstration: bool,
    target: String,
    due: String,
    today: String,
    done: usize,
    rows: Vec<RowView<'a>>,
    intro: Html<'a>,
    parts: Vec<Part<'a>>,
}

struct RowView<'a> {
    /// Its place among the townships; equals share one.
    place: usize,
    name: &'a str,
    value: String,
    percent: u32,
    meter: String,
    state: State,
    day: String,
    note: &'a str,
}

/// Where a township stands, shown as words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Done,
    Running,
    Overdue,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Done => "已完成",
            Self::Running => "进行中",
            Self::Overdue => "逾期未完成",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Running => "running",
            Self::Overdue => "overdue",
        }
    }

    pub(super) fn of(value: f64, target: f64, overdue: bool) -> Self {
        match (value >= target, overdue) {
            (true, _) => Self::Done,
            (false, true) => Self::Overdue,
            (false, false) => Self::Running,
        }
    }
}

pub(super) fn main<'a>(common: &'a Common<'a>, board: &'a Board) -> String {
    let today = common.site.options.today;
    let overdue = board.due < today;
    let mut latest = board.latest();
    // The furthest first; of equals the one that got there earlier.
    latest.sort_by(|a, b| b.value.total_cmp(&a.value).then(a.date.cmp(&b.date)));
    let mut rows: Vec<RowView<'a>> = Vec::new();
    for row in latest {
        let mut shown = view(common, board, row, overdue);
        shown.place = match rows.last() {
            Some(last) if last.percent == shown.percent => last.place,
            _ => rows.len() + 1,
        };
        rows.push(shown);
    }
    render(&View {
        common,
        demonstration: board.demonstration,
        target: format!("{} {}", board.target, board.unit),
        due: day_label(board.due),
        today: day_label(today),
        done: rows.iter().filter(|row| row.state == State::Done).count(),
        rows,
        intro: common.html(&board.body.intro),
        parts: common.parts(&board.body.sections),
    })
}

fn view<'a>(
    common: &Common<'a>,
    board: &'a Board,
    row: &'a Progress,
    overdue: bool,
) -> RowView<'a> {
    let percent = percent(row.value, board.target);
    RowView {
        place: 0,
        name: common.site.library.regions.name(&row.region),
        value: format!("{} {}", row.value, board.unit),
        percent,
        meter: meter(percent),
        state: State::of(row.value, board.target, overdue),
        day: day_label(row.date),
        note: &row.note,
    }
}

/// Whole percent of the target, cut off rather than rounded up: 99.6 is not done.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=999")]
pub(super) fn percent(value: f64, target: f64) -> u32 {
    if target <= 0.0 {
        return 100;
    }
    (value / target * 100.0).floor().clamp(0.0, 999.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_nearly_met_is_not_shown_as_met() {
        for (value, target, expected) in [
            (0.0, 10.0, 0),
            (9.96, 10.0, 99),
            (10.0, 10.0, 100),
            (12.0, 10.0, 120),
            (1.0, 0.0, 100),
        ] {
            assert_eq!(percent(value, target), expected);
        }
    }

    #[test]
    fn only_what_is_not_done_can_be_overdue() {
        assert_eq!(State::of(10.0, 10.0, true), State::Done);
        assert_eq!(State::of(9.0, 10.0, true), State::Overdue);
        assert_eq!(State::of(9.0, 10.0, false), State::Running);
    }
}
