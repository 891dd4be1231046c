//! The tree: blocks, inlines, sections. Raw HTML has no place in it.

use crate::{DocumentId, Lang};

/// A block with the line it begins on.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Line in the file, from 1.
    pub line: u32,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block can be.
#[derive(Clone, Debug, PartialEq)]
pub enum BlockKind {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading below a section's own (`###`).
    Heading(Vec<Inline>),
    /// A list; `start` is the first number of an ordered one.
    List {
        /// First number, or `None` for bullets.
        start: Option<u64>,
        /// Its items.
        items: Vec<Item>,
    },
    /// `✗ 误区：… ✓ 正确：…`: a wrong belief with its correction, which no renderer may part.
    Myth {
        /// The wrong belief.
        wrong: Vec<Inline>,
        /// What is right.
        right: Vec<Inline>,
    },
    /// A quotation or remark.
    Quote(Vec<Block>),
    /// A drawing from `media/` that stands alone in its paragraph.
    Figure {
        /// Path inside the library, e.g. `media/door-test.svg`.
        src: String,
        /// What it shows, for those who cannot see it.
        alt: String,
    },
    /// A table.
    Table {
        /// Header cells.
        header: Vec<Vec<Inline>>,
        /// Rows of cells.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A line between parts.
    Rule,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Line in the file, from 1.
    pub line: u32,
    /// The box of a task list item: ticked or not.
    pub checked: Option<bool>,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// Text inside a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Code or literal text.
    Code(String),
    /// A link.
    Link {
        /// Where it leads.
        target: Target,
        /// Its text.
        text: Vec<Inline>,
    },
    /// A forced line break.
    Break,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Another document, perhaps at an anchor.
    Document {
        /// Its id.
        id: DocumentId,
        /// Anchor of the passage.
        anchor: Option<String>,
    },
    /// An anchor of this document, without `#`.
    Anchor(String),
    /// A telephone number (`tel:119`).
    Phone(String),
    /// A web address (`https://…`).
    Web(String),
    /// A page the program itself serves, e.g. `/chat`.
    Site(String),
}

impl Target {
    /// Value for an HTML `href`.
    pub fn href(&self, lang: Lang) -> String {
        match self {
            Self::Document { id, anchor: Some(anchor) } => format!("{}#{anchor}", id.address(lang)),
            Self::Document { id, anchor: None } => id.address(lang),
            Self::Anchor(anchor) => format!("#{anchor}"),
            Self::Phone(number) => format!("tel:{number}"),
            Self::Web(address) | Self::Site(address) => address.clone(),
        }
    }
}

/// The text of a document: what stands before the first `##`, then its sections.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// Blocks before the first section.
    pub intro: Vec<Block>,
    /// Sections in order.
    pub sections: Vec<Section>,
}

/// One `##` section: a passage with a stable anchor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Anchor on the page: the `{#id}` given, else made from the title.
    pub anchor: String,
    /// Whether the anchor was written as `{#id}`.
    pub explicit: bool,
    /// Heading as plain text.
    pub title: String,
    /// Line of the heading.
    pub line: u32,
    /// What it holds.
    pub blocks: Vec<Block>,
}

impl Body {
    /// Reads Markdown that was checked before; what the tree has no place for is left out.
    pub fn read(text: &str) -> Self {
        super::parse("", text, 1).body
    }

    /// The section whose heading is `title`.
    pub fn section(&self, title: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.title == title)
    }
}
