//! The documents of a library in order. They are shared, so another version of the library costs what changed in it.

use std::iter::Map;
use std::ops::Index;
use std::slice::Iter;
use std::sync::Arc;

use rayon::prelude::*;

use crate::Document;

/// Documents in order of id and language.
#[derive(Clone, Debug, Default)]
pub struct Documents(Vec<Arc<Document>>);

/// What [`Documents::iter`] walks with.
pub type DocumentIter<'a> = Map<Iter<'a, Arc<Document>>, fn(&'a Arc<Document>) -> &'a Document>;

impl Documents {
    /// `documents`, put in order.
    pub(crate) fn sorted(mut documents: Vec<Arc<Document>>) -> Self {
        documents.sort_by(|a, b| (&a.id, a.lang).cmp(&(&b.id, b.lang)));
        Self(documents)
    }

    /// The shared documents themselves.
    pub(crate) fn shared(&self) -> &[Arc<Document>] {
        &self.0
    }

    /// All of them, in order.
    pub fn iter(&self) -> DocumentIter<'_> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// All of them, in parallel.
    pub fn par_iter(&self) -> impl IndexedParallelIterator<Item = &Document> {
        self.0.par_iter().map(AsRef::as_ref)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The one at `position`.
    pub fn get(&self, position: usize) -> Option<&Document> {
        self.0.get(position).map(AsRef::as_ref)
    }

    /// The first one.
    pub fn first(&self) -> Option<&Document> {
        self.get(0)
    }
}

impl Index<usize> for Documents {
    type Output = Document;

    fn index(&self, position: usize) -> &Document {
        &self.0[position]
    }
}

impl<'a> IntoIterator for &'a Documents {
    type Item = &'a Document;
    type IntoIter = DocumentIter<'a>;

    fn into_iter(self) -> DocumentIter<'a> {
        self.iter()
    }
}
