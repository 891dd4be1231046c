//! Board: progress of townships and villages towards a target of the county.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::reading;
use crate::front::{Day, Front};
use crate::markdown::Body;

/// A board.
#[derive(Clone, Debug)]
pub struct Board {
    /// What each region must reach.
    pub target: f64,
    /// Unit of target and values, e.g. `个`.
    pub unit: String,
    /// Day by which it is due.
    pub due: Date,
    /// Whether its figures are made up for demonstration.
    pub demonstration: bool,
    /// Rows of the CSV beside it.
    pub rows: Vec<Progress>,
    /// The text.
    pub body: Body,
}

/// One row: `region,date,value,note`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Region id.
    pub region: String,
    /// Day of the figure.
    pub date: Date,
    /// Value in the unit of the board.
    pub value: f64,
    /// Remark.
    #[serde(default)]
    pub note: String,
}

impl Board {
    /// The latest row of each region, in order of region.
    pub fn latest(&self) -> Vec<&Progress> {
        let mut latest: std::collections::BTreeMap<&str, &Progress> =
            std::collections::BTreeMap::new();
        for row in &self.rows {
            let newest = latest.entry(&row.region).or_insert(row);
            if row.date >= newest.date {
                *newest = row;
            }
        }
        latest.into_values().collect()
    }

    /// The same with `figures` that were confirmed, `None` where it holds them already. What was made up for demonstration
    /// gives way to the first real one.
    pub(crate) fn with_figures(&self, figures: &[Progress]) -> Option<Self> {
        let mut new = figures.iter().filter(|row| !self.rows.contains(row)).peekable();
        new.peek()?;
        let kept = if self.demonstration { &[][..] } else { &self.rows };
        let rows = kept.iter().chain(new).cloned().collect();
        Some(Self { rows, demonstration: false, ..self.clone() })
    }
}

const COLUMNS: [&str; 3] = ["region", "date", "value"];

impl Board {
    pub(crate) fn read(front: &mut Front<'_>, body: Body, csv: Option<&[u8]>) -> Option<Self> {
        let line = front.line("target");
        let target: Option<f64> = front
            .required::<toml::Value>("target")
            .and_then(|value| value.as_float().or_else(|| value.as_integer().map(|n| n as f64)));
        if target.is_none_or(|target| !(target.is_finite() && target > 0.0)) {
            front.error(line, "front-value", "`target` 不是正数", "写 target = 3");
        }
        let unit = front.text("unit");
        let due = front.required::<Day>("due");
        let demonstration = front.optional("demonstration").unwrap_or(false);
        let rows = reading::csv_rows(front, csv, &COLUMNS);
        let (target, unit, due, rows) = (target?, unit?, due?.0, rows?);
        Some(Self { target, unit, due, demonstration, rows, body })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn row(region: &str, day: i8, value: f64) -> Progress {
        Progress {
            region: region.to_owned(),
            date: date(2026, 11, day),
            value,
            note: String::new(),
        }
    }

    fn board(demonstration: bool) -> Board {
        let rows = vec![row("a", 1, 1.0), row("b", 1, 2.0)];
        let (unit, due, body) = ("个".to_owned(), date(2026, 12, 31), Body::default());
        Board { target: 3.0, unit, due, demonstration, rows, body }
    }

    #[test]
    fn confirmed_figures_stand_beside_real_ones_and_replace_made_up_ones() {
        let figures = [row("a", 2, 3.0)];
        let real = board(false).with_figures(&figures).expect("changed");
        let values: Vec<f64> = real.latest().iter().map(|row| row.value).collect();
        assert_eq!(values, [3.0, 2.0]);
        assert!(real.with_figures(&figures).is_none(), "nothing new");

        let shown = board(true).with_figures(&figures).expect("changed");
        assert!(!shown.demonstration);
        assert_eq!(shown.rows, figures);
        let more = shown.with_figures(&[row("a", 2, 3.0), row("b", 3, 1.0)]).expect("changed");
        assert_eq!(more.rows.len(), 2);
    }
}
