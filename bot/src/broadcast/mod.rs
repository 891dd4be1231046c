//! Sending campaigns: what lies in the ledger goes out once, at the pace of each account, and what came of
//! it goes back into the ledger.
//!
//! A channel is a [`Sender`]; what it sends comes from [`Texts`]. Who may be reached, what was sent and
//! what may not be sent again is `store`'s business.

mod message;
mod sender;

pub use message::{Outgoing, Reader, Rendered, TextFault, Texts};
pub use sender::{Sender, Verdict};
