//! What comes back: delivery reports (RFC 3464) and complaints (RFC 5965) out of a maildir.
//!
//! Only what carries a genuine token of a letter of ours has an effect. Everything else is moved
//! aside; what cannot be read stays flagged for a human.

mod maildir;
mod report;
mod sweep;

pub(crate) use sweep::Bounces;
