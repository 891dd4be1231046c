//! What an editor has to look at again: reviews that fall due, laws that changed since, texts nothing leads to,
//! links that lead nowhere.

use jiff::civil::Date;

use super::law::{self, Change};
use super::linked::linked;
use super::links;
use crate::{Diagnostic, Document, Kind, Library};

/// How fresh a document is.
#[derive(Clone, Debug)]
pub struct Freshness<'a> {
    /// The document.
    pub document: &'a Document,
    /// Day on which its review falls due.
    pub due: Date,
    /// Whether that day has passed.
    pub overdue: bool,
    /// Laws and standards it cites that changed after its review.
    pub changed: Vec<&'static Change>,
    /// Whether no other document, lesson or danger card leads to it; pages stand in the footer and need none.
    pub orphaned: bool,
    /// Its links and drawings that lead nowhere: only in a library that is shown with its errors.
    pub broken: Vec<Diagnostic>,
}

/// Review state of all documents, the most overdue first.
pub fn freshness(library: &Library, today: Date) -> Vec<Freshness<'_>> {
    let linked = linked(library);
    let mut all: Vec<Freshness<'_>> = library
        .documents()
        .iter()
        .map(|document| {
            let due = document.review_due();
            Freshness {
                document,
                due,
                overdue: due < today,
                changed: law::changed(document, today),
                broken: links::of(library, document),
                orphaned: document.kind() != Kind::Page && !linked.contains(&document.id),
            }
        })
        .collect();
    all.sort_by(|a, b| (a.due, &a.document.id).cmp(&(b.due, &b.document.id)));
    all
}
