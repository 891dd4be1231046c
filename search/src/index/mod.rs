//! The index: one tantivy document a passage, and beside it what ranking needs of each passage and document.

mod catalog;
mod digest;
mod entry;
mod interner;
mod questions;
mod shelf;
mod store;
mod vocabulary;

pub(crate) use catalog::{Catalog, Pair, Profile, Reader, pairs};
pub(crate) use entry::{Entry, fact_line};
pub(crate) use questions::{Alike, Asked, Role as AskedRole};
pub(crate) use shelf::Shelf;
pub(crate) use store::{Index, View};
pub(crate) use vocabulary::{Vocabulary, WordId};
