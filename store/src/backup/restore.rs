//! Restoring: either kind of backup into an empty database of either kind.

use std::io::Read;
use std::path::Path;

use super::Counts;
use crate::{Error, Location, Store};

/// The first bytes of every `SQLite` file.
const SQLITE_FILE: &[u8] = b"SQLite format 3\0";

impl Store {
    /// Reads the backup `path` into this database, which must be empty; all of it or nothing.
    ///
    /// A copy of an `SQLite` file may be of an older program: it is brought up to date in a folder made
    /// inside `scratch` and removed again; `path` itself is only read.
    ///
    /// # Errors
    /// [`Error::NotEmpty`]; [`Error::Backup`] when the backup is damaged; [`Error::Served`].
    pub async fn restore(&self, path: &Path, scratch: &Path) -> Result<Counts, Error> {
        let _lock = self.lock_alone().await?;
        if !is_sqlite_file(path)? {
            return self.restore_portable(path).await;
        }
        let folder = scratch.join("restoring");
        // Left behind by a restore that was killed.
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).map_err(|error| Error::file(&folder, error))?;
        let restored = self.restore_file(path, &folder.join("backup.db")).await;
        drop(std::fs::remove_dir_all(&folder));
        restored
    }

    async fn restore_file(&self, path: &Path, copy: &Path) -> Result<Counts, Error> {
        crate::database::create_empty(copy)?;
        std::fs::copy(path, copy).map_err(|error| Error::file(copy, error))?;
        let source = Self::connect(&Location::file(copy)).await?;
        let damage = source.integrity().await?;
        let counts = match damage {
            Some(reason) => Err(Error::Backup { line: 0, reason }),
            None => source.copy_to(self).await,
        };
        source.close().await;
        counts
    }
}

fn is_sqlite_file(path: &Path) -> Result<bool, Error> {
    let mut start = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| Error::file(path, error))?;
    let read = file.take(SQLITE_FILE.len() as u64).read_to_end(&mut start);
    read.map_err(|error| Error::file(path, error))?;
    Ok(start == SQLITE_FILE)
}
