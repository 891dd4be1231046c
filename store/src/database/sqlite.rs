//! Opening an `SQLite` file: one writer, several readers, and what must hold before it is used.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Row, SqlitePool};

use super::migration;
use crate::Error;

/// Before 3.51.3 a WAL reset at the wrong moment could lose committed pages (sqlite.org/wal.html).
const OLDEST: &str = "3.51.3";

/// How long a statement waits for another process to finish its transaction.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Readers; each is a thread of its own in sqlx.
const READERS: u32 = 4;

/// Opens and migrates the file `path`: the pool of the one writer, and that of the readers.
pub(super) async fn open(path: &Path) -> Result<(SqlitePool, SqlitePool), Error> {
    create(path)?;
    let fail = |source| Error::Open { place: path.display().to_string(), source: Arc::new(source) };
    let options = options(path);
    // One writer connection: writes queue in the process instead of meeting SQLITE_BUSY.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        // After a full disk `SQLite` has rolled back by itself, and sqlx still counts a transaction: on
        // that connection none could begin any more. Another one takes its place.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options.clone())
        .await
        .map_err(fail)?;
    assert_version(&writer).await?;
    migration::migrate_file(&writer, path).await?;
    let reader = SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_with(options.read_only(true))
        .await
        .map_err(fail)?;
    Ok((writer, reader))
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
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, error))?;
    }
    open_private(path, false)
}

/// An empty file in the place of whatever is there, which only its owner reads.
pub(crate) fn create_empty(path: &Path) -> Result<(), Error> {
    open_private(path, true)
}

fn open_private(path: &Path, truncate: bool) -> Result<(), Error> {
    let mut new = std::fs::File::options();
    new.create(true).truncate(truncate).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    new.open(path).map(drop).map_err(|error| Error::file(path, error))
}

async fn assert_version(pool: &SqlitePool) -> Result<(), Error> {
    let row = sqlx::query("SELECT sqlite_version() AS version").fetch_one(pool).await?;
    let found: String = row.try_get("version")?;
    if new_enough(&found) {
        Ok(())
    } else {
        Err(Error::Outdated { product: "SQLite", found, needed: OLDEST })
    }
}

fn new_enough(version: &str) -> bool {
    let parts =
        |text: &str| -> Vec<u32> { text.split('.').map_while(|part| part.parse().ok()).collect() };
    parts(version) >= parts(OLDEST)
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
