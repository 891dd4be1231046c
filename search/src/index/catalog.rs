//! What ranking needs of each passage and document beside tantivy's scores: their words, questions and things.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use fenghuo_content::kind::Urgency;
use fenghuo_content::{Kind, Lang, Library};
use rayon::prelude::*;

use super::digest::{Cut, Digest, key_of};
use super::entry::Entry;
use super::interner::{Interner, Numbered};
use super::questions::{Owner, Questions, Role};
use super::vocabulary::{Vocabulary, WordId};
use crate::analysis::{Decoder, Normaliser, Segmenter, Terms, is_han};
use crate::rank::Things;

/// Profiles of all documents and words of all entries.
#[derive(Debug)]
pub(crate) struct Catalog {
    pub(crate) entries: Vec<Entry>,
    /// Words of each entry: heading, text and extra.
    pub(crate) words: Vec<Vec<WordId>>,
    /// Pairs of characters of each entry, sorted.
    pub(crate) pairs: Vec<Arc<[Pair]>>,
    /// What each entry holds: amounts, times, distances.
    pub(crate) things: Vec<Things>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) questions: Questions,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) decoder: Decoder,
    /// Documents that had to be cut.
    cut: usize,
    /// Numbers of the terms in the digests.
    terms: Interner,
    /// What every document gave, in order: the next version of the library takes over what did not change.
    digests: Vec<Arc<Digest>>,
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
    pub(crate) pairs: Arc<[Pair]>,
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
    pub(crate) fn terms(&self, text: &str) -> Terms {
        Terms::of(self.segmenter, &self.normaliser.normalise(text))
    }
}

/// Documents cut at once before their terms get numbers: as few as keep all cores busy, since terms are large.
const BATCH: usize = 256;

impl Catalog {
    pub(crate) fn new(library: &Library, reader: Reader<'_>) -> Self {
        Self::of(library, reader, Interner::default(), &HashMap::new())
    }

    /// The catalog of `library`, with what is known of documents that did not change.
    pub(crate) fn renewed(&self, library: &Library, reader: Reader<'_>) -> Self {
        let known = self.digests.iter().map(|digest| (digest.key, Arc::clone(digest))).collect();
        Self::of(library, reader, self.terms.clone(), &known)
    }

    fn of(
        library: &Library,
        reader: Reader<'_>,
        mut terms: Interner,
        known: &HashMap<u64, Arc<Digest>>,
    ) -> Self {
        let documents = library.documents();
        let mut digests: Vec<Option<Arc<Digest>>> =
            documents.iter().map(|document| known.get(&key_of(document)).cloned()).collect();
        let missing: Vec<usize> = (0..digests.len()).filter(|at| digests[*at].is_none()).collect();
        for batch in missing.chunks(BATCH) {
            let cut = |at: &usize| (*at, Cut::of(*at, &documents[*at], reader));
            let cuts: Vec<(usize, Cut)> = batch.par_iter().map(cut).collect();
            for (at, cut) in cuts {
                digests[at] = Some(Arc::new(cut.digest(&mut terms)));
            }
        }
        let mut catalog = Self {
            entries: Vec::new(),
            words: Vec::new(),
            pairs: Vec::new(),
            things: Vec::new(),
            profiles: Vec::new(),
            questions: Questions::default(),
            vocabulary: Vocabulary::new(&library.lexicon, reader.normaliser),
            decoder: Decoder::default(),
            cut: missing.len(),
            terms,
            digests: digests.into_iter().flatten().collect(),
        };
        for document in 0..catalog.digests.len() {
            catalog.take(document, &Arc::clone(&catalog.digests[document]));
        }
        catalog.settle(reader.segmenter);
        catalog
    }

    fn take(&mut self, document: usize, digest: &Digest) {
        let start = self.entries.len();
        let lead = self.vocabulary.learn(&digest.lead, &self.terms);
        let title = self.vocabulary.learn(&digest.title.words, &self.terms);
        let mut words = lead.clone();
        self.ask(Owner { document, role: Role::Title }, &digest.title);
        for question in &digest.questions {
            self.ask(Owner { document, role: Role::Question }, question);
        }
        for held in &digest.entries {
            self.ask(Owner { document, role: Role::Heading(self.entries.len()) }, &held.heading);
            let own_words = self.vocabulary.learn(&held.words, &self.terms);
            words.extend_from_slice(&own_words);
            self.things.push(held.things);
            self.entries.push(Entry { document, ..held.entry.clone() });
            self.words.push(own_words);
            self.pairs.push(Arc::clone(&held.pairs));
        }
        words.sort_unstable();
        words.dedup();
        self.vocabulary.count_document(&words);
        self.profiles.push(Profile {
            lead,
            title,
            words,
            pairs: Arc::clone(&digest.lead_pairs),
            years: digest.years.clone(),
            urgency: digest.urgency,
            kind: digest.kind,
            lang: digest.lang,
            entries: start..self.entries.len(),
        });
    }

    fn ask(&mut self, owner: Owner, numbered: &Numbered) {
        let words = self.vocabulary.learn(&numbered.words, &self.terms);
        self.questions.add(owner, &words, numbered);
    }

    fn settle(&mut self, segmenter: &Segmenter) {
        self.vocabulary.settle(segmenter);
        let vocabulary = &self.vocabulary;
        self.questions.settle(|word| vocabulary.weight_of(word), &self.terms);
        let pairs: HashSet<Pair> =
            self.pairs.iter().flat_map(|pairs| pairs.iter().copied()).collect();
        self.decoder = Decoder::new(self.vocabulary.held(), pairs, segmenter);
    }

    /// Documents that were cut for this catalog; the others were known.
    pub(crate) fn cut(&self) -> usize {
        self.cut
    }

    /// What the index shall hold: the key of every document with its passages.
    pub(crate) fn shelf(&self) -> Vec<(u64, std::ops::Range<usize>)> {
        let keys = self.digests.iter().map(|digest| digest.key);
        keys.zip(self.profiles.iter().map(|profile| profile.entries.clone())).collect()
    }

    /// Terms of every entry for the index, in order.
    pub(crate) fn passage_terms<'a>(
        &'a self,
        library: &'a Library,
        reader: Reader<'a>,
    ) -> impl Iterator<Item = [Terms; 2]> + 'a {
        (0..self.entries.len()).map(move |entry| self.entry_terms(entry, library, reader))
    }

    /// Terms of one entry for the index.
    pub(crate) fn entry_terms(
        &self,
        entry: usize,
        library: &Library,
        reader: Reader<'_>,
    ) -> [Terms; 2] {
        let entry = &self.entries[entry];
        let title = &library.documents()[entry.document].meta.title;
        let head = if *entry.heading == **title {
            title.clone()
        } else {
            format!("{title}\n{}", entry.heading)
        };
        [reader.terms(&head), reader.terms(&format!("{}\n{}", entry.text, entry.extra))]
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
