//! What can go wrong, cut by what the caller does about it.

use std::path::PathBuf;

/// An error of the store.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The database file cannot be created or opened.
    #[error("`{path}`: cannot open the database")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The folder, the file or its lock cannot be created.
    #[error("`{path}`: cannot create the database")]
    Create {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process serves this database.
    #[error("`{path}`: another process serves this database")]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The linked `SQLite` can corrupt a WAL database (fixed in 3.51.3).
    #[error("SQLite `{found}` is too old, 3.51.3 or later is needed")]
    OldSqlite {
        /// The version it reports.
        found: String,
    },
    /// A later version of the program has written this database.
    #[error("the database has schema {found}, this program knows {known}: use the newer program")]
    NewerSchema {
        /// Version in the database.
        found: i64,
        /// Latest version this program knows.
        known: i64,
    },
    /// A query failed.
    #[error("database query failed")]
    Query(#[from] sqlx::Error),
}
