//! Every question, title and heading of the library as a tiny passage of its own, so that no question is lost among
//! the many of its document: a sparse index in memory that compares all of them with what is asked.

use std::collections::HashMap;

use super::catalog::Pair;
use super::interner::{Interner, Numbered, TermId};
use super::vocabulary::WordId;
use crate::analysis::{is_small_sound, is_small_talk};
use crate::rank::LikenessWeights;

/// Weight of a pair of characters or sounds that only says how one asks.
const SMALL: f32 = 0.3;

/// Whose question it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) document: usize,
    pub(crate) role: Role,
}

/// What it is in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// One of its `questions`.
    Question,
    Title,
    /// Heading of the entry.
    Heading(usize),
}

/// What is asked, in the form questions are kept in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// Sorted, each once.
    pub(crate) words: Vec<WordId>,
    /// Weight of words the library does not hold.
    pub(crate) unknown: f32,
    pub(crate) bigrams: Vec<String>,
    pub(crate) pinyin: Vec<String>,
}

/// All questions with postings from their terms.
#[derive(Debug, Default)]
pub(crate) struct Questions {
    owners: Vec<Owner>,
    /// By question: weight of all its words, bigrams, sounds.
    whole: Vec<[f32; 3]>,
    words: Vec<Vec<u32>>,
    bigrams: Postings,
    pinyin: Postings,
}

/// Questions by term, with what a term tells.
#[derive(Debug, Default)]
struct Postings {
    terms: HashMap<String, (f32, Vec<u32>)>,
    /// Questions by number of term, until the weights are fixed.
    building: Vec<Vec<u32>>,
}

impl Postings {
    fn add(&mut self, question: u32, terms: &[TermId]) {
        for term in terms {
            let at = *term as usize;
            if self.building.len() <= at {
                self.building.resize_with(at + 1, Vec::new);
            }
            self.building[at].push(question);
        }
    }

    fn settle(&mut self, count: usize, terms: &Interner, small: impl Fn(&str) -> bool) {
        for (term, held) in (0..).zip(std::mem::take(&mut self.building)) {
            if held.is_empty() {
                continue;
            }
            let term = terms.text(term);
            let rare = ((count as f32 + 1.0) / (held.len() as f32 + 0.5)).ln().max(0.3);
            let weight = if small(term) { SMALL * rare } else { rare };
            self.terms.insert(term.to_owned(), (weight, held));
        }
    }

    fn spread(&self, view: usize, whole: &mut [[f32; 3]]) {
        for (weight, held) in self.terms.values() {
            for question in held {
                whole[*question as usize][view] += weight;
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.terms.iter().map(|(term, (_, held))| (term.as_str(), held.as_slice()))
    }

    /// Weight of `term`, of one no question holds as of the rarest.
    fn weight(&self, term: &str, count: usize, small: bool) -> f32 {
        let unseen = ((count as f32 + 1.0) / 0.5).ln() * if small { SMALL } else { 1.0 };
        self.terms.get(term).map_or(unseen, |(weight, _)| *weight)
    }
}

/// How alike what is asked and one question are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alike {
    pub(crate) owner: Owner,
    /// 0 to 1.
    pub(crate) likeness: f32,
}

impl Questions {
    /// Takes a question in; `words` are its sorted ids.
    pub(crate) fn add(&mut self, owner: Owner, words: &[WordId], terms: &Numbered) {
        let id = u32::try_from(self.owners.len()).expect("a library has fewer than 2^32 questions");
        self.owners.push(owner);
        for word in words {
            let at = *word as usize;
            if self.words.len() <= at {
                self.words.resize_with(at + 1, Vec::new);
            }
            self.words[at].push(id);
        }
        self.bigrams.add(id, &terms.bigrams);
        self.pinyin.add(id, &terms.pinyin);
    }

    /// Fixes the weights once every question is in.
    pub(crate) fn settle(&mut self, weight_of: impl Fn(WordId) -> f32, terms: &Interner) {
        let count = self.owners.len();
        self.whole = vec![[0.0; 3]; count];
        for (word, held) in self.words.iter().enumerate() {
            let weight = weight_of(WordId::try_from(word).unwrap_or(WordId::MAX));
            held.iter().for_each(|question| self.whole[*question as usize][0] += weight);
        }
        self.bigrams.settle(count, terms, is_small_talk);
        self.pinyin.settle(count, terms, is_small_sound);
        self.bigrams.spread(1, &mut self.whole);
        self.pinyin.spread(2, &mut self.whole);
    }

    /// By question: weight of all its words, bigrams, sounds.
    pub(crate) fn sizes(&self) -> &[[f32; 3]] {
        &self.whole
    }

    /// Questions, titles and headings that hold a word.
    pub(crate) fn of_word(&self, word: WordId) -> &[u32] {
        self.words.get(word as usize).map_or(&[], Vec::as_slice)
    }

    /// Every pair of characters with the questions that hold it, in no order.
    pub(crate) fn of_pairs(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.bigrams.all()
    }

    /// Every pair of sounds with the questions that hold it, in no order.
    pub(crate) fn of_sounds(&self) -> impl Iterator<Item = (&str, &[u32])> {
        self.pinyin.all()
    }

    /// The document whose question or title it is; `None` for a heading.
    pub(crate) fn asker(&self, question: u32) -> Option<usize> {
        let owner = self.owners.get(question as usize)?;
        (!matches!(owner.role, Role::Heading(_))).then_some(owner.document)
    }

    /// What a pair of characters tells.
    pub(crate) fn weight_of(&self, pair: Pair) -> f32 {
        let term: String = [pair.0, pair.1].iter().collect();
        self.bigrams.weight(&term, self.owners.len(), is_small_talk(&term))
    }

    /// Every question that shares a term with `asked`, in no order.
    pub(crate) fn alike(
        &self,
        asked: &Asked,
        weight_of: impl Fn(WordId) -> f32,
        weights: &LikenessWeights,
    ) -> Vec<Alike> {
        let mut common = vec![[0.0_f32; 3]; self.owners.len()];
        let mut touched: Vec<u32> = Vec::new();
        let mut count = |view: usize, weight: f32, held: &[u32]| {
            for question in held {
                let sums = &mut common[*question as usize];
                if sums == &[0.0; 3] {
                    touched.push(*question);
                }
                sums[view] += weight;
            }
        };
        let mut own = [asked.unknown, 0.0, 0.0];
        for word in &asked.words {
            let weight = weight_of(*word);
            own[0] += weight;
            count(0, weight, self.words.get(*word as usize).map_or(&[], Vec::as_slice));
        }
        for (view, terms, postings) in
            [(1, &asked.bigrams, &self.bigrams), (2, &asked.pinyin, &self.pinyin)]
        {
            for term in terms {
                let small = if view == 1 { is_small_talk(term) } else { is_small_sound(term) };
                own[view] += postings.weight(term, self.owners.len(), small);
                if let Some((weight, held)) = postings.terms.get(term) {
                    count(view, *weight, held);
                }
            }
        }
        let alike = |question: u32| Alike {
            owner: self.owners[question as usize],
            likeness: weights.likeness(
                common[question as usize],
                own,
                self.whole[question as usize],
            ),
        };
        touched.into_iter().map(alike).collect()
    }
}
