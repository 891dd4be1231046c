//! Words: jieba with the words of our lexicon, in search mode, without its guesses at unknown words.

use std::sync::Arc;

use jieba_rs::{Jieba, TokenizeMode};

use super::unit::is_han;
use fenghuo_content::Lexicon;

/// Frequency of a word of ours that names none: high enough to win against its parts.
const OUR_FREQUENCY: usize = 20_000;

/// Cuts normalised text into words; clones share the dictionary.
#[derive(Clone)]
pub(crate) struct Segmenter {
    jieba: Arc<Jieba>,
}

impl Segmenter {
    pub(crate) fn new(lexicon: &Lexicon) -> Self {
        let mut jieba = Jieba::new();
        for word in &lexicon.words {
            jieba.add_word(&word.text, Some(word.frequency.unwrap_or(OUR_FREQUENCY)), None);
        }
        for word in lexicon.synonyms.iter().flatten().filter(|w| w.chars().count() > 1) {
            if !jieba.has_word(word) {
                jieba.add_word(word, Some(OUR_FREQUENCY / 10), None);
            }
        }
        Self { jieba: Arc::new(jieba) }
    }

    /// Words of `text` with the words inside them (灭火器 → 灭火, 灭火器), in order.
    pub(crate) fn search_words<'a>(&self, text: &'a str) -> Vec<&'a str> {
        // HMM off: it glues unknown characters into words no query contains.
        let tokens = self.jieba.tokenize(text, TokenizeMode::Search, false);
        tokens.into_iter().map(|token| token.word).filter(|w| is_word(w)).collect()
    }

    /// Whether `word` is in the dictionary.
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.jieba.has_word(word)
    }

    /// How common `word` is in general Chinese, as a count in jieba's dictionary.
    pub(crate) fn frequency(&self, word: &str) -> usize {
        if self.jieba.has_word(word) { self.jieba.suggest_freq(word) } else { 0 }
    }
}

fn is_word(text: &str) -> bool {
    text.chars().any(|c| is_han(c) || c.is_alphanumeric())
}
