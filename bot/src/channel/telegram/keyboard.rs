//! Choices as rows of inline buttons; long ones are listed in the text and numbered.

use serde::{Deserialize, Serialize};

use super::markup::Line;
use crate::conversation::{Block, Choice, Reply};

/// Rows of buttons.
pub(super) type Keyboard = Vec<Vec<Button>>;

/// Longer labels are cut off by telephones; they are read in the text.
const MAX_LABEL: usize = 16;
/// Characters of a label that one row holds, shared by its buttons.
const ROW: usize = 14;
/// Most buttons of a row.
const COLUMNS: usize = 3;
/// Most buttons of a message, as Telegram has it.
const MAX_BUTTONS: usize = 100;

/// One button. The ids of choices are ASCII of at most 64 bytes on every channel, which is the
/// limit of `callback_data`; longer names are shortened where they are made (`conversation/handle.rs`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Button {
    /// What the reader sees.
    pub(super) text: String,
    /// What comes back when it is tapped.
    pub(super) callback_data: String,
}

/// The buttons of all choices of `reply`; each block of choices begins a row.
pub(super) fn keyboard(reply: &Reply) -> Keyboard {
    let (mut rows, mut number) = (Keyboard::new(), 0);
    for block in &reply.blocks {
        if let Block::Choices { choices } = block {
            rows.extend(rows_of(choices, &mut number));
        }
    }
    let mut left = MAX_BUTTONS;
    rows.retain(|row| left.checked_sub(row.len()).map(|rest| left = rest).is_some());
    rows
}

/// The lines that spell out `choices`, where any of them is too long for a button.
pub(super) fn listed(choices: &[Choice], number: &mut usize) -> Vec<Line> {
    let first = *number + 1;
    *number += choices.len();
    if !needs_list(choices) {
        return Vec::new();
    }
    let lines = choices.iter().zip(first..).map(|(c, n)| Line::plain(&format!("{n}. {}", c.label)));
    lines.collect()
}

fn needs_list(choices: &[Choice]) -> bool {
    choices.iter().any(|choice| choice.label.chars().count() > MAX_LABEL)
}

fn rows_of(choices: &[Choice], number: &mut usize) -> Keyboard {
    let list = needs_list(choices);
    let mut rows = Keyboard::new();
    for choice in choices {
        *number += 1;
        let text =
            if list { format!("{number}. {}", cut(&choice.label)) } else { choice.label.clone() };
        let button = Button { text, callback_data: choice.id.clone() };
        match rows.last_mut() {
            Some(row) if !list && fits(row, &button) => row.push(button),
            _ => rows.push(vec![button]),
        }
    }
    rows
}

/// Whether `button` fits beside those of `row`, all of them as wide as the widest.
fn fits(row: &[Button], button: &Button) -> bool {
    let width = |button: &Button| button.text.chars().count();
    let widest = row.iter().map(width).max().unwrap_or(0).max(width(button));
    row.len() < COLUMNS && widest * (row.len() + 1) <= ROW
}

fn cut(label: &str) -> String {
    if label.chars().count() <= MAX_LABEL {
        return label.to_owned();
    }
    label.chars().take(MAX_LABEL - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(labels: &[&str]) -> Vec<Choice> {
        let choice =
            |label: &&str| Choice { id: format!("d:{}", label.len()), label: (*label).into() };
        labels.iter().map(choice).collect()
    }

    fn shape(labels: &[&str]) -> Vec<String> {
        let rows = rows_of(&choices(labels), &mut 0);
        let row =
            |row: &Vec<Button>| row.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join("|");
        rows.iter().map(row).collect()
    }

    #[test]
    fn short_choices_share_a_row() {
        assert_eq!(shape(&["门烫", "门不烫"]), ["门烫|门不烫"]);
        assert_eq!(shape(&["安全自查", "做测验", "真实案例"]), ["安全自查|做测验|真实案例"]);
        assert_eq!(
            shape(&["遇险一步步做", "安全自查", "做测验"]),
            ["遇险一步步做|安全自查", "做测验"]
        );
    }

    #[test]
    fn long_choices_are_read_in_the_text_under_their_numbers() {
        let labels = ["在楼道里充电，因为那里有插座可以随时看着", "在室外充电棚"];
        let mut number = 3;
        let lines = listed(&choices(&labels), &mut number);
        assert_eq!(number, 5);
        assert_eq!(lines[0].html(), "4. 在楼道里充电，因为那里有插座可以随时看着");
        assert_eq!(shape(&labels), ["1. 在楼道里充电，因为那里有插座可…", "2. 在室外充电棚"]);
    }
}
