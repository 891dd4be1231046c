//! Which library is used, and whether its faults allow to go on.

use std::path::Path;

use anyhow::Context;
use fenghuo_content::{Diagnostic, Files, Library};

use crate::failure::Failure;
use crate::{embedded, output};

/// Reads the files of `dir`, or of the built-in library.
pub(crate) fn files(dir: Option<&Path>) -> Result<Files, Failure> {
    match dir {
        None => Ok(embedded::files()),
        Some(dir) => Files::read(dir).context("see --library").map_err(Failure::Usage),
    }
}

/// Loads the library of `dir`, or the built-in one, with all its faults.
pub(crate) fn load(dir: Option<&Path>) -> Result<(Library, Vec<Diagnostic>), Failure> {
    Ok(Library::load(&files(dir)?))
}

/// Loads the library to work with it: what the built-in one says was judged by CI, which runs `fenghuo check` on it.
fn open(dir: Option<&Path>) -> Result<(Library, Vec<Diagnostic>), Failure> {
    let load = if dir.is_none() { Library::load_judged } else { Library::load };
    Ok(load(&files(dir)?))
}

/// Loads the library, leaving out faulty documents; says so on standard error.
pub(crate) fn load_leniently(dir: Option<&Path>) -> Result<Library, Failure> {
    let (library, faults) = open(dir)?;
    let errors = faults.iter().filter(|fault| fault.is_error()).count();
    if errors > 0 {
        output::complain(&format!("warning: the library has {errors} errors; see `fenghuo check`"));
    }
    Ok(library)
}

/// Loads the library and refuses one with errors unless `unchecked`.
pub(crate) fn load_strictly(dir: Option<&Path>, unchecked: bool) -> Result<Library, Failure> {
    let (library, faults) = open(dir)?;
    let errors: Vec<&Diagnostic> = faults.iter().filter(|fault| fault.is_error()).collect();
    if errors.is_empty() || unchecked {
        return Ok(library);
    }
    for fault in &errors {
        output::complain(&fault.to_string());
    }
    output::complain(&format!(
        "error: the library has {} errors; mend them, or pass --unchecked to leave the faulty documents out",
        errors.len()
    ));
    Err(Failure::Findings)
}
