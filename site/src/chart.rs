//! Charts as SVG: bars and meters. Colours come from the style sheet by class, so the policy needs no exception.

use std::fmt::{self, Display};

use askama::filters::HtmlSafe;

use crate::render::Escaped;

/// One bar.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it stands for.
    pub name: String,
    /// How long it is.
    pub value: u32,
}

/// A chart of bars that lie, longest value filling the width.
#[derive(Clone, Debug)]
pub struct Bars {
    label: &'static str,
    rows: Vec<Row>,
}

/// Drawn for a narrow phone, so that its text keeps its size there.
const WIDTH: u32 = 320;
const ROW: u32 = 44;
/// Room for the number behind the longest bar.
const NUMBER: u32 = 44;

impl Bars {
    /// A chart of `rows`, which `label` names to those who do not see it.
    pub fn new(label: &'static str, rows: Vec<Row>) -> Self {
        Self { label, rows }
    }

    /// For the table beside the chart.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl HtmlSafe for Bars {}

impl Display for Bars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let height = ROW * u32::try_from(self.rows.len()).unwrap_or(u32::MAX / ROW);
        let label = Escaped(self.label);
        write!(
            f,
            "<svg class=\"bars\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-label=\"{label}\">"
        )?;
        let most = self.rows.iter().map(|row| row.value).max().unwrap_or(0).max(1);
        for (row, top) in self.rows.iter().zip((0..).step_by(ROW as usize)) {
            let width = u64::from(row.value) * u64::from(WIDTH - NUMBER) / u64::from(most);
            let width = width.max(2);
            write!(
                f,
                "<text x=\"0\" y=\"{}\">{}</text><rect x=\"0\" y=\"{}\" width=\"{width}\" height=\"16\" rx=\"2\"/>\
                 <text class=\"number\" x=\"{}\" y=\"{}\">{}</text>",
                top + 16,
                Escaped(&row.name),
                top + 22,
                width + 6,
                top + 36,
                row.value
            )?;
        }
        f.write_str("</svg>")
    }
}

/// A meter of `percent`; the number stands beside it in words.
pub fn meter(percent: u32) -> String {
    format!(
        "<svg class=\"meter\" viewBox=\"0 0 100 8\" width=\"100\" height=\"8\" preserveAspectRatio=\"none\" aria-hidden=\"true\">\
         <rect class=\"track\" width=\"100\" height=\"8\" rx=\"2\"/><rect class=\"value\" width=\"{}\" height=\"8\" rx=\"2\"/></svg>",
        percent.min(100)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_and_a_month_without_fires_is_drawn() {
        let rows = vec![
            Row { name: "<b>".to_owned(), value: 0 },
            Row { name: "电气".to_owned(), value: 0 },
        ];
        let svg = Bars::new("起数", rows).to_string();
        assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"), "{svg}");
        assert!(svg.contains("width=\"2\""), "{svg}");
    }

    #[test]
    fn a_meter_never_overflows() {
        assert!(meter(250).contains("width=\"100\" height=\"8\" rx"));
    }
}
