//! What ranking needs of each passage and document beside tantivy's scores: their words, questions and things.

use std::collections::HashSet;

use fenghuo_content::kind::Urgency;
use fenghuo_content::{Content, Document, Kind, Lang, Library};
use rayon::prelude::*;

use super::entry::Entry;
use super::questions::{Owner, Questions, Role};
use super::vocabulary::{Vocabulary, WordId};
use crate::analysis::{Decoder, Normaliser, Segmenter, Terms, is_han};
use crate::query::years;
use crate::rank::Things;

/// Profiles of all documents and words of all entries.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) entries: Vec<Entry>,
    /// Words of each entry: heading, text and extra.
    pub(crate) words: Vec<Vec<WordId>>,
    /// Pairs of characters of each entry, sorted.
    pub(crate) pairs: Vec<Vec<Pair>>,
    /// What each entry holds: amounts, times, distances.
    pub(crate) things: Vec<Things>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) questions: Questions,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) decoder: Decoder,
}

/// Two characters that stand side by side.
pub(crate) type Pair = (char, char);

/// A document as ranking sees it.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Words of title, summary and questions.
    pub(crate) lead: Vec<WordId>,
    /// Words of its title.
    pub(crate) title: Vec<WordId>,
    /// All its words.
    pub(crate) words: Vec<WordId>,
    /// Pairs of characters of title, summary and questions, sorted.
    pub(crate) pairs: Vec<Pair>,
    /// Years in its title.
    pub(crate) years: Vec<String>,
    pub(crate) urgency: Urgency,
    pub(crate) kind: Kind,
    pub(crate) lang: Lang,
    /// Its entries in the catalog.
    pub(crate) entries: std::ops::Range<usize>,
}

/// How texts are read.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) normaliser: &'a Normaliser,
    pub(crate) segmenter: &'a Segmenter,
}

impl Reader<'_> {
    fn terms(&self, text: &str) -> Terms {
        Terms::of(self.segmenter, &self.normaliser.normalise(text))
    }
}

/// Terms of one document before words have ids.
struct Read {
    entries: Vec<(Entry, Terms, Terms)>,
    lead: Terms,
    title: Terms,
    questions: Vec<Terms>,
    years: Vec<String>,
    urgency: Urgency,
    kind: Kind,
    lang: Lang,
}

impl Catalog {
    pub(crate) fn new(library: &Library, reader: Reader<'_>) -> Self {
        let mut by_document: Vec<Vec<Entry>> = vec![Vec::new(); library.documents().len()];
        Entry::all(library).into_iter().for_each(|entry| by_document[entry.document].push(entry));
        let read: Vec<Read> = library
            .documents()
            .par_iter()
            .zip(by_document)
            .map(|(document, entries)| read_document(document, entries, reader))
            .collect();
        let mut catalog = Self {
            entries: Vec::new(),
            words: Vec::new(),
            pairs: Vec::new(),
            things: Vec::new(),
            profiles: Vec::new(),
            questions: Questions::default(),
            vocabulary: Vocabulary::new(&library.lexicon, reader.normaliser),
            decoder: Decoder::default(),
        };
        read.into_iter().for_each(|document| catalog.take(document));
        catalog.settle(reader.segmenter);
        catalog
    }

    fn take(&mut self, read: Read) {
        let document = self.profiles.len();
        let start = self.entries.len();
        let lead = self.learn(&read.lead);
        let title = self.learn(&read.title);
        let mut words = lead.clone();
        self.ask(Owner { document, role: Role::Title }, &read.title);
        for question in &read.questions {
            self.ask(Owner { document, role: Role::Question }, question);
        }
        for (entry, own, heading) in read.entries {
            self.ask(Owner { document, role: Role::Heading(self.entries.len()) }, &heading);
            let own_words = self.learn(&own);
            words.extend_from_slice(&own_words);
            self.things.push(Things::held(&entry.text).union(Things::held(&entry.extra)));
            self.entries.push(entry);
            self.words.push(own_words);
            self.pairs.push(pairs(&own.bigrams));
        }
        words.sort_unstable();
        words.dedup();
        self.vocabulary.count_document(&words);
        self.profiles.push(Profile {
            lead,
            title,
            words,
            pairs: pairs(&read.lead.bigrams),
            years: read.years,
            urgency: read.urgency,
            kind: read.kind,
            lang: read.lang,
            entries: start..self.entries.len(),
        });
    }

    fn learn(&mut self, terms: &Terms) -> Vec<WordId> {
        self.vocabulary.learn(terms.words.iter().map(String::as_str))
    }

    fn ask(&mut self, owner: Owner, terms: &Terms) {
        let words = self.learn(terms);
        self.questions.add(owner, &words, terms);
    }

    fn settle(&mut self, segmenter: &Segmenter) {
        self.vocabulary.settle(segmenter);
        let vocabulary = &self.vocabulary;
        self.questions.settle(|word| vocabulary.weight_of(word));
        let pairs: HashSet<Pair> = self.pairs.iter().flatten().copied().collect();
        self.decoder = Decoder::new(self.vocabulary.held(), pairs, segmenter);
    }

    /// Terms of every entry for the index, in order.
    pub(crate) fn passage_terms<'a>(
        &'a self,
        library: &'a Library,
        reader: Reader<'a>,
    ) -> impl Iterator<Item = [Terms; 2]> + 'a {
        self.entries.iter().map(move |entry| {
            let title = &library.documents()[entry.document].meta.title;
            let head = if entry.heading == *title {
                title.clone()
            } else {
                format!("{title}\n{}", entry.heading)
            };
            [reader.terms(&head), reader.terms(&format!("{}\n{}", entry.text, entry.extra))]
        })
    }
}

fn read_document(document: &Document, entries: Vec<Entry>, reader: Reader<'_>) -> Read {
    let meta = &document.meta;
    let questions = document.questions();
    let lead = format!("{}\n{}\n{}", meta.title, meta.summary, questions.join("\n"));
    let entries = entries
        .into_iter()
        .map(|entry| {
            let own = reader.terms(&format!("{}\n{}\n{}", entry.heading, entry.text, entry.extra));
            let heading = reader.terms(&entry.heading);
            (entry, own, heading)
        })
        .collect();
    let urgency = match &document.content {
        Content::Knowledge(knowledge) => knowledge.urgency,
        Content::Guide(_) => Urgency::Now,
        _ => Urgency::Learn,
    };
    Read {
        entries,
        lead: reader.terms(&lead),
        title: reader.terms(&meta.title),
        questions: questions.iter().map(|question| reader.terms(question)).collect(),
        years: years(&meta.title),
        urgency,
        kind: document.kind(),
        lang: document.lang,
    }
}

/// Pairs of Han characters, sorted, each once.
pub(crate) fn pairs(bigrams: &[String]) -> Vec<Pair> {
    let pair = |bigram: &String| {
        let mut chars = bigram.chars();
        Some((chars.next().filter(|c| is_han(*c))?, chars.next()?))
    };
    let mut out: Vec<Pair> = bigrams.iter().filter_map(pair).collect();
    out.sort_unstable();
    out.dedup();
    out
}
