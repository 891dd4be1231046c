//! Cases as a table, for people who work with spreadsheets.

use std::fmt::Write;

use fenghuo_content::kind::{Figures, Incident};
use fenghuo_content::{Content, Document};

use crate::Site;

const HEAD: &str =
    "id,type,title,date,place,category,deaths,injuries,loss_wan_yuan,cause,figures,url";

/// The cases among `documents`, one a line (RFC 4180). The mark at the beginning tells spreadsheets that it is UTF-8.
pub(super) fn cases<'a>(site: &Site, documents: impl Iterator<Item = &'a Document>) -> String {
    let mut out = format!("\u{feff}{HEAD}\r\n");
    for document in documents {
        if let Content::Case(case) = &document.content {
            let cells = row(site, document, &case.incident).map(|cell| quote(&cell));
            let _ = write!(out, "{}\r\n", cells.join(","));
        }
    }
    out
}

fn row(site: &Site, document: &Document, incident: &Incident) -> [String; 12] {
    let count = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
    let (kind, deaths, injuries, loss, cause, figures) = match incident {
        Incident::Fire(fire) => (
            "fire",
            count(fire.deaths),
            count(fire.injuries),
            fire.loss.map_or_else(String::new, |loss| loss.to_string()),
            fire.cause.clone(),
            match fire.figures {
                Figures::Final => "final",
                Figures::Preliminary => "preliminary",
            },
        ),
        Incident::Hazard(hazard) => {
            ("hazard", String::new(), String::new(), String::new(), hazard.article.clone(), "")
        }
    };
    [
        document.id.to_string(),
        kind.to_owned(),
        document.meta.title.clone(),
        incident.date().to_string(),
        incident.place().to_owned(),
        incident.category().to_owned(),
        deaths,
        injuries,
        loss,
        cause,
        figures.to_owned(),
        site.absolute(&document.address()),
    ]
}

/// A cell that no spreadsheet takes for a formula, in quotes where it needs them.
fn quote(cell: &str) -> String {
    let safe =
        if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() };
    if safe.contains([',', '"', '\r', '\n']) {
        return format!("\"{}\"", safe.replace('"', "\"\""));
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_are_never_formulas() {
        for (cell, expected) in [
            ("油锅", "油锅"),
            ("a,b", "\"a,b\""),
            ("说\"着火\"", "\"说\"\"着火\"\"\""),
            ("=1+1", "'=1+1"),
            ("", ""),
        ] {
            assert_eq!(quote(cell), expected);
        }
    }
}
