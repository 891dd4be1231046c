//! Chinese analysis, passage index and answer selection: from a resident's question to one honest [`Answer`].
//!
//! Only this crate names tantivy and jieba. It reads no clock but to measure itself, does no network and writes
//! nothing but its index folder, which may be deleted at any time.

mod analysis;
mod answer;
mod compact;
mod compose;
mod cue;
mod danger;
mod elsewhere;
pub mod encoder;
mod engine;
mod error;
pub mod eval;
mod explain;
mod extract;
mod index;
mod language;
mod query;
mod rank;
mod reply;
mod retrieve;
mod select;
mod sense;
mod similar;
mod small_talk;

pub use answer::{Answer, AnswerKind, Choice, Hit, PassageRef};
pub use compact::{Compact, CompactFile};
pub use danger::{DangerWatch, Example, Learnt, Sighting};
pub use engine::Engine;
pub use error::Error;
pub use explain::{Candidate, Explanation};
pub use similar::group_similar;
