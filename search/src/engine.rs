//! The engine: one library, its index and its rules, asked from any thread.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use fenghuo_content::{Document, Lang, Library, Role};

use crate::analysis::{Normaliser, Repair, Segmenter};
use crate::answer::{Answer, AnswerKind, Choice, Hit, PassageRef};
use crate::danger::Rules;
use crate::index::{Catalog, Index};
use crate::query::{Query, Reading};
use crate::retrieve::{Found, covered, retrieve};
use crate::select::{Outcome, Topic, select};
use crate::{Candidate, Error, Explanation, compose, extract, small_talk};

/// Hits of one answer.
const HITS: usize = 5;

/// Share of the question a section must add to the answer to be shown with it.
const GAIN: f32 = 0.12;

/// Choices of one suggestion.
const CHOICES: usize = 4;

/// Characters of a hit's text.
const HIT_CHARS: usize = 200;

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
}

/// The parts of an engine that do not depend on where the index lives.
struct Parts {
    normaliser: Normaliser,
    segmenter: Segmenter,
    rules: Rules,
    catalog: Catalog,
}

impl Parts {
    fn new(library: &Library) -> Result<Self, Error> {
        let normaliser = Normaliser::new()?;
        let segmenter = Segmenter::new(&library.lexicon);
        let rules = Rules::compile(&library.lexicon, &segmenter)?;
        let catalog = Catalog::new(library, &normaliser, &segmenter);
        Ok(Self { normaliser, segmenter, rules, catalog })
    }

    fn build(&self, library: &Library) -> Result<Index, Error> {
        Index::in_memory(self.catalog.passage_terms(library, &self.normaliser, &self.segmenter))
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
        let terms = || parts.catalog.passage_terms(&library, &parts.normaliser, &parts.segmenter);
        let index = Index::on_disk(dir, &library.hash, parts.catalog.entries.len(), terms)?;
        Ok(Self::assemble(library, parts, index))
    }

    fn assemble(library: Arc<Library>, parts: Parts, index: Index) -> Self {
        let Parts { normaliser, segmenter, rules, catalog } = parts;
        let repair = Repair::new(&library.lexicon);
        let topic = Topic::new(&library.lexicon, &normaliser);
        Self { library, normaliser, segmenter, repair, rules, topic, catalog, index }
    }

    /// The library it answers from.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// The reply to `question`; never fails, whatever the text.
    pub fn ask(&self, question: &str) -> Answer {
        let started = Instant::now();
        let query = self.query(question);
        let verdict = self.rules.judge(&query.text);
        let found = retrieve(&query, &self.index, &self.catalog);
        let mut answer = if let Some(class) = verdict.class {
            self.emergency(class, &query)
        } else if let Some(text) = small_talk::reply(&query.text, &self.library) {
            Answer::of(AnswerKind::Greeting, text)
        } else {
            self.answer(&query, &found)
        };
        if !matches!(answer.kind, AnswerKind::Greeting | AnswerKind::Unknown) {
            answer.hits = self.hits(&query, &found, HITS);
        }
        answer.took_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        answer
    }

    /// The best passages for `query`, one a document, best first; for the search page.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let query = self.query(query);
        let found = retrieve(&query, &self.index, &self.catalog);
        self.hits(&query, &found, limit)
    }

    /// Why `question` gets its answer.
    pub fn explain(&self, question: &str) -> Explanation {
        let query = self.query(question);
        let verdict = self.rules.judge(&query.text);
        let found = retrieve(&query, &self.index, &self.catalog);
        let reason = match select(&query, &found, self.topic.count(&query)) {
            Outcome::Answer(why) | Outcome::Suggest(why) | Outcome::Unknown(why) => why,
        };
        let candidate = |found: &Found| Candidate {
            passage: self.passage_id(found),
            score: found.score,
            coverage: found.coverage,
            local: found.local,
            raw: found.raw,
            heading: found.heading,
            likeness: found.likeness,
        };
        Explanation {
            danger: verdict.seen,
            words: query.words.iter().map(|word| (word.text.clone(), word.weight)).collect(),
            candidates: found.iter().take(40).map(candidate).collect(),
            kind: self.ask(question).kind,
            reason,
            normalised: query.text,
        }
    }

    fn query(&self, question: &str) -> Query {
        let reading = Reading {
            normaliser: &self.normaliser,
            segmenter: &self.segmenter,
            repair: &self.repair,
            vocabulary: &self.catalog.vocabulary,
        };
        Query::new(question, &reading)
    }

    fn emergency(&self, class: usize, query: &Query) -> Answer {
        let danger = &self.library.lexicon.dangers[class];
        let (card, text) = compose::emergency(&self.library, danger, query.english);
        let guide = danger.guide.as_ref().and_then(|id| self.library.find(id.as_str()));
        Answer {
            danger: Some(danger.id.clone()),
            card,
            guide: guide.map(|document| document.id.clone()),
            sources: guide.map(|document| document.meta.sources.clone()).unwrap_or_default(),
            reviewed: guide.map(|document| document.meta.reviewed),
            approval: guide.map(Document::approval),
            ..Answer::of(AnswerKind::Emergency, text)
        }
    }

    fn answer(&self, query: &Query, found: &[Found]) -> Answer {
        match select(query, found, self.topic.count(query)) {
            Outcome::Answer(_) => self.reply(query, &found[0]),
            Outcome::Suggest(_) => {
                let choices = self.choices(found);
                let text = small_talk::suggest(&choices);
                Answer { choices, ..Answer::of(AnswerKind::Suggest, text) }
            }
            Outcome::Unknown(_) => {
                Answer::of(AnswerKind::Unknown, small_talk::unknown(&self.library))
            }
        }
    }

    fn reply(&self, query: &Query, found: &Found) -> Answer {
        let entry = &self.catalog.entries[found.entry];
        let document = self.document(found);
        let section = self.section(query, found);
        let text =
            compose::answer(query, document, section.map_or(entry, |at| &self.catalog.entries[at]));
        let is_guide = document.kind() == fenghuo_content::Kind::Guide;
        Answer {
            guide: is_guide.then(|| document.id.clone()),
            passage: Some(PassageRef {
                doc: document.id.clone(),
                lang: document.lang,
                anchor: entry.anchor.clone(),
            }),
            sources: document.meta.sources.clone(),
            reviewed: Some(document.meta.reviewed),
            approval: Some(document.approval()),
            ..Answer::of(AnswerKind::Answer, text)
        }
    }

    /// The section to show with the answer, where the answer alone leaves part of the question open.
    fn section(&self, query: &Query, found: &Found) -> Option<usize> {
        if self.catalog.entries[found.entry].role != Role::Answer {
            return None;
        }
        let same = |at: &usize| self.catalog.entries[*at].document == found.document;
        let gain = |at: usize| {
            covered(query, &[&self.catalog.words[found.entry], &self.catalog.words[at]])
                - found.local
        };
        let sections = (found.entry + 1..self.catalog.entries.len()).take_while(same);
        let best = sections.map(|at| (at, gain(at))).max_by(|a, b| a.1.total_cmp(&b.1))?;
        (best.1 >= GAIN).then_some(best.0)
    }

    fn choices(&self, found: &[Found]) -> Vec<Choice> {
        let near = found.iter().filter(|f| self.document(f).lang == Lang::Zh).take(CHOICES);
        near.map(|found| {
            let document = self.document(found);
            Choice {
                id: document.id.to_string(),
                label: document.meta.title.clone(),
                doc: document.id.clone(),
            }
        })
        .collect()
    }

    fn hits(&self, query: &Query, found: &[Found], limit: usize) -> Vec<Hit> {
        let hit = |found: &Found| {
            let entry = &self.catalog.entries[found.entry];
            let document = self.document(found);
            let title = &document.meta.title;
            Hit {
                doc: document.id.to_string(),
                section: entry.anchor.clone(),
                title: if entry.heading == *title {
                    title.clone()
                } else {
                    format!("{title} · {}", entry.heading)
                },
                score: found.score,
                text: extract::extract(&entry.text, HIT_CHARS, query),
            }
        };
        found.iter().take(limit).map(hit).collect()
    }

    fn document(&self, found: &Found) -> &Document {
        &self.library.documents()[found.document]
    }

    fn passage_id(&self, found: &Found) -> String {
        format!("{}#{}", self.document(found).id, self.catalog.entries[found.entry].anchor)
    }
}
