//! One server a database: an operating-system lock that dies with the process that holds it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::Error;

/// Held for as long as a process serves the database.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock beside `database` (`<database>.lock`).
    pub(crate) fn take(database: &Path) -> Result<Self, Error> {
        let path = beside(database);
        let fail = |source| Error::Create { path: path.clone(), source };
        let file =
            File::options().create(true).truncate(false).write(true).open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { path }),
            Err(TryLockError::Error(source)) => Err(fail(source)),
        }
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
