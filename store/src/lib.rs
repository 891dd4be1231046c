//! Everything that must survive a restart: sessions, the inbox, subscribers, content gaps, votes, audit.
//!
//! One public API over `SQLite` and `PostgreSQL`, verbs of the domain, time as a parameter. SQL stands
//! here and nowhere else, with `$1` placeholders, which both take. What is said in a session, a
//! message or a vote means nothing here: states and replies are opaque text, documents are names.

mod account;
mod address;
mod audit;
mod backup;
mod change;
mod confirmation;
mod database;
mod day;
mod error;
mod feedback;
mod forget;
mod gap;
mod hash;
mod id;
mod inbox;
mod purge;
mod scrub;
mod session;
mod subscriber;

pub use account::Hold;
pub use address::{Account, Address};
pub use audit::{AuditEntry, AuditReport, Deed};
pub use backup::{Counts, Finding, Verified};
pub use change::Change;
pub use confirmation::ConfirmToken;
pub use database::{Location, Lock, Store};
pub use error::Error;
pub use feedback::Feedback;
pub use forget::Forgotten;
pub use gap::Gap;
pub use inbox::{
    AfterDeath, Claimed, Completion, Ear, InboxCounts, InboxEntry, InboxState, Listed, Outcome,
    Received, Recovered, Run, Then, Update,
};
pub use purge::Purged;
pub use scrub::Scrubbed;
pub use session::SessionId;
pub use subscriber::{LeaveToken, Quiet, Subscriber, SubscriberId, Subscription};
