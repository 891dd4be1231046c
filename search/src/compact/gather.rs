//! Where every term stands: passages with how often, questions, and documents only their summary gives it to.

use std::collections::{BTreeMap, BTreeSet};

use fenghuo_content::Library;

use crate::analysis::{is_small_talk, units};
use crate::index::{Catalog, Reader, WordId};

/// Postings of one term.
#[derive(Debug, Default)]
pub(super) struct Posting {
    /// Passages: place, times in its heading and its document's title, times in its text.
    pub(super) entries: Vec<(u32, u32, u32)>,
    /// Questions, titles and headings.
    pub(super) questions: Vec<u32>,
    /// Documents whose title, questions or summary hold it, though no question or title in `questions` says so.
    pub(super) lead: Vec<u32>,
    /// Documents that hold it or a synonym, though none of the above says so.
    pub(super) documents: Vec<u32>,
}

/// Postings of all words and pairs of characters, and lengths of passages.
pub(super) struct Gathered {
    pub(super) words: BTreeMap<String, Posting>,
    pub(super) pairs: BTreeMap<String, Posting>,
    /// Words and pairs of each passage's text.
    pub(super) lengths: Vec<[usize; 2]>,
    /// Characters of the library.
    pub(super) characters: BTreeSet<char>,
}

impl Gathered {
    pub(super) fn new(library: &Library, catalog: &Catalog, reader: Reader<'_>) -> Self {
        let mut gathered = Self {
            words: BTreeMap::new(),
            pairs: BTreeMap::new(),
            lengths: Vec::new(),
            characters: BTreeSet::new(),
        };
        for (entry, [head, body]) in catalog.passage_terms(library, reader).enumerate() {
            let entry = number(entry);
            gathered.lengths.push([body.words.len(), body.bigrams.len()]);
            gathered
                .characters
                .extend(body.bigrams.iter().chain(&head.bigrams).flat_map(|p| p.chars()));
            stand(&mut gathered.words, entry, &head.words, &body.words);
            stand(&mut gathered.pairs, entry, &head.bigrams, &body.bigrams);
        }
        gathered.take_questions(catalog);
        gathered.take_documents(library, catalog, reader);
        gathered
    }

    fn take_questions(&mut self, catalog: &Catalog) {
        let held: Vec<(String, WordId)> = catalog
            .vocabulary
            .all()
            .filter(|(word, _)| !is_small_talk(word))
            .map(|(word, id)| (word.to_owned(), id))
            .collect();
        for (word, id) in held {
            let questions = catalog.questions.of_word(id).to_vec();
            self.words.entry(word).or_default().questions = questions;
        }
        for (pair, questions) in catalog.questions.of_pairs() {
            self.pairs.entry(pair.to_owned()).or_default().questions = questions.to_vec();
        }
        self.words.retain(|word, _| !is_small_talk(word));
    }

    /// What documents hold beyond what passages and questions say.
    fn take_documents(&mut self, library: &Library, catalog: &Catalog, reader: Reader<'_>) {
        let mut lead: BTreeMap<WordId, Vec<u32>> = BTreeMap::new();
        let mut whole: BTreeMap<WordId, Vec<u32>> = BTreeMap::new();
        for (document, profile) in catalog.profiles.iter().enumerate() {
            let document = number(document);
            profile.lead.iter().for_each(|id| lead.entry(*id).or_default().push(document));
            profile.words.iter().for_each(|id| whole.entry(*id).or_default().push(document));
        }
        for (word, posting) in &mut self.words {
            let Some(id) = catalog.vocabulary.id(word) else { continue };
            let said = posting.asked_in(catalog);
            posting.lead = beyond(lead.get(&id), &[&said]);
            let passages = posting.documents_of_entries(catalog);
            posting.documents = beyond(whole.get(&id), &[&said, &posting.lead, &passages]);
        }
        for (position, document) in library.documents().iter().enumerate() {
            let summary = reader.normaliser.normalise(&document.meta.summary);
            let position = number(position);
            for pair in crate::analysis::Terms::of(reader.segmenter, &summary).bigrams {
                let posting = self.pairs.entry(pair).or_default();
                if posting.lead.last() != Some(&position) && !posting.asks(catalog, position) {
                    posting.lead.push(position);
                }
            }
        }
        self.characters.extend(self.pairs.keys().flat_map(|pair| pair.chars()));
        let ours = library.lexicon.words.iter().flat_map(|word| word.text.chars());
        self.characters
            .extend(ours.filter(|c| units(&c.to_string()).iter().any(|u| u.sounds[0] != 0)));
    }
}

impl Posting {
    /// Documents whose title or one of whose questions holds it.
    fn asked_in(&self, catalog: &Catalog) -> Vec<u32> {
        let mut out: Vec<u32> = self
            .questions
            .iter()
            .filter_map(|at| catalog.questions.asker(*at))
            .map(number)
            .collect();
        out.dedup();
        out
    }

    fn asks(&self, catalog: &Catalog, document: u32) -> bool {
        self.questions.iter().any(|at| catalog.questions.asker(*at).map(number) == Some(document))
    }

    fn documents_of_entries(&self, catalog: &Catalog) -> Vec<u32> {
        let document = |(entry, ..): &(u32, u32, u32)| catalog.entries[*entry as usize].document;
        self.entries.iter().map(document).map(number).collect()
    }
}

/// Counts the terms of one passage.
fn stand(terms: &mut BTreeMap<String, Posting>, entry: u32, head: &[String], body: &[String]) {
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    head.iter().for_each(|term| counts.entry(term).or_default().0 += 1);
    body.iter().for_each(|term| counts.entry(term).or_default().1 += 1);
    for (term, (in_head, in_body)) in counts {
        let count = (entry, in_head, in_body);
        match terms.get_mut(term) {
            Some(posting) => posting.entries.push(count),
            None => terms.entry(term.to_owned()).or_default().entries.push(count),
        }
    }
}

/// Those of `all` that none of `said` names.
fn beyond(all: Option<&Vec<u32>>, said: &[&[u32]]) -> Vec<u32> {
    let named = |document: &&u32| !said.iter().any(|list| list.contains(document));
    all.into_iter().flatten().filter(named).copied().collect()
}

pub(super) fn number(at: usize) -> u32 {
    u32::try_from(at).expect("a library has fewer than 2^32 passages")
}
