//! How long ago each document was checked against its sources.

use jiff::civil::Date;

use crate::{Document, Library};

/// How fresh a document is.
#[derive(Clone, Debug)]
pub struct Freshness<'a> {
    /// The document.
    pub document: &'a Document,
    /// Day on which its review falls due.
    pub due: Date,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// Review state of all documents, the most overdue first.
pub fn freshness(library: &Library, today: Date) -> Vec<Freshness<'_>> {
    let mut all: Vec<Freshness<'_>> = library
        .documents()
        .iter()
        .map(|document| {
            let due = document.review_due();
            Freshness { document, due, overdue: due < today }
        })
        .collect();
    all.sort_by(|a, b| (a.due, &a.document.id).cmp(&(b.due, &b.document.id)));
    all
}
