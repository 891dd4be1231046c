//! Measuring: golden questions with expected outcomes, and plain retrieval over passages of others.

mod golden;
mod retrieval;

pub use golden::{Counts, Expect, Failure, GoldenError, GoldenLine, Report, golden};
pub use retrieval::{RetrievalError, Scores, retrieval};
