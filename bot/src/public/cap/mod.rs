//! CAP 1.2 (OASIS, ITU-T X.1303 bis): alerts read, judged and written.
//!
//! [`read`] takes what anybody may have written; [`alert`] makes ours. Both are the same [`Alert`],
//! so what is written can be read back and is judged by the same rules.

mod check;
mod element;
mod fault;
mod model;
mod ours;
mod read;
mod write;

pub use fault::Fault;
pub use model::{Alert, Area, Info, Moment, MsgType, Pair, Reference, Resource, Scope, Status};
pub use ours::{Profile, alert, identifier};
pub use read::read;
pub use write::write;

pub(super) use element::{Element, MAX_BYTES, parse};

/// Namespace of CAP 1.2.
pub const NAMESPACE: &str = "urn:oasis:names:tc:emergency:cap:1.2";
