//! Everything that must survive a restart: sessions of the chat, content gaps, feedback.
//!
//! One public API, verbs of the domain, time as a parameter. SQL stands here and nowhere else;
//! it uses `$1` placeholders, which `SQLite` and `PostgreSQL` both take. What is said in a session
//! or a vote means nothing here: states are opaque text, documents are names.

mod database;
mod day;
mod error;
mod feedback;
mod gap;
mod lock;
mod migration;
mod purge;
mod scrub;
mod session;

pub use database::Store;
pub use error::Error;
pub use feedback::Feedback;
pub use gap::Gap;
pub use lock::Lock;
pub use purge::Purged;
pub use scrub::Scrubbed;
pub use session::SessionId;
