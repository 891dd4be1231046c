//! Plain retrieval over passages of others: how good the analysis is, apart from our library.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use fenghuo_content::Lexicon;
use serde::{Deserialize, Serialize};

use crate::analysis::{Decoder, Normaliser, Repair, Segmenter, Terms};
use crate::index::{Index, Pair, Shelf, Vocabulary};
use crate::query::{Query, Reading};
use crate::rank::{Close, Weights};

/// Recall and mean reciprocal rank over a set of queries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Scores {
    /// Passages indexed.
    pub docs: usize,
    /// Queries asked.
    pub queries: usize,
    /// Share of queries whose passage came first.
    pub recall_at_1: f64,
    /// … among the first five.
    pub recall_at_5: f64,
    /// … among the first ten.
    pub recall_at_10: f64,
    /// Mean reciprocal rank within the first ten.
    pub mrr_at_10: f64,
    /// Milliseconds to analyse and index all passages.
    pub build_ms: u64,
    /// Median of one query on one core, in microseconds.
    pub p50_us: u64,
    /// … and its 99th percentile.
    pub p99_us: u64,
    /// Queries answered in one second on one core.
    pub queries_per_second: f64,
}

/// Why retrieval could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum RetrievalError {
    /// A line is not of the expected shape.
    #[error("{file} line {line}: not readable")]
    Line {
        /// `docs` or `queries`.
        file: &'static str,
        /// Number of the line, from 1.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// The index could not be built.
    #[error(transparent)]
    Engine(#[from] crate::Error),
}

/// One line of the passages.
#[derive(Deserialize)]
struct Doc {
    id: serde_json::Value,
    text: String,
}

/// One line of the queries.
#[derive(Deserialize)]
struct Asked {
    question: String,
    doc_id: serde_json::Value,
}

/// Indexes `docs` (`{"id", "text"}` lines) and looks up every question of `queries` (`{"question", "doc_id"}` lines).
///
/// # Errors
/// When a line cannot be read.
pub fn retrieval(docs: &str, queries: &str) -> Result<Scores, RetrievalError> {
    let docs: Vec<Doc> = lines("docs", docs)?;
    let queries: Vec<Asked> = lines("queries", queries)?;
    let places: HashMap<String, usize> =
        docs.iter().enumerate().map(|(place, doc)| (doc.id.to_string(), place)).collect();
    let started = Instant::now();
    let plain = Plain::new(docs.iter().map(|doc| doc.text.as_str()))?;
    let built = started.elapsed();
    // One after the other: the latency of one core is part of what is measured.
    let (ranks, took): (Vec<Option<usize>>, Vec<Duration>) = queries
        .iter()
        .map(|query| {
            let started = Instant::now();
            let best = plain.best(&query.question, 10);
            let took = started.elapsed();
            let wanted = places.get(&query.doc_id.to_string());
            (best.iter().position(|place| Some(place) == wanted), took)
        })
        .unzip();
    Ok(Scores { build_ms: millis(built), ..scores(docs.len(), &ranks, took) })
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn lines<T: serde::de::DeserializeOwned>(
    file: &'static str,
    text: &str,
) -> Result<Vec<T>, RetrievalError> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(line, text)| {
            serde_json::from_str(text).map_err(|source| RetrievalError::Line { file, line, source })
        })
        .collect()
}

fn scores(docs: usize, ranks: &[Option<usize>], mut took: Vec<Duration>) -> Scores {
    took.sort_unstable();
    let at = |per_cent: usize| {
        let place = (took.len() * per_cent / 100).min(took.len().saturating_sub(1));
        took.get(place).map_or(0, |time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX))
    };
    let seconds: f64 = took.iter().map(Duration::as_secs_f64).sum();
    let total = ranks.len().max(1) as f64;
    let within = |k: usize| ranks.iter().flatten().filter(|rank| **rank < k).count() as f64 / total;
    let reciprocal: f64 = ranks.iter().flatten().map(|rank| 1.0 / (*rank as f64 + 1.0)).sum();
    Scores {
        docs,
        queries: ranks.len(),
        recall_at_1: within(1),
        recall_at_5: within(5),
        recall_at_10: within(10),
        mrr_at_10: reciprocal / total,
        build_ms: 0,
        p50_us: at(50),
        p99_us: at(99),
        queries_per_second: if seconds > 0.0 { ranks.len() as f64 / seconds } else { 0.0 },
    }
}

/// The analysis over bare texts: no questions, titles or lexicon.
struct Plain {
    normaliser: Normaliser,
    segmenter: Segmenter,
    repair: Repair,
    decoder: Decoder,
    vocabulary: Vocabulary,
    index: Index,
    /// Normalised.
    texts: Vec<String>,
}

impl Plain {
    fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Self, crate::Error> {
        let normaliser = Normaliser::new()?;
        let segmenter = Segmenter::new(&Lexicon::default());
        let texts: Vec<String> = texts.map(|text| normaliser.normalise(text)).collect();
        let terms = |place: usize| [Terms::default(), Terms::of(&segmenter, &texts[place])];
        let documents = (0..texts.len()).map(|place| (place as u64, place..place + 1)).collect();
        let index = Index::in_memory(&Shelf { documents, terms: &terms })?;
        Ok(Self {
            normaliser,
            segmenter,
            repair: Repair::default(),
            decoder: Decoder::default(),
            vocabulary: Vocabulary::default(),
            index,
            texts,
        })
    }

    fn best(&self, question: &str, limit: usize) -> Vec<usize> {
        let reading = Reading {
            normaliser: &self.normaliser,
            segmenter: &self.segmenter,
            repair: &self.repair,
            decoder: &self.decoder,
            vocabulary: &self.vocabulary,
        };
        let query = Query::new(question, &reading);
        let weights = &Weights::built_in().look_up;
        let terms = query.index_terms(&self.vocabulary, weights);
        let mut found = self.index.look_up(&terms, weights, limit.max(weights.reordered));
        let rarity = |pair: &Pair| self.index.rarity(&[pair.0, pair.1].iter().collect::<String>());
        let close = Close::new(query.pairs.iter().map(|pair| (*pair, rarity(pair))));
        for scored in &mut found {
            scored.score += weights.proximity * close.best(&self.texts[scored.entry]);
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        found.into_iter().take(limit).map(|scored| scored.entry).collect()
    }
}
