//! From documents found to one honest outcome: how probable it is that the best document answers.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use fenghuo_content::Lexicon;

use crate::analysis::Normaliser;
use crate::elsewhere::{Rule, rule_for};
use crate::index::Catalog;
use crate::query::Query;
use crate::rank::{Decision, Gate, Rank};
use crate::retrieve::Retrieved;

/// Place of the feature that one of our own questions is nearly the same.
const SAME_QUESTION: usize = 2;

/// What a rule for other matters weighs beside a word of another field.
const RULE: usize = 2;

/// What selection decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The first document found answers.
    Answer,
    /// The first few are near.
    Suggest,
    /// Nothing fits.
    Unknown,
}

/// The decision with what it rests on.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    pub(crate) outcome: Outcome,
    /// Probability that the library answers the question.
    pub(crate) probability: f32,
    pub(crate) gate: Gate,
    /// The rule by which it belongs to others.
    pub(crate) rule: Option<&'static Rule>,
}

/// Words by which a question shows that it is about fire safety.
pub(crate) struct Topic {
    words: HashSet<String>,
}

impl Topic {
    pub(crate) fn new(lexicon: &Lexicon, normaliser: &Normaliser) -> Self {
        let words = lexicon.words.iter().map(|word| normaliser.normalise(&word.text)).collect();
        Self { words }
    }

    /// How many words of the field the question holds.
    fn count(&self, query: &Query) -> usize {
        query.words.iter().filter(|word| self.words.contains(&word.text)).count()
    }
}

/// Decides by the best document, the question's topic and how much of it is covered.
pub(crate) fn select(
    query: &Query,
    retrieved: &Retrieved,
    catalog: &Catalog,
    topic: &Topic,
    decision: &Decision,
) -> Selection {
    let gate = measure(query, retrieved, catalog, topic);
    let best = retrieved.documents.first();
    let odds = decision.gate.score(&gate);
    let probability = if best.is_some() { logistic(odds) } else { 0.0 };
    let rule = rule_for(&query.text).or_else(|| rule_for(&query.read));
    let same = best.is_some_and(|best| best.rank[SAME_QUESTION] > 0.0);
    let outcome = if rule.is_some_and(|rule| rule.sure) && !same {
        Outcome::Unknown
    } else if probability >= decision.answer {
        Outcome::Answer
    } else if probability >= decision.suggest {
        Outcome::Suggest
    } else {
        Outcome::Unknown
    };
    Selection { outcome, probability, gate, rule }
}

/// Probability of log-odds.
pub(crate) fn logistic(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// Covered weight above which more words make a question no surer.
const ENOUGH: f32 = 12.0;

/// [`GATE`](crate::rank::GATE) features.
pub(crate) fn measure(
    query: &Query,
    retrieved: &Retrieved,
    catalog: &Catalog,
    topic: &Topic,
) -> Gate {
    let found = &retrieved.documents;
    let Some(best) = found.first() else { return [0.0; crate::rank::GATE.len()] };
    let rank: &Rank = &best.rank;
    let [_, question, same, _, title, heading, focus, document, _, passage, ..] = *rank;
    let raw = found.iter().map(|found| found.raw).fold(0.0, f32::max);
    let second = found.get(1).map_or(0.0, |second| best.score - second.score);
    let words = topic.count(query).min(3) as f32;
    let likeness = question.max(focus);
    let sure = ((likeness - 0.7) / 0.3).max(0.0);
    let profile = &catalog.profiles[best.document];
    let held = profile.entries.clone().map(|at| catalog.things[at]);
    let held = held.fold(crate::rank::Things::default(), |all, things| all.union(things));
    let missing = if query.things.is_empty() { 0.0 } else { 1.0 - query.things.share_in(held) };
    [
        1.0,
        likeness,
        same,
        heading.max(title),
        document,
        passage,
        (document * query.weight).min(ENOUGH) / ENOUGH,
        raw * rarity(catalog.entries.len()) / (query.weight + 5.0) / 10.0,
        words.min(1.0),
        (words - 1.0).max(0.0) / 2.0,
        off_field(query) as f32 * (1.0 - sure),
        second.min(2.0),
        missing,
        query.asked.unknown / query.weight.max(f32::EPSILON),
        rank[12],
        f32::from(u8::from(query.spelled)),
        f32::from(u8::from(query.english)),
        rank[24],
        rank[25],
        retrieved.elsewhere,
    ]
}

/// Passages of the library the weights were learned on.
const LEARNED_ON: f32 = 2_900.0;

/// What a BM25 score must be multiplied with to compare: rare words count with the logarithm of the passages there are.
fn rarity(passages: usize) -> f32 {
    (LEARNED_ON.ln_1p() / (passages.max(1) as f32).ln_1p()).clamp(0.5, 4.0)
}

/// How many words of other fields the question holds, at most two.
fn off_field(query: &Query) -> usize {
    let count = |text: &str| OTHER_FIELDS.find_iter(text).take(2).count();
    let rule = rule_for(&query.text).or_else(|| rule_for(&query.read));
    (count(&query.text).max(count(&query.read)) + rule.map_or(0, |_| RULE)).min(RULE)
}

static OTHER_FIELDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(include_str!("off_field.txt").split_whitespace())
        .expect("a short list of words compiles")
});
