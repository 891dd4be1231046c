//! A maildir as its reader sees it: what is in `new` is looked at once and moved to `cur`.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Reports are small; what is larger is not read.
const MAX: u64 = 1024 * 1024;
/// Files of one round.
const ROUND: usize = 200;

/// What was made of a message, as the letter maildirs have for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Seen.
    Seen,
    /// Flagged: it could not be read, a human may.
    Flagged,
}

/// The next messages of `maildir/new`, oldest names first; none where there is no such folder.
pub(super) fn fresh(maildir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(maildir.join("new"))?
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files.truncate(ROUND);
    Ok(files)
}

/// The bytes of `file`; `None` where it is too large.
pub(super) fn bytes(file: &Path) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    std::fs::File::open(file)?.take(MAX + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= MAX).then_some(bytes))
}

/// Moves `file` to `cur`.
pub(super) fn file_away(maildir: &Path, file: &Path, mark: Mark) -> io::Result<()> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = name.split(":2,").next().unwrap_or_default();
    let flag = match mark {
        Mark::Seen => 'S',
        Mark::Flagged => 'F',
    };
    let cur = maildir.join("cur");
    std::fs::create_dir_all(&cur)?;
    std::fs::rename(file, cur.join(format!("{name}:2,{flag}")))
}
