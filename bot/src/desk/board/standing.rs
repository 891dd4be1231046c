//! How far every place is: the latest confirmed figure, else that of the library.

use std::collections::BTreeMap;

use fenghuo_content::kind::Board;
use fenghuo_content::{Content, Document, Kind, Library};
use fenghuo_store::BoardEntry;
use jiff::civil::Date;

use super::super::error::DeskError;
use super::super::home::Link;
use super::super::state::DeskState;
use super::super::when;

/// A board with the places on it.
pub(in super::super) struct Standing {
    pub(in super::super) id: String,
    pub(in super::super) title: String,
    pub(in super::super) target: f64,
    pub(in super::super) unit: String,
    pub(in super::super) due: Date,
    pub(in super::super) places: Vec<Place>,
}

/// One place.
pub(in super::super) struct Place {
    pub(in super::super) region: String,
    pub(in super::super) name: String,
    pub(in super::super) value: f64,
    pub(in super::super) percent: u32,
    pub(in super::super) date: Date,
    pub(in super::super) note: String,
    pub(in super::super) done: bool,
    pub(in super::super) late: bool,
}

impl Standing {
    pub(in super::super) fn target_label(&self) -> String {
        format!("{} {}", self.target, self.unit)
    }
}

/// All boards of the library.
pub(in super::super) async fn standing(state: &DeskState) -> Result<Vec<Standing>, DeskError> {
    let figures = state.store().board_figures().await?;
    let library = state.library();
    let today = when::day(state.now());
    let boards = library.of_kind(Kind::Board);
    Ok(boards.filter_map(|document| one(&library, document, &figures, today)).collect())
}

fn one(
    library: &Library,
    document: &Document,
    figures: &[BoardEntry],
    today: Date,
) -> Option<Standing> {
    let Content::Board(board) = &document.content else { return None };
    let id = document.id.to_string();
    let mut latest: BTreeMap<String, (Date, f64, String)> = BTreeMap::new();
    for row in board.latest() {
        latest.insert(row.region.clone(), (row.date, row.value, row.note.clone()));
    }
    for entry in figures.iter().filter(|entry| entry.board == id) {
        let Ok(value) = entry.value.parse::<f64>() else { continue };
        let known = latest.get(&entry.region).map(|(date, ..)| *date);
        if known.is_none_or(|known| entry.date >= known) {
            latest.insert(entry.region.clone(), (entry.date, value, entry.note.clone()));
        }
    }
    let order = |region: &str| library.regions.iter().position(|r| r.id == region);
    let mut places: Vec<Place> = latest
        .into_iter()
        .map(|(region, (date, value, note))| {
            place(library, board, (region, date, value, note), today)
        })
        .collect();
    places.sort_by_key(|place| order(&place.region).unwrap_or(usize::MAX));
    Some(Standing {
        id,
        title: document.meta.title.clone(),
        target: board.target,
        unit: board.unit.clone(),
        due: board.due,
        places,
    })
}

fn place(
    library: &Library,
    board: &Board,
    (region, date, value, note): (String, Date, f64, String),
    today: Date,
) -> Place {
    let done = value >= board.target;
    Place {
        name: library.regions.name(&region).to_owned(),
        region,
        value,
        percent: percent(value, board.target),
        date,
        note,
        done,
        late: !done && board.due < today,
    }
}

/// Whole percent of the target, cut off rather than rounded up: 99.6 is not done.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=999")]
fn percent(value: f64, target: f64) -> u32 {
    (value / target * 100.0).floor().clamp(0.0, 999.0) as u32
}

/// Boards on which places are overdue.
pub(in super::super) fn overdue(boards: &[Standing]) -> Vec<Link> {
    let late = boards.iter().filter_map(|board| {
        let late: Vec<&Place> = board.places.iter().filter(|place| place.late).collect();
        let first: Vec<&str> = late.iter().take(3).map(|place| place.name.as_str()).collect();
        let more = if late.len() > 3 { "等" } else { "" };
        (!late.is_empty()).then(|| Link {
            href: format!("/desk/{}", board.id),
            title: board.title.clone(),
            text: format!(
                "{}到期，{} 处没完成：{}{more}",
                when::day_label(board.due),
                late.len(),
                first.join("、")
            ),
        })
    });
    late.collect()
}
