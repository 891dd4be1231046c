//! A question as it is looked up: normalised, cut, weighted.

use std::collections::HashSet;

use fenghuo_content::Kind;

use crate::analysis::{Decoder, Normaliser, Repair, Segmenter, Terms, is_small_talk, units};
pub(crate) use crate::cue::years;
use crate::cue::{focus, forbids, is_english, kinds};
use crate::index::{Asked, Pair, View, Vocabulary, WordId, pairs};
use crate::rank::{LookUpWeights, Things};

/// Characters read from either end of a long question.
const ENDS: usize = 200;

/// Most terms of one view that are looked up.
const MOST_TERMS: usize = 80;

/// A question ready to be looked up.
#[derive(Debug)]
pub(crate) struct Query {
    /// The whole question, normalised.
    pub(crate) text: String,
    /// As it is understood: slips put right, pinyin in characters.
    pub(crate) read: String,
    /// Its words that say what about, each once.
    pub(crate) words: Vec<Word>,
    /// Sum of their weights.
    pub(crate) weight: f32,
    pub(crate) terms: Terms,
    /// In the form documents' questions have.
    pub(crate) asked: Asked,
    /// The clause that asks, where the question is long.
    pub(crate) clause: Option<String>,
    /// That clause in the form documents' questions have.
    pub(crate) focus: Option<Asked>,
    /// Pairs of characters that are no small talk, sorted.
    pub(crate) pairs: Vec<Pair>,
    /// The things it asks for.
    pub(crate) things: Things,
    /// Written in pinyin.
    pub(crate) spelled: bool,
    /// Written in Latin letters that are no pinyin.
    pub(crate) english: bool,
    /// Asks what must not be done.
    pub(crate) forbidding: bool,
    /// Years it names.
    pub(crate) years: Vec<String>,
    /// Kinds of document it asks for by name.
    pub(crate) kinds: Vec<Kind>,
}

/// What a question is read with.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) normaliser: &'a Normaliser,
    pub(crate) segmenter: &'a Segmenter,
    pub(crate) repair: &'a Repair,
    pub(crate) decoder: &'a Decoder,
    pub(crate) vocabulary: &'a Vocabulary,
}

/// A word of a question.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) id: Option<WordId>,
    pub(crate) weight: f32,
}

impl Query {
    pub(crate) fn new(question: &str, reading: &Reading<'_>) -> Self {
        let text = reading.normaliser.normalise(question);
        let ends = ends(&text);
        let mut terms = Terms::of(reading.segmenter, &ends);
        let spelled = terms.spelled;
        let read = if spelled {
            reading.decoder.decode(&units(&ends))
        } else {
            reading.repair.repair(&ends, reading.segmenter)
        };
        if spelled || read != ends {
            let sounds = spelled.then(|| std::mem::take(&mut terms.pinyin));
            terms = Terms::of(reading.segmenter, &read);
            terms.pinyin = sounds.unwrap_or(terms.pinyin);
        }
        for view in [&mut terms.words, &mut terms.bigrams, &mut terms.pinyin] {
            once(view);
        }
        let words = words(&terms, reading);
        let clause = focus(&read);
        Self {
            weight: words.iter().map(|word| word.weight).sum(),
            asked: asked(&terms, &words),
            focus: clause.as_ref().map(|clause| {
                let terms = Terms::of(reading.segmenter, clause);
                asked(&terms, &self::words(&terms, reading))
            }),
            clause,
            pairs: telling_pairs(&terms),
            things: Things::asked(&read),
            english: is_english(&ends),
            forbidding: forbids(&read),
            years: years(&read),
            kinds: kinds(&read),
            words,
            terms,
            spelled,
            read,
            text,
        }
    }

    /// Share of the question's weight in words that stand in `text`.
    pub(crate) fn held(&self, text: &str) -> f32 {
        let held = self.words.iter().filter(|word| text.contains(&word.text));
        held.map(|word| word.weight).sum::<f32>() / self.weight.max(f32::EPSILON)
    }

    /// Weighted terms for the index.
    pub(crate) fn index_terms<'a>(
        &'a self,
        vocabulary: &'a Vocabulary,
        weights: &LookUpWeights,
    ) -> Vec<(View, &'a str, f32)> {
        let pinyin = if self.spelled { weights.spelled } else { weights.heard };
        let mut out: Vec<(View, &str, f32)> = Vec::new();
        let mut seen = HashSet::new();
        let small = |word: &str| if is_small_talk(word) { weights.small_talk } else { 1.0 };
        for word in self.terms.words.iter().take(MOST_TERMS) {
            out.push((View::Words, word, small(word)));
            seen.insert(word.as_str());
        }
        for word in &self.words {
            let others = vocabulary.synonyms(&word.text).iter();
            let others = others.filter(|other| vocabulary.is_held(other) && seen.insert(other));
            out.extend(others.map(|other| (View::Words, other.as_str(), weights.synonym)));
        }
        let bigrams = self.terms.bigrams.iter().take(MOST_TERMS);
        out.extend(bigrams.map(|term| (View::Bigrams, term.as_str(), small(term))));
        let sounds = self.terms.pinyin.iter().take(MOST_TERMS);
        out.extend(sounds.map(|term| (View::Pinyin, term.as_str(), pinyin)));
        out
    }
}

/// The words of `terms` that say what about.
fn words(terms: &Terms, reading: &Reading<'_>) -> Vec<Word> {
    let telling = terms.words.iter().filter(|word| !is_small_talk(word));
    telling
        .map(|word| Word {
            text: word.clone(),
            id: reading.vocabulary.id(word),
            weight: reading.vocabulary.weight(word, reading.segmenter),
        })
        .collect()
}

fn asked(terms: &Terms, words: &[Word]) -> Asked {
    let mut ids: Vec<WordId> = words.iter().filter_map(|word| word.id).collect();
    ids.sort_unstable();
    ids.dedup();
    Asked {
        words: ids,
        unknown: words.iter().filter(|word| word.id.is_none()).map(|word| word.weight).sum(),
        bigrams: terms.bigrams.clone(),
        pinyin: terms.pinyin.clone(),
    }
}

fn telling_pairs(terms: &Terms) -> Vec<Pair> {
    let telling: Vec<String> =
        terms.bigrams.iter().filter(|pair| !is_small_talk(pair)).cloned().collect();
    pairs(&telling)
}

/// The first and the last 200 characters of a long text.
fn ends(text: &str) -> String {
    let count = text.chars().count();
    if count <= 2 * ENDS {
        return text.to_owned();
    }
    let head = text.chars().take(ENDS);
    head.chain(std::iter::once('\n')).chain(text.chars().skip(count - ENDS)).collect()
}

fn once(terms: &mut Vec<String>) {
    let mut seen = HashSet::new();
    terms.retain(|term| seen.insert(term.clone()));
}
