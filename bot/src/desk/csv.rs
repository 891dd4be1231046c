//! Tables as CSV that spreadsheets open rightly: a mark of UTF-8 in front, nothing that would be run as a formula.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A table being written.
pub(super) struct Csv(String);

impl Csv {
    pub(super) fn new(header: &[&str]) -> Self {
        let mut csv = Self("\u{feff}".to_owned());
        csv.row(header);
        csv
    }

    pub(super) fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    /// The table as a file named `name`.
    pub(super) fn answer(self, name: &str) -> Response {
        answer(name, self.0)
    }
}

/// `text` as a file named `name`.
pub(super) fn answer(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ];
    (headers, text).into_response()
}

/// A cell; an apostrophe before what a spreadsheet would take for a formula, unless it is a number.
fn quoted(cell: &str) -> String {
    let formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_in_a_cell_is_run_by_a_spreadsheet() {
        for (cell, expected) in [
            ("城关镇", "城关镇"),
            ("-3.5", "-3.5"),
            ("=1+1", "'=1+1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("a,\"b\"\n", "\"a,\"\"b\"\"\n\""),
        ] {
            assert_eq!(quoted(cell), expected);
        }
    }
}
