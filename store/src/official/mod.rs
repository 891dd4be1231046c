//! Officials: who they are and what they may do, and their sessions at the desk.

mod manage;
mod session;

use jiff::Timestamp;
use serde::Serialize;

use crate::word::words;

pub use session::{DeskSession, DeskToken};

words! {
    /// What an official may do; each may what those before may.
    OfficialRole {
        /// Reads.
        Viewer = 0 "viewer",
        /// Writes, edits and submits campaigns.
        Editor = 1 "editor",
        /// Returns, approves, sends, pauses and cancels those of others.
        Approver = 2 "approver",
        /// Everything, officials too; but does not approve what she wrote either.
        Admin = 3 "admin",
    }
}

impl OfficialRole {
    /// The role of `code`; what no version ever wrote may nothing.
    pub(crate) fn of(code: i64) -> Self {
        Self::from_code(code).unwrap_or(Self::Viewer)
    }
}

/// An official.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Official {
    /// Her name, which the audit log uses.
    pub name: String,
    /// What she may do.
    pub role: OfficialRole,
    /// Whether she may do nothing for the time being.
    pub disabled: bool,
    /// Since when she is known.
    pub added: Timestamp,
}

/// What changes about an official.
#[derive(Clone, PartialEq, Eq)]
pub enum OfficialChange {
    /// What she may do.
    Role(OfficialRole),
    /// The hash of her password.
    Password(String),
    /// Whether she is disabled.
    Disabled(bool),
}

/// Shows no hash.
impl std::fmt::Debug for OfficialChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Role(role) => write!(f, "Role({role})"),
            Self::Password(_) => f.write_str("Password(…)"),
            Self::Disabled(disabled) => write!(f, "Disabled({disabled})"),
        }
    }
}
