//! Words of the library with their weights; words of one synonym group share an id.

use std::collections::{HashMap, HashSet};

use fenghuo_content::Lexicon;

use super::interner::{Interner, TermId};
use crate::analysis::{Normaliser, Segmenter, is_small_talk};

/// A word, or a whole synonym group.
pub(crate) type WordId = u32;

/// Occurrences in jieba's dictionary altogether, roughly.
const GENERAL_TOTAL: f32 = 6.0e7;

/// Ids and document counts of words.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    ids: HashMap<String, WordId>,
    /// Documents that hold the word, by id.
    documents: Vec<u32>,
    total: u32,
    /// What a word tells, by id; filled by [`Vocabulary::settle`].
    weights: Vec<f32>,
    groups: HashMap<String, Vec<String>>,
    /// Words that stand in some document.
    held: HashSet<String>,
    /// What became of each term.
    by_term: Vec<Learnt>,
}

/// What became of a term.
#[derive(Clone, Copy, Debug)]
enum Learnt {
    Unmet,
    SmallTalk,
    Word(WordId),
}

impl Vocabulary {
    pub(crate) fn new(lexicon: &Lexicon, normaliser: &Normaliser) -> Self {
        let mut vocabulary = Self::default();
        for group in &lexicon.synonyms {
            let words: Vec<String> = group.iter().map(|word| normaliser.normalise(word)).collect();
            let known = words.iter().find_map(|word| vocabulary.ids.get(word).copied());
            let id = known.unwrap_or_else(|| vocabulary.fresh());
            for word in &words {
                vocabulary.ids.entry(word.clone()).or_insert(id);
                let others = words.iter().filter(|other| *other != word).cloned();
                vocabulary.groups.entry(word.clone()).or_default().extend(others);
            }
        }
        vocabulary
    }

    fn fresh(&mut self) -> WordId {
        self.documents.push(0);
        WordId::try_from(self.documents.len() - 1).expect("a library has fewer than 2^32 words")
    }

    /// Ids of `words`, sorted, each once; new words are taken in, small talk is left out.
    pub(crate) fn learn(&mut self, words: &[TermId], terms: &Interner) -> Vec<WordId> {
        self.by_term.resize(terms.len(), Learnt::Unmet);
        let mut ids: Vec<WordId> =
            words.iter().filter_map(|term| self.learn_one(*term, terms)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn learn_one(&mut self, term: TermId, terms: &Interner) -> Option<WordId> {
        match self.by_term[term as usize] {
            Learnt::Word(id) => return Some(id),
            Learnt::SmallTalk => return None,
            Learnt::Unmet => {}
        }
        let word = terms.text(term);
        let small = is_small_talk(word);
        self.by_term[term as usize] = if small {
            Learnt::SmallTalk
        } else {
            let known = self.ids.get(word).copied();
            let id = known.unwrap_or_else(|| self.fresh());
            if known.is_none() {
                self.ids.insert(word.to_owned(), id);
            }
            self.held.insert(word.to_owned());
            Learnt::Word(id)
        };
        self.learn_one(term, terms)
    }

    /// Counts one document that holds `words`.
    pub(crate) fn count_document(&mut self, words: &[WordId]) {
        self.total += 1;
        words.iter().for_each(|id| self.documents[*id as usize] += 1);
    }

    /// Words that stand in some document, each with the number of documents that hold it or a synonym.
    pub(crate) fn held(&self) -> impl Iterator<Item = (&str, u32)> {
        self.held.iter().map(|word| (word.as_str(), self.documents[self.ids[word] as usize]))
    }

    /// All words with their ids, also synonyms that stand nowhere, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, WordId)> {
        self.ids.iter().map(|(word, id)| (word.as_str(), *id))
    }

    /// How many documents were counted.
    pub(crate) fn total(&self) -> u32 {
        self.total
    }

    /// Id of a word of the library or of a synonym group.
    pub(crate) fn id(&self, word: &str) -> Option<WordId> {
        self.ids.get(word).copied()
    }

    /// Whether `word` stands in some document.
    pub(crate) fn is_held(&self, word: &str) -> bool {
        self.held.contains(word)
    }

    /// The other words of its synonym groups.
    pub(crate) fn synonyms(&self, word: &str) -> &[String] {
        self.groups.get(word).map_or(&[], Vec::as_slice)
    }

    /// Fixes the weights once every document is counted.
    pub(crate) fn settle(&mut self, segmenter: &Segmenter) {
        let mut weights = vec![0.0_f32; self.documents.len()];
        for (word, id) in &self.ids {
            let weight = &mut weights[*id as usize];
            *weight = weight.max(self.weight(word, segmenter));
        }
        self.weights = weights;
        self.by_term = Vec::new();
    }

    /// Weight of a word of the library.
    pub(crate) fn weight_of(&self, id: WordId) -> f32 {
        self.weights.get(id as usize).copied().unwrap_or(0.0)
    }

    /// How much a word tells: rare in the library and not common in general Chinese.
    pub(crate) fn weight(&self, word: &str, segmenter: &Segmenter) -> f32 {
        let holding = self.id(word).map_or(0, |id| self.documents[id as usize]);
        let rare = ((self.total as f32 + 1.0) / (holding as f32 + 0.5)).ln().max(0.3);
        let general = (GENERAL_TOTAL / (segmenter.frequency(word) as f32 + 1.0)).ln();
        let telling = ((general - 4.0) / 7.0).clamp(0.2, 1.0);
        let length = if word.chars().count() == 1 { 0.5 } else { 1.0 };
        rare * telling * length
    }
}
