//! Checks across documents and of what they say; how one document is built is checked by its reader.

mod advice;
mod allow;
mod clause;
mod contradiction;
mod drawing;
mod figures;
mod freshness;
mod grammar;
mod law;
mod lexicon;
mod linked;
mod links;
mod phrases;
mod questions;
mod reading;
mod rules;
mod sieve;
mod structure;
mod text;
mod wording;

pub use freshness::{Freshness, freshness};
pub use law::Change;

use crate::{Diagnostic, Document, Files, Library};
pub(crate) use drawing::drawing;

/// Checks of files that are no documents: those without use, and the lexicon.
pub(crate) fn files(files: &Files) -> Vec<Diagnostic> {
    let mut faults = structure::files(files);
    faults.extend(lexicon::files(files));
    faults
}

/// Checks the whole library, drafts included.
pub(crate) fn library(library: &Library) -> Vec<Diagnostic> {
    let mut faults = structure(library);
    faults.extend(wording::library(library));
    faults.extend(advice::library(library));
    faults.extend(contradiction::library(library));
    faults.extend(figures::library(library));
    faults.extend(reading::library(library));
    allow::applied(library, faults)
}

/// The part of it that looks at names and links, not at what is said.
pub(crate) fn structure(library: &Library) -> Vec<Diagnostic> {
    let mut faults = structure::library(library);
    faults.extend(links::library(library));
    faults
}

/// Checks a text that stands in no document of the library.
pub(crate) fn text(library: &Library, text: &Document) -> Vec<Diagnostic> {
    let mut faults = links::document(library, text);
    faults.extend(wording::document(text));
    faults.extend(advice::document(text));
    faults.extend(reading::document(text));
    faults
}

/// Checks one document of `library` as [`library`] does, but for what takes two documents to get wrong.
pub(crate) fn document(library: &Library, document: &Document) -> Vec<Diagnostic> {
    let mut faults = structure::document(library, document);
    faults.extend(links::of(library, document));
    faults.extend(wording::document(document));
    faults.extend(advice::document(document));
    faults.extend(figures::document(document));
    if document.lang == crate::Lang::Zh {
        faults.extend(reading::document(document));
    }
    allow::to(document, faults)
}
