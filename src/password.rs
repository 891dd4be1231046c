//! Reads a password: from `FENGHUO_OFFICIAL_PASSWORD`, from the terminal without showing it, or from a pipe.

use std::io::{BufRead, IsTerminal, stdin};
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

use crate::output;

const VARIABLE: &str = "FENGHUO_OFFICIAL_PASSWORD";

/// The password that `name` is to have.
pub(crate) fn read(name: &str) -> anyhow::Result<String> {
    if let Ok(password) = std::env::var(VARIABLE) {
        return Ok(password);
    }
    if !stdin().is_terminal() {
        return line().with_context(|| format!("no password on standard input; or set {VARIABLE}"));
    }
    let _quiet = Quiet::begin();
    output::complain(&format!("Password for {name}:"));
    let first = line()?;
    output::complain("The same again:");
    let second = line()?;
    ensure!(first == second, "the two passwords differ");
    Ok(first)
}

fn line() -> anyhow::Result<String> {
    let mut text = String::new();
    let read = stdin().lock().read_line(&mut text).context("cannot read the password")?;
    ensure!(read > 0, "the password is missing");
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// A terminal that does not show what is typed, until this ends.
struct Quiet;

impl Quiet {
    fn begin() -> Self {
        stty("-echo");
        Self
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        stty("echo");
    }
}

/// Without `stty` the password is seen, which is better than none.
fn stty(setting: &str) {
    let _ = Command::new("stty").arg(setting).stderr(Stdio::null()).status();
}
