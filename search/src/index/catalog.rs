//! What ranking needs of each passage and document beside tantivy's scores: their words and their questions.

use std::collections::HashSet;

use fenghuo_content::kind::Urgency;
use fenghuo_content::{Content, Document, Library};
use rayon::prelude::*;

use super::entry::Entry;
use super::vocabulary::{Vocabulary, WordId};
use crate::analysis::{Normaliser, Segmenter, Terms};
use crate::query::years;

/// Profiles of all documents and words of all entries.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) entries: Vec<Entry>,
    /// Words of each entry: heading, text and extra.
    pub(crate) words: Vec<Vec<WordId>>,
    /// Heading of each entry as a question: many are one.
    pub(crate) headings: Vec<Asked>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) vocabulary: Vocabulary,
}

/// A document as ranking sees it.
#[derive(Debug)]
pub(crate) struct Profile {
    /// Words of title, summary and questions.
    pub(crate) words: Vec<WordId>,
    /// Its questions and its title.
    pub(crate) asked: Vec<Asked>,
    /// Years in its title.
    pub(crate) years: Vec<String>,
    pub(crate) urgency: Urgency,
}

/// A question, to be compared with what is asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) text: String,
    pub(crate) words: Vec<WordId>,
    pub(crate) bigrams: HashSet<String>,
    pub(crate) pinyin: HashSet<String>,
}

impl Catalog {
    fn asked(&mut self, (text, terms): (String, Terms)) -> Asked {
        Asked {
            words: self.vocabulary.learn(terms.words.iter().map(String::as_str)),
            bigrams: terms.bigrams.into_iter().collect(),
            pinyin: terms.pinyin.into_iter().collect(),
            text,
        }
    }

    /// Terms of every entry for the index, in order.
    pub(crate) fn passage_terms<'a>(
        &'a self,
        library: &'a Library,
        normaliser: &'a Normaliser,
        segmenter: &'a Segmenter,
    ) -> impl Iterator<Item = [Terms; 4]> + 'a {
        let terms = move |text: &str| Terms::of(segmenter, &normaliser.normalise(text));
        let mut last: Option<(usize, Terms, Terms)> = None;
        self.entries.iter().map(move |entry| {
            let lead = match &last {
                Some((document, questions, title)) if *document == entry.document => {
                    (questions.clone(), title.clone())
                }
                _ => {
                    let document = &library.documents()[entry.document];
                    let meta = &document.meta;
                    let questions = terms(&document.questions().join("\n"));
                    (questions, terms(&format!("{}\n{}", meta.title, meta.summary)))
                }
            };
            last = Some((entry.document, lead.0.clone(), lead.1.clone()));
            let body = terms(&format!("{}\n{}", entry.text, entry.extra));
            [lead.0, lead.1, terms(&entry.heading), body]
        })
    }
}

/// Terms of one document before words have ids.
struct Read {
    entries: Vec<(Entry, Vec<String>, (String, Terms))>,
    lead: Vec<String>,
    asked: Vec<(String, Terms)>,
    years: Vec<String>,
    urgency: Urgency,
}

impl Catalog {
    pub(crate) fn new(library: &Library, normaliser: &Normaliser, segmenter: &Segmenter) -> Self {
        let mut by_document: Vec<Vec<Entry>> = vec![Vec::new(); library.documents().len()];
        Entry::all(library).into_iter().for_each(|entry| by_document[entry.document].push(entry));
        let read: Vec<Read> = library
            .documents()
            .par_iter()
            .zip(by_document)
            .map(|(document, entries)| read_document(document, entries, normaliser, segmenter))
            .collect();
        let mut catalog = Self {
            entries: Vec::new(),
            words: Vec::new(),
            headings: Vec::new(),
            profiles: Vec::new(),
            vocabulary: Vocabulary::new(&library.lexicon, normaliser),
        };
        read.into_iter().for_each(|document| catalog.take(document));
        catalog.vocabulary.settle(segmenter);
        catalog
    }

    fn take(&mut self, read: Read) {
        let words = self.vocabulary.learn(read.lead.iter().map(String::as_str));
        let mut all = words.clone();
        for (entry, own, heading) in read.entries {
            let heading = self.asked(heading);
            self.headings.push(heading);
            let own = self.vocabulary.learn(own.iter().map(String::as_str));
            all.extend_from_slice(&own);
            self.entries.push(entry);
            self.words.push(own);
        }
        all.sort_unstable();
        all.dedup();
        self.vocabulary.count_document(&all);
        let asked = read.asked.into_iter().map(|question| self.asked(question)).collect();
        self.profiles.push(Profile { words, asked, years: read.years, urgency: read.urgency });
    }
}

fn read_document(
    document: &Document,
    entries: Vec<Entry>,
    normaliser: &Normaliser,
    segmenter: &Segmenter,
) -> Read {
    let words_of = |text: &str| -> Vec<String> {
        segmenter.search_words(&normaliser.normalise(text)).into_iter().map(str::to_owned).collect()
    };
    let question_terms = |question: &str| {
        let text = normaliser.normalise(question);
        let terms = Terms::of(segmenter, &text);
        (text, terms)
    };
    let meta = &document.meta;
    let named = format!("{}\n{}\n{}", meta.title, meta.summary, document.questions().join("\n"));
    let lead = words_of(&named);
    let asked = document
        .questions()
        .iter()
        .chain(std::iter::once(&meta.title))
        .map(|question| question_terms(question))
        .collect();
    let entries = entries
        .into_iter()
        .map(|entry| {
            let words = words_of(&format!("{}\n{}\n{}", entry.heading, entry.text, entry.extra));
            let heading = question_terms(&entry.heading);
            (entry, words, heading)
        })
        .collect();
    let urgency = match &document.content {
        Content::Knowledge(knowledge) => knowledge.urgency,
        Content::Guide(_) => Urgency::Now,
        _ => Urgency::Learn,
    };
    Read { entries, lead, asked, years: years(&meta.title), urgency }
}
