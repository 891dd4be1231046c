//! The index: one tantivy document a passage, and beside it what ranking needs of each passage and document.

mod catalog;
mod entry;
mod store;
mod vocabulary;

pub(crate) use catalog::{Asked, Catalog, Profile};
pub(crate) use entry::{Entry, display_text, fact_line};
pub(crate) use store::{Index, Scored, View};
pub(crate) use vocabulary::{Vocabulary, WordId};
