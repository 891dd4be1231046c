//! The inbox: every update that comes in, kept until it is answered, and visible when it is not.
//!
//! An update goes `received → handling → ready → sending → answered | failed | unknown`. It is on disk
//! before the channel hears that we have it; the reply is on disk, together with all the message
//! changes, before the first request goes out; and `sending` is on disk before that request. So after
//! the death of a process it is known what was surely not sent, and the rest is repeated with the
//! stored text (and listed) or listed as unknown, as the channel chooses.
//!
//! Updates of one chat are claimed together, in order, by one process only.

mod bell;
mod claim;
mod complete;
mod list;
mod note;
mod receive;
mod recover;
mod state;

pub use bell::Ear;
pub use claim::{Claimed, Run};
pub(crate) use complete::Completing;
pub use complete::{Completion, Then};
pub use list::{InboxCounts, InboxEntry, Listed};
pub(crate) use note::Note;
pub use note::Outcome;
pub(crate) use receive::Arriving;
pub use receive::{Received, Update};
pub use recover::{AfterDeath, Recovered};
pub use state::InboxState;

use crate::Error;

/// Parts of a reply as the table holds them.
pub(crate) fn write_parts(parts: &[String]) -> String {
    serde_json::to_string(parts).expect("texts can be written as JSON")
}

/// Parts of a stored reply; none where there is none.
fn read_parts(stored: Option<String>) -> Result<Vec<String>, Error> {
    let Some(text) = stored else { return Ok(Vec::new()) };
    serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()).into())
}
