//! The engine: one library, its index and its rules, asked from any thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use fenghuo_content::{Document, Library};

use crate::answer::{Answer, AnswerKind, Hit};
use crate::danger::Verdict;
use crate::encoder::{Meaning, Progress};
use crate::index::{Catalog, Index, Reader, Shelf};
use crate::language::Language;
use crate::query::{Query, Reading};
use crate::rank::{Gate, Linear, Mode, Weights};
use crate::reply::Replier;
use crate::retrieve::{Found, Retrieval, Retrieved};
use crate::select::{Outcome, Selection, measure, select};
use crate::sense::Senses;
use crate::{Candidate, Error, Explanation, small_talk};

/// Hits of one answer.
const HITS: usize = 5;

/// Candidates of one explanation.
const EXPLAINED: usize = 60;

/// Answers questions from one library; cheap to share, safe to ask from many threads.
pub struct Engine {
    library: Arc<Library>,
    language: Language,
    catalog: Catalog,
    index: Index,
    senses: Option<Senses>,
    /// Folder of the index; in memory without.
    home: Option<PathBuf>,
}

/// All that is known of a question before it is answered.
struct Examined {
    query: Query,
    verdict: Verdict,
    retrieved: Retrieved,
    selection: Selection,
    mode: Mode,
}

/// Gives `make` what an index of `library` shall hold.
fn with_shelf<T>(
    library: &Library,
    language: &Language,
    catalog: &Catalog,
    make: impl FnOnce(&Shelf<'_>) -> T,
) -> T {
    let terms = |entry: usize| catalog.entry_terms(entry, library, language.reader());
    make(&Shelf { documents: catalog.shelf(), terms: &terms })
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

impl Engine {
    /// An engine whose index lives in memory.
    ///
    /// # Errors
    /// When the lexicon has a faulty pattern or the index cannot be built.
    pub fn in_memory(library: Arc<Library>) -> Result<Self, Error> {
        Self::new(library, None)
    }

    /// An engine whose index lives below `dir` and is opened by memory map. Documents that changed since it was
    /// written are indexed again; it is built when absent or broken.
    ///
    /// # Errors
    /// When the lexicon has a faulty pattern or the folder cannot be used.
    pub fn on_disk(library: Arc<Library>, dir: &Path) -> Result<Self, Error> {
        Self::new(library, Some(dir.to_owned()))
    }

    fn new(library: Arc<Library>, home: Option<PathBuf>) -> Result<Self, Error> {
        let language = Language::new(&library.lexicon)?;
        let catalog = Catalog::new(&library, language.reader());
        let index = with_shelf(&library, &language, &catalog, |shelf| match &home {
            Some(dir) => Index::on_disk(dir, language.cutting(), shelf),
            None => Index::in_memory(shelf),
        })?;
        Ok(Self { library, language, catalog, index, senses: None, home })
    }

    /// An engine for the next version of the library, by words alone. Only documents that changed are read and indexed
    /// again. This one goes on answering from what it has, though both may share an index on disk.
    ///
    /// # Errors
    /// When the lexicon has a faulty pattern or the index cannot be written.
    pub fn renewed(&self, library: Arc<Library>) -> Result<Self, Error> {
        let language = self.language.renewed(&library.lexicon)?;
        if language.cutting() != self.language.cutting() {
            return Self::new(library, self.home.clone());
        }
        let catalog = self.catalog.renewed(&library, language.reader());
        let index = with_shelf(&library, &language, &catalog, |shelf| self.index.renewed(shelf));
        match index {
            Ok(index) => {
                let home = self.home.clone();
                Ok(Self { library, language, catalog, index, senses: None, home })
            }
            Err(error) => {
                tracing::warn!(%error, "the index cannot be brought up to date; it is built anew");
                Self::new(library, self.home.clone())
            }
        }
    }

    /// How many documents had to be read for this engine; [`Engine::renewed`] takes the others over.
    pub fn documents_read(&self) -> usize {
        self.catalog.cut()
    }

    /// The same engine that also goes by meaning, as soon as every text has its vector.
    #[must_use]
    pub fn with_meaning(mut self, meaning: Arc<Meaning>) -> Self {
        self.senses = Some(Senses::new(meaning, self.library.documents().len()));
        self
    }

    /// The meaning it goes by; `None` when it goes by words alone.
    pub fn meaning(&self) -> Option<&Arc<Meaning>> {
        self.senses.as_ref().map(Senses::meaning)
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
        measure(&measured.query, &retrieved, &self.catalog, self.language.topic())
    }

    /// The library it answers from.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// The reply to `question` with the passages found; never fails, whatever the text.
    pub fn ask(&self, question: &str) -> Answer {
        let started = Instant::now();
        let examined = self.examine(question);
        let answer = self.reply(&examined);
        self.with_hits(answer, &examined, started)
    }

    /// The reply alone, for who talks: a danger gets its card before anything is looked up.
    pub fn talk(&self, said: &str) -> Answer {
        let query = self.query(said);
        let verdict = self.language.rules().judge(&query.text);
        match verdict.class {
            Some(class) => self.replier(&query).emergency(class),
            None => self.reply(&self.look_up(query, verdict)),
        }
    }

    /// Whether `text` tells of a danger that may be happening now, by the rules alone.
    pub fn is_danger(&self, text: &str) -> bool {
        self.language.rules().judge(&self.query(text).text).class.is_some()
    }

    /// The best passages for `query`, one a document, best first; for the search page.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let query = self.query(query);
        let found = self.find(&query, self.mode()).documents;
        self.replier(&query).hits(&found, limit)
    }

    /// Why `question` gets its answer.
    pub fn explain(&self, question: &str) -> Explanation {
        let examined = self.examine(question);
        let kind = self.reply(&examined).kind;
        let mut explanation = self.explanation(&examined, kind);
        let weights = &Weights::built_in().look_up;
        let terms = examined.query.index_terms(&self.catalog.vocabulary, weights);
        let entries: Vec<usize> =
            examined.retrieved.documents.iter().take(EXPLAINED).map(|found| found.entry).collect();
        let fields = self.index.by_field(&terms, weights, &entries);
        for (candidate, fields) in explanation.candidates.iter_mut().zip(fields) {
            candidate.fields = fields;
        }
        explanation
    }

    /// The reply to `question`, and why.
    pub fn ask_and_explain(&self, question: &str) -> (Answer, Explanation) {
        let started = Instant::now();
        let examined = self.examine(question);
        let answer = self.reply(&examined);
        let explanation = self.explanation(&examined, answer.kind);
        (self.with_hits(answer, &examined, started), explanation)
    }

    fn examine(&self, question: &str) -> Examined {
        let query = self.query(question);
        let verdict = self.language.rules().judge(&query.text);
        self.look_up(query, verdict)
    }

    fn look_up(&self, query: Query, verdict: Verdict) -> Examined {
        let mode = self.mode();
        let retrieved = self.find(&query, mode);
        let decision = Weights::built_in().of(mode);
        let selection = select(&query, &retrieved, &self.catalog, self.language.topic(), decision);
        Examined { query, verdict, retrieved, selection, mode }
    }

    fn reply(&self, examined: &Examined) -> Answer {
        let Examined { query, retrieved, .. } = examined;
        let found = &retrieved.documents;
        let replier = self.replier(query);
        if let Some(class) = examined.verdict.class {
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
        }
    }

    /// `answer` with what else was found, and how long it took since `started`.
    fn with_hits(&self, mut answer: Answer, examined: &Examined, started: Instant) -> Answer {
        if !matches!(answer.kind, AnswerKind::Greeting | AnswerKind::Unknown) {
            let Examined { query, retrieved, .. } = examined;
            answer.hits = self.replier(query).hits(&retrieved.documents, HITS);
        }
        answer.took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
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
            fields: Vec::new(),
            measured: found.rank.to_vec(),
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
            gate_measured: selection.gate.to_vec(),
            read: query.read.clone(),
            normalised: query.text.clone(),
        }
    }

    fn replier<'a>(&'a self, query: &'a Query) -> Replier<'a> {
        Replier { library: &self.library, catalog: &self.catalog, query }
    }

    fn query(&self, question: &str) -> Query {
        let Reader { normaliser, segmenter } = self.language.reader();
        let reading = Reading {
            normaliser,
            segmenter,
            repair: self.language.repair(),
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
