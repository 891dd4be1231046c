//! The index: one tantivy document a passage, and beside it what ranking needs of each passage and document.

mod catalog;
mod entry;
mod store;
mod vocabulary;

pub(crate) use catalog::{Asked, Catalog};
pub(crate) use entry::{Entry, fact_line};
pub(crate) use store::{Index, View};
pub(crate) use vocabulary::{Vocabulary, WordId};
