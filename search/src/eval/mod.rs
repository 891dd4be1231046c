//! Measuring: golden questions with expected outcomes, the tuner, and plain retrieval over passages of others.

mod fit;
mod golden;
mod judge;
mod retrieval;
mod split;
mod tune;

pub use golden::{Bin, Counts, Failure, Report, golden};
pub use judge::{Expect, GoldenError, GoldenLine};
pub use retrieval::{RetrievalError, Scores, retrieval};
pub use split::Split;
pub use tune::{Fold, Tuned, tune};
