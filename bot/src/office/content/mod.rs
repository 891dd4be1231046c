//! One Markdown source, and what each channel shows of it.
//!
//! The first paragraph is the short message; sections follow; a section 广播稿 is for loudspeakers alone. A
//! channel may have a text of its own (override). Kind, issuer, absolute expiry, code and how to verify it are
//! put around every one of them here, so that nobody forgets them.

mod check;
mod form;
mod html;
mod limit;
mod placeholder;
mod render;
mod words;

pub(super) use check::{alike, differing, faults, remarks};
pub use limit::{BODY, CHANNELS, Channel, SHORT, TITLE, Unit, channel_name, find_channel};
pub use placeholder::{PLACEHOLDERS, public_text};
pub use render::{Shown, placed, render};
pub(super) use words::region_of;
pub use words::{Ground, kind_name, page};
