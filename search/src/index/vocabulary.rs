//! Words of the library with their weights; words of one synonym group share an id.

use std::collections::{HashMap, HashSet};

use fenghuo_content::Lexicon;

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

    /// Ids of `words`, sorted, each once; new words are taken in.
    pub(crate) fn learn<'a>(&mut self, words: impl IntoIterator<Item = &'a str>) -> Vec<WordId> {
        let mut ids: Vec<WordId> = words
            .into_iter()
            .filter(|word| !is_small_talk(word))
            .map(|word| match self.ids.get(word) {
                Some(id) => {
                    if !self.held.contains(word) {
                        self.held.insert(word.to_owned());
                    }
                    *id
                }
                None => {
                    let id = self.fresh();
                    self.ids.insert(word.to_owned(), id);
                    self.held.insert(word.to_owned());
                    id
                }
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
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
