//! Bulletin: fire figures of one month by township and cause.

use serde::{Deserialize, Serialize};

use super::reading;
use crate::front::Front;
use crate::markdown::Body;

/// A bulletin.
#[derive(Clone, Debug)]
pub struct Bulletin {
    /// Year of the month.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Whether its figures are made up for demonstration.
    pub demonstration: bool,
    /// Rows of the CSV beside it.
    pub rows: Vec<FireCount>,
    /// The text.
    pub body: Body,
}

/// One row: `township,cause,fires,deaths,injured,loss_yuan`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FireCount {
    /// Region id of the township.
    pub township: String,
    /// Cause, in the words of the brigade.
    pub cause: String,
    /// Number of fires.
    pub fires: u32,
    /// People who died.
    pub deaths: u32,
    /// People injured.
    pub injured: u32,
    /// Direct loss in yuan.
    pub loss_yuan: u64,
}

impl Bulletin {
    /// `2026-10`.
    pub fn period(&self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }

    /// Sum of fires.
    pub fn fires(&self) -> u32 {
        self.rows.iter().map(|row| row.fires).sum()
    }
}

const COLUMNS: [&str; 6] = ["township", "cause", "fires", "deaths", "injured", "loss_yuan"];

impl Bulletin {
    pub(crate) fn read(front: &mut Front<'_>, body: Body, csv: Option<&[u8]>) -> Option<Self> {
        let period = month(front);
        let demonstration = front.optional("demonstration").unwrap_or(false);
        let rows = reading::csv_rows(front, csv, &COLUMNS);
        let (year, month) = period?;
        Some(Self { year, month, demonstration, rows: rows?, body })
    }
}

/// `2026-10` as year and month.
fn month(front: &mut Front<'_>) -> Option<(i16, i8)> {
    let line = front.line("period");
    let text = front.text("period")?;
    let parsed = text.split_once('-').and_then(|(y, m)| Some((y.parse().ok()?, m.parse().ok()?)));
    let fine =
        parsed.filter(|(year, month)| (1990..=2200).contains(year) && (1..=12).contains(month));
    if fine.is_none() {
        front.error(line, "front-value", format!("`{text}` 不是月份"), "写 period = \"2026-10\"");
    }
    fine
}
