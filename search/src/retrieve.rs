//! From a question to documents in order: candidates from the index and from the questions of all documents, measured
//! by [`RANK`](crate::rank::RANK) features and weighed by what was learned.

use std::collections::HashMap;

use fenghuo_content::{Kind, Lang};

use crate::index::{Alike, AskedRole, Catalog, Index, Pair, WordId};
use crate::query::Query;
use crate::rank::{Close, Decision, Rank, Weights};
use crate::sense::{Nearness, Sensed};

/// Likeness from which two questions are the same but for a word or two.
const NEARLY_SAME: f32 = 0.8;

/// Place of the feature how close together the passage says what is asked; measured last.
const PROXIMITY: usize = 26;

/// A document found, with the passage of it that fits best.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) document: usize,
    /// The entry that fits best.
    pub(crate) entry: usize,
    pub(crate) score: f32,
    /// What was measured.
    pub(crate) rank: Rank,
    /// The index's own score of the best passage.
    pub(crate) raw: f32,
    /// Likeness of its headings, by entry.
    pub(crate) headings: Vec<(usize, f32)>,
    /// Cosines of its passages, by entry.
    pub(crate) near: Vec<(usize, f32)>,
}

/// All that was found for a question.
#[derive(Clone, Debug, Default)]
pub(crate) struct Retrieved {
    /// Documents, best first.
    pub(crate) documents: Vec<Found>,
    /// How near in meaning the nearest question about other things is.
    pub(crate) elsewhere: f32,
}

/// What a document's questions, title and headings have in common with what is asked.
#[derive(Clone, Debug, Default)]
struct Likeness {
    question: f32,
    second: f32,
    title: f32,
    heading: f32,
    focus: f32,
    /// Likeness of headings, by entry.
    headings: Vec<(usize, f32)>,
}

impl Likeness {
    fn take(&mut self, alike: &Alike) {
        match alike.owner.role {
            AskedRole::Title => self.title = self.title.max(alike.likeness),
            AskedRole::Heading(entry) => {
                self.heading = self.heading.max(alike.likeness);
                self.headings.push((entry, alike.likeness));
            }
            AskedRole::Question => {}
        }
        if !matches!(alike.owner.role, AskedRole::Heading(_)) {
            if alike.likeness > self.question {
                self.second = self.question;
                self.question = alike.likeness;
            } else {
                self.second = self.second.max(alike.likeness);
            }
        }
        self.focus = self.focus.max(alike.likeness);
    }

    fn closest(&self) -> f32 {
        self.question.max(self.heading).max(self.focus)
    }
}

/// A candidate document with what was found of it.
#[derive(Clone, Debug, Default)]
struct Candidate {
    /// Scores of its passages in the index.
    passages: Vec<(usize, f32)>,
    likeness: Likeness,
    near: Nearness,
}

/// Where documents are looked for, and how they are weighed.
pub(crate) struct Retrieval<'a> {
    pub(crate) index: &'a Index,
    pub(crate) catalog: &'a Catalog,
    pub(crate) weights: &'a Weights,
    pub(crate) decision: &'a Decision,
    /// The meaning of the question, where there is an encoder.
    pub(crate) sensed: Option<&'a Sensed<'a>>,
}

impl Retrieval<'_> {
    /// Documents for `query`, best first.
    pub(crate) fn run(&self, query: &Query) -> Retrieved {
        let catalog = self.catalog;
        let candidates = self.candidates(query);
        let passages = candidates.values().flat_map(|candidate| &candidate.passages);
        let top = passages.map(|(_, score)| *score).fold(f32::EPSILON, f32::max);
        let pairs = query.pairs.iter().map(|pair| (*pair, catalog.questions.weight_of(*pair)));
        let close = Close::new(pairs);
        let measured = candidates.into_iter().map(|(document, candidate)| {
            let mut found = measure(query, catalog, document, &candidate, top);
            let text = &catalog.entries[found.entry].text;
            found.rank[PROXIMITY] = close.share(text);
            found.score = self.decision.rank.score(&found.rank);
            found
        });
        let mut all: Vec<Found> = measured.collect();
        let urgency = |found: &Found| catalog.profiles[found.document].urgency;
        all.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(urgency(a).cmp(&urgency(b)))
                .then(a.document.cmp(&b.document))
        });
        let elsewhere = self.sensed.map_or(0.0, Sensed::elsewhere);
        Retrieved { documents: all, elsewhere }
    }

    fn candidates(&self, query: &Query) -> HashMap<usize, Candidate> {
        let Self { index, catalog, weights, .. } = self;
        let terms = query.index_terms(&catalog.vocabulary, &weights.look_up);
        let mut likeness = likenesses(query, catalog, weights);
        let mut nearest: Vec<(usize, f32)> =
            likeness.iter().map(|(document, like)| (*document, like.closest())).collect();
        nearest.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        nearest.truncate(weights.look_up.questions);
        let mut candidates: HashMap<usize, Candidate> = HashMap::new();
        for scored in index.look_up(&terms, &weights.look_up, weights.look_up.passages) {
            let document = catalog.entries[scored.entry].document;
            candidates.entry(document).or_default().passages.push((scored.entry, scored.score));
        }
        let meant = self.sensed.map(|sensed| sensed.documents(weights.look_up.vectors));
        let others = nearest.into_iter().map(|(document, _)| document);
        for document in others.chain(meant.into_iter().flatten()) {
            candidates.entry(document).or_default();
        }
        for (document, candidate) in &mut candidates {
            candidate.likeness = likeness.remove(document).unwrap_or_default();
            candidate.near =
                self.sensed.map(|sensed| sensed.nearness(*document)).unwrap_or_default();
        }
        candidates
    }
}

fn likenesses(query: &Query, catalog: &Catalog, weights: &Weights) -> HashMap<usize, Likeness> {
    let weight_of = |word: WordId| catalog.vocabulary.weight_of(word);
    let mut all: HashMap<usize, Likeness> = HashMap::new();
    for alike in catalog.questions.alike(&query.asked, weight_of, &weights.likeness) {
        all.entry(alike.owner.document).or_default().take(&alike);
    }
    if let Some(focus) = &query.focus {
        for alike in catalog.questions.alike(focus, weight_of, &weights.likeness) {
            let kept = &mut all.entry(alike.owner.document).or_default().focus;
            *kept = kept.max(alike.likeness);
        }
    }
    all
}

fn measure(
    query: &Query,
    catalog: &Catalog,
    document: usize,
    candidate: &Candidate,
    top: f32,
) -> Found {
    let profile = &catalog.profiles[document];
    let entry = best_entry(query, catalog, document, candidate, top);
    let raw = candidate.passages.iter().map(|(_, score)| *score).fold(0.0, f32::max);
    let like = &candidate.likeness;
    let own = &catalog.words[entry];
    let things = profile.entries.clone().map(|at| catalog.things[at]);
    let things = things.fold(catalog.things[entry], |all, held| all.union(held));
    let years = !query.years.is_empty() && !profile.years.is_empty();
    let same_year = query.years.iter().any(|year| profile.years.contains(year));
    // Who names a kind wants that one: what kinds are asked for as a rule then says nothing.
    let kind = |kinds: &[Kind]| flag(query.kinds.is_empty() && kinds.contains(&profile.kind));
    let rank = [
        raw / top,
        like.question,
        near(like.question),
        like.second,
        like.title,
        like.heading,
        like.focus,
        covered(query, &[&profile.words]),
        covered(query, &[&profile.lead]),
        covered(query, &[own]),
        title_share(query, catalog, &profile.title),
        telling_word(query, &profile.words),
        pairs_held(query, &[&catalog.pairs[entry], &profile.pairs]),
        query.things.share_in(things),
        flag(years && same_year),
        flag(years && !same_year),
        flag((profile.lang == Lang::En) != query.english),
        flag(query.forbidding && forbids(&catalog.entries[entry].text)),
        flag(query.kinds.contains(&profile.kind)),
        kind(&[Kind::Knowledge]),
        kind(&[Kind::Guide]),
        kind(&[Kind::Case]),
        kind(&[Kind::Lesson, Kind::Quiz, Kind::Checklist]),
        kind(&[Kind::Bulletin, Kind::Board]),
        candidate.near.passage,
        candidate.near.question,
        0.0,
    ];
    let headings = like.headings.clone();
    let near = candidate.near.entries.clone();
    Found { document, entry, score: 0.0, rank, raw, headings, near }
}

/// The passage of `document` that holds most of what is asked.
fn best_entry(
    query: &Query,
    catalog: &Catalog,
    document: usize,
    candidate: &Candidate,
    top: f32,
) -> usize {
    let entries = catalog.profiles[document].entries.clone();
    let value = |entry: usize| {
        let of = |list: &[(usize, f32)]| {
            list.iter().find(|(at, _)| *at == entry).map_or(0.0, |(_, value)| *value)
        };
        of(&candidate.passages) / top
            + covered(query, &[&catalog.words[entry]])
            + 0.5 * of(&candidate.likeness.headings)
            + 1.5 * of(&candidate.near.entries)
            + 0.3 * query.things.share_in(catalog.things[entry])
    };
    let first = entries.start;
    let values = entries.map(|entry| (entry, value(entry)));
    // Of equals the first, which is what the document says first.
    values.fold((first, f32::MIN), |best, next| if next.1 > best.1 { next } else { best }).0
}

fn flag(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

fn near(likeness: f32) -> f32 {
    (likeness - NEARLY_SAME).max(0.0) / (1.0 - NEARLY_SAME)
}

fn forbids(text: &str) -> bool {
    ["不能", "不要", "不得", "禁止", "不可"].iter().any(|no| text.contains(no))
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

/// Share of a title that the question holds.
fn title_share(query: &Query, catalog: &Catalog, title: &[WordId]) -> f32 {
    let weight = |word: &WordId| catalog.vocabulary.weight_of(*word);
    let whole: f32 = title.iter().map(weight).sum();
    let held = title.iter().filter(|word| query.asked.words.binary_search(word).is_ok());
    held.map(weight).sum::<f32>() / whole.max(f32::EPSILON)
}

/// Whether `words` hold the word of the question that tells most.
fn telling_word(query: &Query, words: &[WordId]) -> f32 {
    let most = query.words.iter().max_by(|a, b| a.weight.total_cmp(&b.weight));
    flag(most.and_then(|word| word.id).is_some_and(|id| words.binary_search(&id).is_ok()))
}

/// Share of the question's pairs of characters that stand in any of `places`.
pub(crate) fn pairs_held(query: &Query, places: &[&[Pair]]) -> f32 {
    let held = |pair: &&Pair| places.iter().any(|place| place.binary_search(pair).is_ok());
    query.pairs.iter().filter(held).count() as f32 / query.pairs.len().max(1) as f32
}
