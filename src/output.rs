//! Data on standard output, complaints on standard error; a closed pipe ends the program quietly.

use std::io::{ErrorKind, Write, stderr, stdout};

/// Prints `line` and a line end.
pub(crate) fn print(line: &str) {
    if let Err(error) = writeln!(stdout().lock(), "{line}")
        && error.kind() == ErrorKind::BrokenPipe
    {
        leave();
    }
}

/// Writes `bytes` as they are.
pub(crate) fn write(bytes: &[u8]) {
    let mut out = stdout().lock();
    if let Err(error) = out.write_all(bytes).and_then(|()| out.flush())
        && error.kind() == ErrorKind::BrokenPipe
    {
        leave();
    }
}

/// Prints `line` on standard error; nobody is left to hear when that fails.
pub(crate) fn complain(line: &str) {
    let _ = writeln!(stderr().lock(), "{line}");
}

// A reader such as `head` has seen enough; there is nothing to undo.
fn leave() -> ! {
    std::process::exit(0)
}
