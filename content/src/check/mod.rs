//! Checks across documents and of what they say; how one document is built is checked by its reader.

mod advice;
mod clause;
mod drawing;
mod freshness;
mod law;
mod links;
mod phrases;
mod rules;
mod sieve;
mod structure;
mod text;
mod wording;

pub use freshness::{Freshness, freshness};

pub(crate) use drawing::drawing;
pub(crate) use structure::files;

use crate::{Diagnostic, Library};

/// Checks the whole library, drafts included.
pub(crate) fn library(library: &Library) -> Vec<Diagnostic> {
    let mut faults = structure(library);
    faults.extend(wording::library(library));
    faults.extend(advice::library(library));
    faults
}

/// The part of it that looks at names and links, not at what is said.
pub(crate) fn structure(library: &Library) -> Vec<Diagnostic> {
    let mut faults = structure::library(library);
    faults.extend(links::library(library));
    faults
}
