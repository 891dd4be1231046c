//! A reply as blocks, which each channel renders within its own limits.

use fenghuo_content::{Document, Source};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::cut::{cut, cut_lines};
use super::phrase;

/// Most blocks of a reply.
const MAX_BLOCKS: usize = 14;
/// Most choices of one block.
const MAX_CHOICES: usize = 12;
/// Most steps or lines of one block.
const MAX_LINES: usize = 20;
/// Longest text of one block, in characters.
const MAX_TEXT: usize = 1500;
/// Longest step, line or caption.
const MAX_LINE: usize = 300;
/// Longest label of a choice or link.
const MAX_LABEL: usize = 40;
/// Sources named below a text; all of them stand on the page.
const SHOWN_SOURCES: usize = 2;

/// What the bot says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reply {
    /// What sort of reply it is.
    pub kind: ReplyKind,
    /// Its blocks in reading order.
    pub blocks: Vec<Block>,
    /// What the text rests on.
    pub sources: Vec<Source>,
    /// Day of the last check against the sources.
    pub reviewed: Option<Date>,
    /// The line about approval.
    pub approval: Option<String>,
}

/// What sort of reply it is: the outcomes of a question, and the rooms of the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ReplyKind {
    /// It is happening now: the fixed card.
    Emergency,
    /// One passage of the library.
    Answer,
    /// Several near topics.
    Suggest,
    /// Nothing fits.
    Unknown,
    /// A greeting.
    Greeting,
    /// A step of a guide.
    Guide,
    /// A question or the result of a quiz.
    Quiz,
    /// An item or the result of a self-check.
    Checklist,
    /// A lesson.
    Lesson,
    /// A case.
    Case,
    /// A list to choose from.
    List,
    /// A step of subscribing, or one's own subscription.
    Subscription,
    /// Whether a notice is genuine.
    Verify,
    /// The menu and other words of our own.
    Help,
}

/// One block of a reply.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Block {
    /// Text of one or more lines.
    Text {
        /// Lines parted by `\n`.
        text: String,
    },
    /// Numbered steps.
    Steps {
        /// One action each.
        items: Vec<String>,
    },
    /// Buttons; channels without buttons number them.
    Choices {
        /// The choices in order.
        choices: Vec<Choice>,
    },
    /// The danger card.
    Card {
        /// At most four lines, and as many in English for who asks in English.
        lines: Vec<String>,
    },
    /// A link.
    Link {
        /// What the reader sees.
        label: String,
        /// Address on the site (`/…`) or `tel:…`.
        href: String,
    },
    /// A drawing.
    Image {
        /// Address on the site.
        src: String,
        /// What it shows.
        alt: String,
    },
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// ASCII of at most 64 bytes.
    pub id: String,
    /// What the reader sees.
    pub label: String,
}

impl Choice {
    pub(super) fn new(action: super::choice::Action<'_>, label: impl Into<String>) -> Self {
        Self { id: action.id(), label: cut(&label.into(), MAX_LABEL) }
    }
}

impl Block {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into() }
    }

    pub(super) fn page(document: &Document) -> Self {
        Self::Link { label: phrase::whole_text(&document.meta.title), href: document.address() }
    }
}

impl Reply {
    pub(super) fn new(kind: ReplyKind) -> Self {
        Self { kind, blocks: Vec::new(), sources: Vec::new(), reviewed: None, approval: None }
    }

    /// A reply that shows text of `document`, with its sources and approval.
    pub(super) fn from_document(kind: ReplyKind, document: &Document) -> Self {
        Self {
            sources: document.meta.sources.clone(),
            reviewed: Some(document.meta.reviewed),
            approval: Some(document.approval()),
            ..Self::new(kind)
        }
    }

    pub(super) fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    pub(super) fn with_text(self, text: impl Into<String>) -> Self {
        self.with(Block::text(text))
    }

    pub(super) fn with_blocks(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.blocks.extend(blocks);
        self
    }

    pub(super) fn with_choices(self, choices: Vec<Choice>) -> Self {
        if choices.is_empty() { self } else { self.with(Block::Choices { choices }) }
    }

    /// All choices in order, as they are numbered in text.
    pub fn choices(&self) -> impl Iterator<Item = &Choice> {
        self.blocks.iter().flat_map(|block| match block {
            Block::Choices { choices } => choices.as_slice(),
            _ => &[],
        })
    }

    /// The whole reply as plain text: choices are numbered, sources and approval stand below.
    pub fn text(&self) -> String {
        let mut number = 0;
        let mut parts: Vec<String> =
            self.blocks.iter().map(|block| block_text(block, &mut number)).collect();
        let named = self.named_sources();
        parts.push(named.into_iter().chain(self.approval.clone()).collect::<Vec<_>>().join("\n"));
        parts.retain(|part| !part.is_empty());
        parts.join("\n\n")
    }

    /// The sources that are named with the text: not below a danger card, not at every step of a walk.
    pub fn named_sources(&self) -> Vec<String> {
        let named = match self.kind {
            ReplyKind::Answer | ReplyKind::Lesson | ReplyKind::Case => SHOWN_SOURCES,
            _ => 0,
        };
        self.sources.iter().take(named).map(phrase::source).collect()
    }

    /// Brings every block within its limits; what is cut is marked with an ellipsis.
    pub(super) fn fit(&mut self) {
        self.blocks.truncate(MAX_BLOCKS);
        for block in &mut self.blocks {
            match block {
                Block::Text { text } => *text = cut_lines(text, MAX_TEXT),
                Block::Steps { items: lines } | Block::Card { lines } => {
                    lines.truncate(MAX_LINES);
                    lines.iter_mut().for_each(|line| *line = cut(line, MAX_LINE));
                }
                Block::Choices { choices } => choices.truncate(MAX_CHOICES),
                Block::Link { label, .. } => *label = cut(label, MAX_LABEL),
                Block::Image { alt, .. } => *alt = cut(alt, MAX_LINE),
            }
        }
    }
}

fn block_text(block: &Block, number: &mut usize) -> String {
    match block {
        Block::Text { text } => text.clone(),
        Block::Card { lines } => lines.join("\n"),
        Block::Steps { items } => {
            let numbered = items.iter().zip(1..).map(|(item, n)| format!("{n}. {item}"));
            numbered.collect::<Vec<_>>().join("\n")
        }
        Block::Choices { choices } => {
            let numbered = choices.iter().map(|choice| {
                *number += 1;
                format!("[{number}] {}", choice.label)
            });
            numbered.collect::<Vec<_>>().join("\n")
        }
        // The card names the number; as text it cannot be tapped.
        Block::Link { href, .. } if href.starts_with("tel:") => String::new(),
        Block::Link { label, href } => format!("{label}\n{href}"),
        Block::Image { alt, .. } => phrase::image(alt),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_numbered_through_all_blocks() {
        let choice = |label: &str| Choice { id: "menu".into(), label: label.into() };
        let reply = Reply::new(ReplyKind::Help)
            .with_text("问")
            .with_choices(vec![choice("甲"), choice("乙")])
            .with_choices(vec![choice("丙")]);
        assert_eq!(reply.text(), "问\n\n[1] 甲\n[2] 乙\n\n[3] 丙");
    }
}
