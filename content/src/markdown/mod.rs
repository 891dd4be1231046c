//! The Markdown of a document as a small typed tree, which renderers for pages, chat and speech share.

mod block;
mod link;
mod parse;
mod text;

pub use block::{Block, BlockKind, Body, Inline, Item, Section, Target};
pub(crate) use parse::parse;
pub use text::{inline_text, plain_text};
