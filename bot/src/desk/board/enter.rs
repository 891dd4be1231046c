//! Figures as they are entered: one in a form, or many as CSV, all or none.

use axum::extract::{Path, State};
use axum::response::Response;
use fenghuo_content::Library;
use fenghuo_store::{BoardFigure, OfficialRole};
use jiff::civil::Date;

use super::super::error::DeskError;
use super::super::guard::Posted;
use super::super::state::DeskState;
use super::super::{session, when};
use super::{Typed, find, show};
use crate::office;

/// Figures one table may hold.
const MOST: usize = 2000;

/// `POST /desk/boards/{name}`
pub(in super::super) async fn add(
    State(state): State<DeskState>,
    Path(name): Path<String>,
    posted: Posted,
) -> Response {
    let typed = Typed {
        region: posted.fields.text("region").to_owned(),
        date: posted.fields.text("date").to_owned(),
        value: posted.fields.text("value").to_owned(),
        note: posted.fields.text("note").to_owned(),
        csv: String::new(),
    };
    let row = [&typed.region, &typed.date, &typed.value, &typed.note].map(String::as_str);
    let library = state.library();
    let read = figure(&library, &format!("boards/{name}"), row, when::day(state.now()));
    enter(&state, &posted, &name, typed.clone(), read.map(|figure| vec![figure])).await
}

/// `POST /desk/boards/{name}/import`
pub(in super::super) async fn import(
    State(state): State<DeskState>,
    Path(name): Path<String>,
    posted: Posted,
) -> Response {
    let file = posted.fields.file("file");
    let text = match file {
        Some(bytes) => String::from_utf8(bytes.to_vec()).ok(),
        None => Some(posted.fields.lines("csv")),
    };
    let typed = |csv: &str| Typed { csv: csv.to_owned(), ..Typed::default() };
    let Some(text) = text else {
        let fault = "这个文件不是 UTF-8 编码。请在表格软件里另存为“CSV UTF-8”。".to_owned();
        return enter(&state, &posted, &name, typed(""), Err(vec![fault])).await;
    };
    let library = state.library();
    let read = table(&library, &format!("boards/{name}"), &text, when::day(state.now()));
    enter(&state, &posted, &name, typed(&text), read).await
}

async fn enter(
    state: &DeskState,
    posted: &Posted,
    name: &str,
    typed: Typed,
    read: Result<Vec<BoardFigure>, Vec<String>>,
) -> Response {
    let signed = &posted.signed;
    if let Err(error) = signed.must_be(OfficialRole::Editor) {
        return error.page(state, Some(signed));
    }
    if find(&state.library(), name).is_none() {
        return DeskError::Missing.page(state, Some(signed));
    }
    let figures = match read {
        Ok(figures) => figures,
        Err(faults) => return show(state, signed, name, typed, faults).await,
    };
    let count = figures.len();
    match state.store().add_board_entries(figures, &signed.actor(), state.now()).await {
        Ok(_) => {
            let said = format!("存了 {count} 个数，等另一个人确认。");
            session::go_saying(state, &format!("/desk/boards/{name}"), &said)
        }
        Err(error) => {
            let fault = office::Error::from(error).chinese();
            show(state, signed, name, typed, vec![fault]).await
        }
    }
}

/// `POST /desk/boards/{name}/confirm`
pub(in super::super) async fn confirm(
    State(state): State<DeskState>,
    Path(name): Path<String>,
    posted: Posted,
) -> Response {
    let Posted { signed, fields } = posted;
    let back = format!("/desk/boards/{name}");
    let Ok(entry) = fields.text("entry").parse::<i64>() else {
        return DeskError::Missing.page(&state, Some(&signed));
    };
    let accept = fields.text("do") != "reject";
    let done = state.store().confirm_board_entry(entry, accept, &signed.actor(), state.now()).await;
    match done {
        Ok(()) if accept => session::go_saying(&state, &back, "已确认，公开的网页上就能看到。"),
        Ok(()) => session::go_saying(&state, &back, "已退回，不算数。"),
        Err(error) => DeskError::of(error.into(), back).page(&state, Some(&signed)),
    }
}

/// One figure; what is wrong with it in Chinese.
fn figure(
    library: &Library,
    board: &str,
    [region, date, value, note]: [&str; 4],
    today: Date,
) -> Result<BoardFigure, Vec<String>> {
    let mut faults = Vec::new();
    let by_name = || library.regions.iter().find(|found| found.name == region);
    let place = library.regions.find(region).or_else(by_name);
    if place.is_none() {
        let shown = if region.is_empty() {
            "没有写".to_owned()
        } else {
            format!("没有“{region}”")
        };
        faults.push(format!("地方：{shown}，请写乡镇或村的名字"));
    }
    let day = when::date(date).filter(|day| *day <= today);
    if day.is_none() {
        faults.push(format!("日期：“{date}”不对，写 2026-11-30 这样，不能晚于今天"));
    }
    let number = value.parse::<f64>().ok().filter(|n| n.is_finite() && (0.0..=1e9).contains(n));
    if number.is_none() {
        faults.push(format!("数：“{value}”不是 0 以上的数"));
    }
    if note.chars().count() > 200 {
        faults.push("说明：最多 200 字".to_owned());
    }
    match (place, day, number) {
        (Some(place), Some(date), Some(_)) if faults.is_empty() => Ok(BoardFigure {
            board: board.to_owned(),
            region: place.id.clone(),
            date,
            value: value.to_owned(),
            note: note.to_owned(),
        }),
        _ => Err(faults),
    }
}

/// All figures of a table; every line that is wrong is told.
fn table(
    library: &Library,
    board: &str,
    text: &str,
    today: Date,
) -> Result<Vec<BoardFigure>, Vec<String>> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let header = lines.next().map(|(_, line)| line.trim().to_lowercase()).unwrap_or_default();
    let columns: Vec<String> = cells(&header);
    let column = |names: [&str; 2]| columns.iter().position(|c| names.contains(&c.as_str()));
    let (Some(region), Some(date), Some(value)) =
        (column(["region", "地方"]), column(["date", "日期"]), column(["value", "做到"]))
    else {
        return Err(vec![
            "第 1 行：要写 region,date,value,note（或者 地方,日期,做到,说明）".to_owned(),
        ]);
    };
    let note = column(["note", "说明"]);
    let (mut figures, mut faults) = (Vec::new(), Vec::new());
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let row = cells(line);
        let cell = |at: usize| row.get(at).map_or("", |cell| cell.trim());
        let note = note.map_or("", cell);
        match figure(library, board, [cell(region), cell(date), cell(value), note], today) {
            Ok(figure) => figures.push(figure),
            Err(wrong) => {
                faults.extend(wrong.iter().map(|fault| format!("第 {} 行，{fault}", number + 1)));
            }
        }
    }
    match (faults.is_empty(), figures.len()) {
        (true, 0) => Err(vec!["表里没有数".to_owned()]),
        (true, count) if count > MOST => Err(vec![format!("一张表最多 {MOST} 行，请分几次")]),
        (true, _) => Ok(figures),
        (false, _) => {
            faults.truncate(20);
            Err(faults)
        }
    }
}

/// The cells of one line; quotes may stand around a cell and are doubled inside.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut signs = line.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cells.last_mut().expect("there is always one").push('"');
            }
            '"' => quoted = !quoted,
            ',' | '，' if !quoted => cells.push(String::new()),
            other => cells.last_mut().expect("there is always one").push(other),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn cells_may_hold_commas_and_quotes() {
        for (line, expected) in [
            ("a,b,", vec!["a", "b", ""]),
            ("\"a,b\",c", vec!["a,b", "c"]),
            ("\"say \"\"hi\"\"\",x", vec!["say \"hi\"", "x"]),
            ("", vec![""]),
        ] {
            assert_eq!(cells(line), expected, "{line}");
        }
    }
}
