//! From a question to documents in order: tantivy's candidates, weighed again by likeness and coverage.

use std::collections::{HashMap, HashSet};

use fenghuo_content::Lang;

use crate::analysis::{is_small_sound, pinyin_bigrams, units};
use crate::index::{Asked, Catalog, Index, WordId};
use crate::query::Query;

/// Passages taken from the index to be weighed.
const CANDIDATES: usize = 80;

/// Likeness from which two questions are the same but for a word or two.
const NEARLY_SAME: f32 = 0.8;

/// A document found, with the passage of it that fits best.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) document: usize,
    /// The entry that fits best.
    pub(crate) entry: usize,
    pub(crate) score: f32,
    /// Share of the question's weight the document holds.
    pub(crate) coverage: f32,
    /// Share of the question's weight the passage itself holds.
    pub(crate) local: f32,
    /// The index's own score.
    pub(crate) raw: f32,
    /// Likeness to the heading of the passage.
    pub(crate) heading: f32,
    /// Likeness to the closest of its questions.
    pub(crate) likeness: f32,
}

/// Documents for `query`, best first.
pub(crate) fn retrieve(query: &Query, index: &Index, catalog: &Catalog) -> Vec<Found> {
    let scored = index.look_up(&query.index_terms(&catalog.vocabulary), CANDIDATES);
    let Some(top) = scored.first().map(|best| best.score) else { return Vec::new() };
    let mut likeness: HashMap<usize, f32> = HashMap::new();
    let mut best: HashMap<usize, Found> = HashMap::new();
    for candidate in scored {
        let document = catalog.entries[candidate.entry].document;
        let like = *likeness.entry(document).or_insert_with(|| closest(query, catalog, document));
        let found = Found {
            raw: candidate.score,
            ..weigh(query, catalog, candidate.entry, candidate.score / top, like)
        };
        let kept = best.entry(document).or_insert_with(|| found.clone());
        if found.score > kept.score {
            *kept = found;
        }
    }
    let mut all: Vec<Found> = best.into_values().collect();
    if query.terms.spelled {
        for found in &mut all {
            found.coverage = heard(query, catalog, found);
            found.score += 1.2 * found.coverage;
        }
    }
    let urgency = |found: &Found| catalog.profiles[found.document].urgency;
    all.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then(urgency(a).cmp(&urgency(b)))
            .then(a.document.cmp(&b.document))
    });
    all
}

fn weigh(query: &Query, catalog: &Catalog, entry: usize, relative: f32, likeness: f32) -> Found {
    let passage = &catalog.entries[entry];
    let profile = &catalog.profiles[passage.document];
    let own = &catalog.words[entry];
    let coverage = covered(query, &[own, &profile.words]);
    let local = covered(query, &[own]);
    let heading = likeness_to(query, &catalog.headings[entry], catalog);
    let near = (likeness - NEARLY_SAME).max(0.0) / (1.0 - NEARLY_SAME);
    let mut score = 1.7 * relative
        + 0.6 * likeness * likeness
        + 2.0 * near
        + 0.3 * heading
        + 1.2 * coverage
        + 1.6 * local
        + query.prior(passage.kind);
    if !query.years.is_empty() && !profile.years.is_empty() {
        let same = query.years.iter().any(|year| profile.years.contains(year));
        score += if same { 0.4 } else { -0.8 };
    }
    if (passage.lang == Lang::En) != query.english {
        score *= 0.6;
    }
    if query.forbidding
        && ["不能", "不要", "不得", "禁止", "不可"].iter().any(|no| passage.text.contains(no))
    {
        score += 0.2;
    }
    Found { document: passage.document, entry, score, coverage, local, raw: 0.0, heading, likeness }
}

/// Share of a question written in pinyin whose sounds the document holds.
fn heard(query: &Query, catalog: &Catalog, found: &Found) -> f32 {
    let text = catalog.entries[found.entry].text.to_lowercase();
    let own: HashSet<String> = pinyin_bigrams(&units(&text)).into_iter().collect();
    let asked = &catalog.profiles[found.document].asked;
    let holds = |pair: &String| {
        own.contains(pair)
            || catalog.headings[found.entry].pinyin.contains(pair)
            || asked.iter().any(|known| known.pinyin.contains(pair))
    };
    let sounds: Vec<&String> =
        query.asked.pinyin.iter().filter(|pair| !is_small_sound(pair)).collect();
    sounds.iter().copied().filter(|pair| holds(pair)).count() as f32 / sounds.len().max(2) as f32
}

/// Share of the question's weight that is found in any of `places`.
pub(crate) fn covered(query: &Query, places: &[&[WordId]]) -> f32 {
    if query.weight <= 0.0 {
        return 0.0;
    }
    let holds = |id: WordId| places.iter().any(|words| words.binary_search(&id).is_ok());
    let found: f32 =
        query.words.iter().filter(|word| word.id.is_some_and(holds)).map(|word| word.weight).sum();
    found / query.weight
}

fn closest(query: &Query, catalog: &Catalog, document: usize) -> f32 {
    let asked = &catalog.profiles[document].asked;
    asked.iter().map(|known| likeness_to(query, known, catalog)).fold(0.0, f32::max)
}

/// How alike two questions are, 0 to 1: by words, by character pairs, by sound.
fn likeness_to(query: &Query, known: &Asked, catalog: &Catalog) -> f32 {
    let asked = &query.asked;
    if asked.text == known.text {
        return 1.0;
    }
    let sum = |ids: &[WordId]| ids.iter().map(|id| catalog.vocabulary.weight_of(*id)).sum::<f32>();
    let common: Vec<WordId> =
        asked.words.iter().copied().filter(|id| known.words.binary_search(id).is_ok()).collect();
    let unknown: f32 = query.words.iter().filter(|w| w.id.is_none()).map(|w| w.weight).sum();
    let words = share(sum(&common), sum(&asked.words) + unknown, sum(&known.words));
    let count = |n: usize| n as f32;
    let bigrams = share(
        count(asked.bigrams.intersection(&known.bigrams).count()),
        count(asked.bigrams.len()),
        count(known.bigrams.len()),
    );
    let pinyin = share(
        count(asked.pinyin.intersection(&known.pinyin).count()),
        count(asked.pinyin.len()),
        count(known.pinyin.len()),
    );
    if query.terms.spelled { pinyin } else { (0.6 * words + 0.4 * bigrams).max(0.9 * pinyin) }
}

/// What is common, against both sides; what the asker says besides weighs more than what the document does.
fn share(common: f32, left: f32, right: f32) -> f32 {
    let whole = 0.6 * left + 0.4 * right;
    if whole > 0.0 { (common / whole).min(1.0) } else { 0.0 }
}
