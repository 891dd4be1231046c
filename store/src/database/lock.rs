//! One server a file: an operating-system lock that dies with the process that holds it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::Error;

/// Held for as long as a process serves the database.
#[derive(Debug)]
pub struct Lock {
    _file: Option<File>,
}

impl Lock {
    /// Takes the lock beside `database` (`<database>.lock`).
    pub(super) fn take(database: &Path) -> Result<Self, Error> {
        let path = beside(database);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| Error::file(&path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path }),
            Err(TryLockError::Error(source)) => Err(Error::file(&path, source)),
        }
    }

    /// Nothing to hold: a database server keeps its processes apart itself.
    pub(super) fn none() -> Self {
        Self { _file: None }
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
