//! Boards: responsibility targets by region. One official enters a figure, another confirms it; then it counts.

mod enter;
mod standing;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use fenghuo_content::kind::Board;
use fenghuo_content::{Content, Document, Library};
use fenghuo_site::chart;
use fenghuo_store::BoardEntry;

use super::csv::Csv;
use super::error::DeskError;
use super::home::Link;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use super::when;

pub(super) use enter::{add, confirm, import};
pub(super) use standing::{Standing, overdue, standing};

#[derive(Template)]
#[template(path = "desk/boards.html")]
struct List {
    frame: Frame,
    boards: Vec<Summary>,
}

struct Summary {
    id: String,
    title: String,
    target: String,
    due: String,
    done: usize,
    places: usize,
    late: usize,
    waiting: usize,
}

#[derive(Template)]
#[template(path = "desk/board.html")]
struct View {
    frame: Frame,
    csrf: String,
    id: String,
    title: String,
    target: String,
    unit: String,
    due: String,
    demonstration: bool,
    may_write: bool,
    faults: Vec<String>,
    form: Typed,
    /// Ids and names for the form.
    regions: Vec<(String, String)>,
    waiting: Vec<Waiting>,
    rows: Vec<Line>,
    history: Vec<Past>,
}

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    region: String,
    date: String,
    value: String,
    note: String,
    csv: String,
}

struct Waiting {
    id: i64,
    place: String,
    value: String,
    date: String,
    note: String,
    by: String,
    may_confirm: bool,
    mine: bool,
}

struct Line {
    place: String,
    value: String,
    meter: String,
    percent: u32,
    state: &'static str,
    late: bool,
    date: String,
    note: String,
}

struct Past {
    place: String,
    date: String,
    value: String,
    note: String,
    by: String,
}

/// `GET /desk/boards`
pub(super) async fn list(State(state): State<DeskState>, signed: Signed) -> Response {
    match summaries(&state).await {
        Ok(boards) => {
            let frame = Frame::new(&state, Some(&signed), "责任目标台账").at("/desk/boards");
            page::fine(&List { frame, boards })
        }
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn summaries(state: &DeskState) -> Result<Vec<Summary>, DeskError> {
    let waiting = state.store().board_waiting().await?;
    let boards = standing(state).await?;
    let summary = |board: Standing| Summary {
        waiting: waiting.iter().filter(|entry| entry.board == board.id).count(),
        target: board.target_label(),
        due: when::day_label(board.due),
        done: board.places.iter().filter(|place| place.done).count(),
        late: board.places.iter().filter(|place| place.late).count(),
        places: board.places.len(),
        id: board.id,
        title: board.title,
    };
    Ok(boards.into_iter().map(summary).collect())
}

/// `GET /desk/boards/{name}`
pub(super) async fn get(
    State(state): State<DeskState>,
    signed: Signed,
    Path(name): Path<String>,
) -> Response {
    if let Some(name) = name.strip_suffix(".csv") {
        return csv(&state, &signed, name).await;
    }
    show(&state, &signed, &name, Typed::default(), Vec::new()).await
}

async fn show(
    state: &DeskState,
    signed: &Signed,
    name: &str,
    form: Typed,
    faults: Vec<String>,
) -> Response {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match view(state, signed, name, form).await {
        Ok(view) => page::show(status, &View { faults, ..view }),
        Err(error) => error.page(state, Some(signed)),
    }
}

async fn view(
    state: &DeskState,
    signed: &Signed,
    name: &str,
    mut form: Typed,
) -> Result<View, DeskError> {
    let library = state.library();
    let (document, board) = find(&library, name).ok_or(DeskError::Missing)?;
    let id = document.id.to_string();
    let all = standing(state).await?;
    let standing = all.into_iter().find(|board| board.id == id).ok_or(DeskError::Missing)?;
    let entries = state.store().board_entries(&id).await?;
    let (waiting, history): (Vec<BoardEntry>, Vec<BoardEntry>) =
        entries.into_iter().partition(|entry| entry.confirmed_by.is_none());
    if form.date.is_empty() {
        form.date = when::day(state.now()).to_string();
    }
    Ok(View {
        frame: Frame::new(state, Some(signed), document.meta.title.clone()).at("/desk/boards"),
        csrf: signed.csrf.clone(),
        title: document.meta.title.clone(),
        target: standing.target_label(),
        unit: board.unit.clone(),
        due: when::day_label(board.due),
        demonstration: board.demonstration,
        may_write: signed.may_write(),
        faults: Vec::new(),
        form,
        regions: regions(&library),
        waiting: waiting
            .into_iter()
            .map(|entry| to_look_at(&library, board, signed, entry))
            .collect(),
        rows: lines(standing),
        history: history.into_iter().map(|entry| past(&library, board, entry)).collect(),
        id,
    })
}

/// The board `boards/NAME` of the library.
fn find<'a>(library: &'a Library, name: &str) -> Option<(&'a Document, &'a Board)> {
    let document = library.find(&format!("boards/{name}"))?;
    match &document.content {
        Content::Board(board) => Some((document, board)),
        _ => None,
    }
}

/// Townships and villages in the order of the tree, villages with their township.
fn regions(library: &Library) -> Vec<(String, String)> {
    let mut regions = Vec::new();
    for township in library.regions.children(&library.place.region) {
        regions.push((township.id.clone(), township.name.clone()));
        let villages = library.regions.children(&township.id);
        regions.extend(villages.map(|v| (v.id.clone(), format!("{} {}", township.name, v.name))));
    }
    regions
}

fn to_look_at(library: &Library, board: &Board, signed: &Signed, entry: BoardEntry) -> Waiting {
    let mine = entry.entered_by == signed.official.name;
    Waiting {
        id: entry.id,
        place: library.regions.name(&entry.region).to_owned(),
        value: format!("{} {}", entry.value, board.unit),
        date: when::day_label(entry.date),
        note: entry.note,
        by: format!("{}填于 {}", entry.entered_by, when::short(entry.entered)),
        may_confirm: signed.may_write() && !mine,
        mine,
    }
}

fn past(library: &Library, board: &Board, entry: BoardEntry) -> Past {
    let verdict = if entry.rejected { "退回" } else { "确认" };
    let second = entry.confirmed_by.unwrap_or_default();
    Past {
        place: library.regions.name(&entry.region).to_owned(),
        date: when::day_label(entry.date),
        value: format!("{} {}", entry.value, board.unit),
        note: entry.note,
        by: format!("{}填，{second}{verdict}", entry.entered_by),
    }
}

fn lines(standing: Standing) -> Vec<Line> {
    let unit = standing.unit;
    let line = |place: standing::Place| Line {
        value: format!("{} {unit}", place.value),
        meter: chart::meter(place.percent),
        percent: place.percent,
        state: match (place.done, place.late) {
            (true, _) => "已完成",
            (false, true) => "逾期未完成",
            (false, false) => "进行中",
        },
        late: place.late,
        date: when::day_label(place.date),
        note: place.note,
        place: place.name,
    };
    standing.places.into_iter().map(line).collect()
}

/// The latest figures as a table.
async fn csv(state: &DeskState, signed: &Signed, name: &str) -> Response {
    let id = format!("boards/{name}");
    let boards = match standing(state).await {
        Ok(boards) => boards,
        Err(error) => return error.page(state, Some(signed)),
    };
    let Some(board) = boards.into_iter().find(|board| board.id == id) else {
        return DeskError::Missing.page(state, Some(signed));
    };
    let mut csv = Csv::new(&["region", "name", "date", "value", "note"]);
    for place in &board.places {
        let (date, value) = (place.date.to_string(), place.value.to_string());
        csv.row(&[&place.region, &place.name, &date, &value, &place.note]);
    }
    csv.answer(&format!("{name}.csv")).into_response()
}

/// Figures somebody else has entered, for the home page.
pub(super) async fn to_confirm(state: &DeskState, signed: &Signed) -> Result<Vec<Link>, DeskError> {
    let library = state.library();
    let mut links: Vec<Link> = Vec::new();
    for entry in state.store().board_waiting().await? {
        let href = format!("/desk/{}", entry.board);
        let known = links.iter().any(|link| link.href == href);
        if known || entry.entered_by == signed.official.name {
            continue;
        }
        let title =
            library.find(&entry.board).map_or(entry.board.clone(), |d| d.meta.title.clone());
        let text = format!("{}填的，等另一个人确认", entry.entered_by);
        links.push(Link { href, title, text });
    }
    Ok(links)
}
