//! The engine: one library, its index and its rules, asked from any thread.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use fenghuo_content::{Document, Library};

use crate::analysis::{Normaliser, Repair, Segmenter};
use crate::answer::{Answer, AnswerKind, Hit};
use crate::danger::{Rules, Verdict};
use crate::encoder::{Meaning, Progress};
use crate::index::{Catalog, Index, Reader};
use crate::query::{Query, Reading};
use crate::rank::{Gate, Linear, Mode, Weights};
use crate::reply::Replier;
use crate::retrieve::{Found, Retrieval, Retrieved};
use crate::select::{Outcome, Selection, Topic, measure, select};
use crate::sense::Senses;
use crate::{Candidate, Error, Explanation, small_talk};

/// Hits of one answer.
const HITS: usize = 5;

/// Candidates of one explanation.
const EXPLAINED: usize = 10;

/// Answers questions from one library; cheap to share, safe to ask from many threads.
pub struct Engine {
    library: Arc<Library>,
    normaliser: Normaliser,
    segmenter: Segmenter,
    repair: Repair,
    rules: Rules,
    topic: Topic,
    catalog: Catalog,
    index: Index,
    senses: Option<Senses>,
}

/// The parts of an engine that do not depend on where the index lives.
struct Parts {
    normaliser: Normaliser,
    segmenter: Segmenter,
    rules: Rules,
    catalog: Catalog,
}

/// All that is known of a question before it is answered.
struct Examined {
    query: Query,
    verdict: Verdict,
    retrieved: Retrieved,
    selection: Selection,
    mode: Mode,
}

fn named(parts: Vec<(&'static str, f32)>) -> Vec<(String, f32)> {
    parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect()
}

/// A question with its candidates, as the tuner keeps it.
pub(crate) struct Measured {
    query: Query,
    pub(crate) retrieved: Retrieved,
}

impl Measured {
    /// Place of `document` among the candidates.
    pub(crate) fn place_of(&self, engine: &Engine, document: &str) -> Option<usize> {
        self.retrieved
            .documents
            .iter()
            .position(|found| engine.document(found).id.as_str() == document)
    }
}

impl Parts {
    fn new(library: &Library) -> Result<Self, Error> {
        let normaliser = Normaliser::new()?;
        let segmenter = Segmenter::new(&library.lexicon);
        let rules = Rules::compile(&library.lexicon, &segmenter)?;
        let reader = Reader { normaliser: &normaliser, segmenter: &segmenter };
        let catalog = Catalog::new(library, reader);
        Ok(Self { normaliser, segmenter, rules, catalog })
    }

    fn reader(&self) -> Reader<'_> {
        Reader { normaliser: &self.normaliser, segmenter: &self.segmenter }
    }

    fn build(&self, library: &Library) -> Result<Index, Error> {
        Index::in_memory(self.catalog.passage_terms(library, self.reader()))
    }
}

impl Engine {
    /// An engine whose index lives in memory.
    ///
    /// # Errors
    /// When the lexicon has a faulty pattern or the index cannot be built.
    pub fn in_memory(library: Arc<Library>) -> Result<Self, Error> {
        let parts = Parts::new(&library)?;
        let index = parts.build(&library)?;
        Ok(Self::assemble(library, parts, index))
    }

    /// An engine whose index lives below `dir`, keyed by the hash of the library; built when absent or broken.
    ///
    /// # Errors
    /// When the lexicon has a faulty pattern or the folder cannot be used.
    pub fn on_disk(library: Arc<Library>, dir: &Path) -> Result<Self, Error> {
        let parts = Parts::new(&library)?;
        let terms = || parts.catalog.passage_terms(&library, parts.reader());
        let index = Index::on_disk(dir, &library.hash, parts.catalog.entries.len(), terms)?;
        Ok(Self::assemble(library, parts, index))
    }

    fn assemble(library: Arc<Library>, parts: Parts, index: Index) -> Self {
        let Parts { normaliser, segmenter, rules, catalog } = parts;
        let repair = Repair::new(&library.lexicon);
        let topic = Topic::new(&library.lexicon, &normaliser);
        Self { library, normaliser, segmenter, repair, rules, topic, catalog, index, senses: None }
    }

    /// The same engine that also goes by meaning, as soon as every text has its vector.
    #[must_use]
    pub fn with_meaning(mut self, meaning: Arc<Meaning>) -> Self {
        self.senses = Some(Senses::new(meaning, self.library.documents().len()));
        self
    }

    /// How many texts have their vector; `None` when it goes by words alone.
    pub fn vectors(&self) -> Option<Progress> {
        self.senses.as_ref().map(Senses::progress)
    }

    /// The modes it can decide in.
    pub(crate) fn modes(&self) -> Vec<Mode> {
        match self.mode() {
            Mode::Lexical => vec![Mode::Lexical],
            Mode::Semantic => vec![Mode::Lexical, Mode::Semantic],
        }
    }

    fn mode(&self) -> Mode {
        let ready = self.senses.as_ref().is_some_and(Senses::is_ready);
        if ready { Mode::Semantic } else { Mode::Lexical }
    }

    /// What is measured of `question`, for learning.
    pub(crate) fn measure(&self, question: &str, mode: Mode) -> Measured {
        let query = self.query(question);
        let retrieved = self.find(&query, mode);
        Measured { query, retrieved }
    }

    /// What the gate measures once candidates are ordered by `rank`.
    pub(crate) fn gate_values(&self, measured: &Measured, rank: &Linear) -> Gate {
        let mut retrieved = measured.retrieved.clone();
        let found = &mut retrieved.documents;
        found.iter_mut().for_each(|found| found.score = rank.score(&found.rank));
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        measure(&measured.query, &retrieved, &self.catalog, &self.topic)
    }

    /// The library it answers from.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// The reply to `question`; never fails, whatever the text.
    pub fn ask(&self, question: &str) -> Answer {
        let started = Instant::now();
        let examined = self.examine(question);
        let mut answer = self.reply(&examined);
        answer.took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        answer
    }

    /// The best passages for `query`, one a document, best first; for the search page.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let query = self.query(query);
        let found = self.find(&query, self.mode()).documents;
        self.replier(&query).hits(&found, limit)
    }

    /// Why `question` gets its answer.
    pub fn explain(&self, question: &str) -> Explanation {
        self.ask_and_explain(question).1
    }

    /// The reply to `question`, and why.
    pub fn ask_and_explain(&self, question: &str) -> (Answer, Explanation) {
        let examined = self.examine(question);
        let answer = self.reply(&examined);
        let explanation = self.explanation(&examined, answer.kind);
        (answer, explanation)
    }

    fn examine(&self, question: &str) -> Examined {
        let query = self.query(question);
        let verdict = self.rules.judge(&query.text);
        let mode = self.mode();
        let retrieved = self.find(&query, mode);
        let decision = Weights::built_in().of(mode);
        let selection = select(&query, &retrieved, &self.catalog, &self.topic, decision);
        Examined { query, verdict, retrieved, selection, mode }
    }

    fn reply(&self, examined: &Examined) -> Answer {
        let Examined { query, retrieved, .. } = examined;
        let found = &retrieved.documents;
        let replier = self.replier(query);
        let mut answer = if let Some(class) = examined.verdict.class {
            replier.emergency(class)
        } else if let Some(text) = small_talk::reply(&query.text, &self.library) {
            Answer::of(AnswerKind::Greeting, text)
        } else {
            match examined.selection.outcome {
                Outcome::Answer => replier.answer(&found[0]),
                Outcome::Suggest => replier.suggestion(found),
                Outcome::Unknown => {
                    let call = examined.selection.rule.and_then(|rule| rule.call.as_deref());
                    Answer::of(AnswerKind::Unknown, small_talk::unknown(&self.library, call))
                }
            }
        };
        if !matches!(answer.kind, AnswerKind::Greeting | AnswerKind::Unknown) {
            answer.hits = replier.hits(found, HITS);
        }
        answer
    }

    fn explanation(&self, examined: &Examined, kind: AnswerKind) -> Explanation {
        let Examined { query, verdict, retrieved, selection, mode } = examined;
        let decision = Weights::built_in().of(*mode);
        let candidate = |found: &Found| Candidate {
            passage: self.passage_id(found),
            document: self.document(found).id.to_string(),
            score: found.score,
            parts: named(decision.rank.parts(&found.rank)),
        };
        Explanation {
            danger: verdict.seen.clone(),
            words: query.words.iter().map(|word| (word.text.clone(), word.weight)).collect(),
            asks_for: query.things.names(),
            candidates: retrieved.documents.iter().take(EXPLAINED).map(candidate).collect(),
            kind,
            probability: selection.probability,
            rule: selection.rule.map(|rule| rule.id.clone()),
            gate: named(decision.gate.parts(&selection.gate)),
            read: query.read.clone(),
            normalised: query.text.clone(),
        }
    }

    fn replier<'a>(&'a self, query: &'a Query) -> Replier<'a> {
        Replier { library: &self.library, catalog: &self.catalog, query }
    }

    fn query(&self, question: &str) -> Query {
        let reading = Reading {
            normaliser: &self.normaliser,
            segmenter: &self.segmenter,
            repair: &self.repair,
            decoder: &self.catalog.decoder,
            vocabulary: &self.catalog.vocabulary,
        };
        Query::new(question, &reading)
    }

    fn find(&self, query: &Query, mode: Mode) -> Retrieved {
        let weights = Weights::built_in();
        let senses = self.senses.as_ref().filter(|_| mode == Mode::Semantic);
        let sensed = senses.map(|senses| senses.of(query));
        let retrieval = Retrieval {
            index: &self.index,
            catalog: &self.catalog,
            weights,
            decision: weights.of(mode),
            sensed: sensed.as_ref(),
        };
        retrieval.run(query)
    }

    fn document(&self, found: &Found) -> &Document {
        &self.library.documents()[found.document]
    }

    fn passage_id(&self, found: &Found) -> String {
        format!("{}#{}", self.document(found).id, self.catalog.entries[found.entry].anchor)
    }
}
