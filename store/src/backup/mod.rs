//! Taking the whole database out and putting it in again, whichever database it is.
//!
//! Three ways, one engine: a table is read in pages within one snapshot, and written in chunks within
//! one transaction. The portable form is JSON lines (`portable.rs` says which); a copy of a file made
//! by `SQLite` itself is a database that can be opened.

mod check;
mod copy;
mod ledger;
mod portable;
mod restore;
mod table;

pub use check::{Finding, Verified};

/// Rows by table.
pub type Counts = Vec<(&'static str, u64)>;
