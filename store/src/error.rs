//! What can go wrong, cut by what the caller does about it.

use std::path::PathBuf;
use std::sync::Arc;

use crate::{CampaignId, CampaignState};

/// An error of the store.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address of the database cannot be understood.
    #[error("database url: {reason}; write sqlite://PATH or postgres://USER@HOST/NAME")]
    Url {
        /// What is wrong with it; never the address itself, which may hold a password.
        reason: String,
    },
    /// The database cannot be opened or reached.
    #[error("`{place}`: cannot open the database")]
    Open {
        /// The file, or the host and the name of the database.
        place: String,
        /// Why.
        #[source]
        source: Arc<sqlx::Error>,
    },
    /// A folder or file cannot be created, read or written.
    #[error("`{path}`: cannot be created, read or written")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// Another process serves this database.
    #[error("`{path}`: another process serves this database")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// `SQLite` before 3.51.3 can corrupt a WAL database; `PostgreSQL` before 14 cannot end idle sessions.
    #[error("{product} {found} is too old, {needed} or later is needed")]
    Outdated {
        /// `SQLite` or `PostgreSQL`.
        product: &'static str,
        /// The version it reports.
        found: String,
        /// The oldest that will do.
        needed: &'static str,
    },
    /// A later version of the program has written this database.
    #[error("the database has schema {found}, this program knows {known}: use the newer program")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Latest version this program knows.
        known: i64,
    },
    /// Another process has taken over what this one had claimed, or somebody else has changed what this
    /// one had read; nothing was written.
    #[error("it was taken over or changed by somebody else meanwhile")]
    Stale,
    /// There is no such thing.
    #[error("there is no such {what}")]
    NotFound {
        /// `campaign`, `official`, `board entry`.
        what: &'static str,
    },
    /// A name that must be unique is taken; for a code: draw another.
    #[error("this {what} is taken")]
    Taken {
        /// `code`, `official`, `occasion`.
        what: &'static str,
    },
    /// The occasion has become a campaign before, or was passed over (then there is none).
    #[error("this occasion was dealt with before")]
    OccasionTaken {
        /// The campaign it became.
        campaign: Option<CampaignId>,
    },
    /// Something was left out that is required.
    #[error("a {what} is required")]
    Missing {
        /// `reason`, `later expiry`.
        what: &'static str,
    },
    /// The campaign is in a state in which this cannot be done.
    #[error("this cannot be done while the campaign is `{}`", found.as_str())]
    WrongState {
        /// The state it is in.
        found: CampaignState,
    },
    /// Two different people are needed: who wrote it may not approve it.
    #[error("whoever wrote or last edited it may not approve it")]
    SamePerson,
    /// The official is unknown, disabled, or her role does not permit it.
    #[error("the official is unknown, disabled, or her role does not permit this")]
    NotAllowed,
    /// A server runs on this database; what it wrote meanwhile would be missed.
    #[error("`{place}`: a server runs on this database; stop it first")]
    Served {
        /// The database.
        place: String,
    },
    /// The database to fill holds something.
    #[error("the target is not empty, table `{table}` has rows; nothing was written")]
    NotEmpty {
        /// A table with rows.
        table: &'static str,
    },
    /// A backup cannot be used; nothing was written.
    #[error("line {line}: {reason}")]
    Backup {
        /// Line of the file.
        line: u64,
        /// Why.
        reason: String,
    },
    /// A query or a commit failed; nothing of it was written.
    #[error("database query failed")]
    Query(#[source] Arc<sqlx::Error>),
}

impl Error {
    /// A failure with the file or folder `path`.
    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { path: path.to_owned(), source: Arc::new(source) }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Query(Arc::new(error))
    }
}
