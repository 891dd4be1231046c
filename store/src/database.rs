//! The open database: one writer, several readers, and what must hold before it is used.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Row, SqlitePool};

use crate::{Error, Lock, migration};

/// Before 3.51.3 a WAL reset at the wrong moment could lose committed pages (sqlite.org/wal.html).
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// How long a statement waits for another process to finish its transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Readers; each is a thread of its own in sqlx.
const READERS: u32 = 4;

/// The database. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    writer: SqlitePool,
    reader: SqlitePool,
}

impl Store {
    /// Opens the database file `path`, creates it and its folder where absent, and migrates it.
    ///
    /// # Errors
    /// When it cannot be created or opened, `SQLite` is too old, or a newer program has written it.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        create(path)?;
        let fail = |source| Error::Open { path: path.to_owned(), source };
        let options = options(path);
        // One writer connection: writes queue in the process instead of meeting SQLITE_BUSY.
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(fail)?;
        assert_version(&writer).await?;
        migration::migrate(&writer).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true))
            .await
            .map_err(fail)?;
        Ok(Self { inner: Arc::new(Inner { path: path.to_owned(), writer, reader }) })
    }

    /// Claims the database for this process; a server holds the lock, one-shot commands need none.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process holds it.
    pub fn lock(&self) -> Result<Lock, Error> {
        Lock::take(&self.inner.path)
    }

    /// Waits for running statements, writes the WAL back and closes the file.
    pub async fn close(&self) {
        self.inner.reader.close().await;
        self.inner.writer.close().await;
    }

    pub(crate) fn writer(&self) -> &SqlitePool {
        &self.inner.writer
    }

    pub(crate) fn reader(&self) -> &SqlitePool {
        &self.inner.reader
    }
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // What is deleted is gone from the file as well, not only from the tables.
        .pragma("secure_delete", "ON")
}

/// Creates the folder and an empty file that only its owner reads; WAL files take over its mode.
fn create(path: &Path) -> Result<(), Error> {
    let fail = |source| Error::Create { path: path.to_owned(), source };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut new = std::fs::File::options();
    new.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    new.open(path).map(drop).map_err(fail)
}

async fn assert_version(pool: &SqlitePool) -> Result<(), Error> {
    let row = sqlx::query("SELECT sqlite_version() AS version").fetch_one(pool).await?;
    let found: String = row.try_get("version")?;
    if new_enough(&found) { Ok(()) } else { Err(Error::OldSqlite { found }) }
}

fn new_enough(version: &str) -> bool {
    let parts: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    parts.as_slice() >= OLDEST_SQLITE.as_slice()
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn sqlite_before_3_51_3_is_refused() {
        for (version, expected) in [
            ("3.51.3", true),
            ("3.52.0", true),
            ("4.0.0", true),
            ("3.51.2", false),
            ("3.46.0", false),
            ("3.9.9", false),
            ("", false),
            ("unknown", false),
        ] {
            assert_eq!(new_enough(version), expected, "{version}");
        }
    }
}
