//! The conversation: a pure function from session and message to reply, new session and effects.
//!
//! It reads the library and the engine, nothing else: no clock, no database, no channel. What it
//! needs to know is handed in as [`Facts`]; what shall happen is handed out as [`Effect`]s.
//! Whatever is said comes from the library or from `phrase.rs`.

mod answer;
mod case;
mod check;
mod choice;
mod command;
mod cut;
mod document;
mod feedback;
mod gap;
mod guide;
mod handle;
mod lesson;
mod list;
mod notice;
mod passage;
mod phrase;
mod quiz;
mod reply;
mod respond;
mod session;
mod subscription;
mod verify;

pub use command::deep_link;
pub use gap::Gap;
pub use reply::{Block, Choice, Reply, ReplyKind};
pub use respond::{
    Effect, Facts, MAX_MESSAGE, Message, SeasonalNotice, SentNotice, Turn, opening, refusal,
    respond, too_fast,
};
pub use session::Session;
pub(crate) use subscription::ROLES;
pub use subscription::{Quiet, Reach, Subscription};
pub use verify::{Lookup, Verified, code_in};
