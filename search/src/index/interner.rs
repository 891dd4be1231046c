//! Numbers of terms: what one reading of a document gives is kept as numbers, so that the next version of a library
//! takes unchanged documents over without cutting them again.

use std::collections::HashMap;
use std::sync::Arc;

use crate::analysis::Terms;

/// Number of a term.
pub(crate) type TermId = u32;

/// All terms met, each with its number. It only grows: a number always means the same term.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    ids: HashMap<Arc<str>, TermId>,
    texts: Vec<Arc<str>>,
}

/// Terms of one text by number, in the views the catalog needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbered {
    pub(crate) words: Box<[TermId]>,
    pub(crate) bigrams: Box<[TermId]>,
    pub(crate) pinyin: Box<[TermId]>,
}

impl Interner {
    /// Number of `term`.
    pub(crate) fn number(&mut self, term: &str) -> TermId {
        if let Some(id) = self.ids.get(term) {
            return *id;
        }
        let id = TermId::try_from(self.texts.len()).expect("fewer than 2^32 terms fit in memory");
        let text: Arc<str> = term.into();
        self.texts.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }

    /// Numbers of `terms`, each once.
    pub(crate) fn distinct(&mut self, terms: &[String]) -> Box<[TermId]> {
        let mut ids: Vec<TermId> = terms.iter().map(|term| self.number(term)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into()
    }

    /// Numbers of all views of `terms`, each once.
    pub(crate) fn numbered(&mut self, terms: &Terms) -> Numbered {
        Numbered {
            words: self.distinct(&terms.words),
            bigrams: self.distinct(&terms.bigrams),
            pinyin: self.distinct(&terms.pinyin),
        }
    }

    /// The term with this number.
    pub(crate) fn text(&self, id: TermId) -> &str {
        &self.texts[id as usize]
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }
}
