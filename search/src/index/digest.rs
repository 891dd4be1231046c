//! Digests: what one document gives the catalog, cut once and kept as long as its file does not change.

use std::sync::Arc;

use fenghuo_content::kind::Urgency;
use fenghuo_content::{Content, Document, Kind, Lang};

use super::catalog::{Pair, Reader, pairs};
use super::entry::Entry;
use super::interner::{Interner, Numbered, TermId};
use crate::analysis::Terms;
use crate::query::years;
use crate::rank::Things;

/// A document as the catalog takes it in.
#[derive(Debug)]
pub(crate) struct Digest {
    /// Key of the file it was made from.
    pub(crate) key: u64,
    pub(crate) entries: Vec<EntryDigest>,
    /// Words of title, summary and questions.
    pub(crate) lead: Box<[TermId]>,
    pub(crate) lead_pairs: Arc<[Pair]>,
    pub(crate) title: Numbered,
    pub(crate) questions: Vec<Numbered>,
    pub(crate) years: Vec<String>,
    pub(crate) urgency: Urgency,
    pub(crate) kind: Kind,
    pub(crate) lang: Lang,
}

/// A passage as the catalog takes it in.
#[derive(Debug)]
pub(crate) struct EntryDigest {
    pub(crate) entry: Entry,
    /// Words of heading, text and extra.
    pub(crate) words: Box<[TermId]>,
    pub(crate) pairs: Arc<[Pair]>,
    pub(crate) things: Things,
    pub(crate) heading: Numbered,
}

/// A document cut into terms that have no numbers yet, so that many can be cut at once.
pub(crate) struct Cut {
    key: u64,
    entries: Vec<(Entry, Terms, Terms)>,
    lead: Terms,
    title: Terms,
    questions: Vec<Terms>,
    years: Vec<String>,
    urgency: Urgency,
    kind: Kind,
    lang: Lang,
}

/// Key of a document: the same as long as neither its file nor its place changes.
pub(crate) fn key_of(document: &Document) -> u64 {
    let bytes = document.path.bytes().chain([0]).chain(document.hash.bytes());
    // FNV-1a, which is the same on every machine and in every version.
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

impl Cut {
    /// `document`, whose place in the library is `place`.
    pub(crate) fn of(place: usize, document: &Document, reader: Reader<'_>) -> Self {
        let meta = &document.meta;
        let questions = document.questions();
        let lead = format!("{}\n{}\n{}", meta.title, meta.summary, questions.join("\n"));
        let cut = |entry: Entry| {
            let own = reader.terms(&format!("{}\n{}\n{}", entry.heading, entry.text, entry.extra));
            let heading = reader.terms(&entry.heading);
            (entry, own, heading)
        };
        let urgency = match &document.content {
            Content::Knowledge(knowledge) => knowledge.urgency,
            Content::Guide(_) => Urgency::Now,
            _ => Urgency::Learn,
        };
        Self {
            key: key_of(document),
            entries: Entry::of(place, document).into_iter().map(cut).collect(),
            lead: reader.terms(&lead),
            title: reader.terms(&meta.title),
            questions: questions.iter().map(|question| reader.terms(question)).collect(),
            years: years(&meta.title),
            urgency,
            kind: document.kind(),
            lang: document.lang,
        }
    }

    /// The same with numbers for terms.
    pub(crate) fn digest(self, terms: &mut Interner) -> Digest {
        let entries = self.entries.into_iter().map(|(entry, own, heading)| EntryDigest {
            words: terms.distinct(&own.words),
            pairs: pairs(&own.bigrams).into(),
            things: Things::held(&entry.text).union(Things::held(&entry.extra)),
            heading: terms.numbered(&heading),
            entry,
        });
        Digest {
            key: self.key,
            entries: entries.collect(),
            lead: terms.distinct(&self.lead.words),
            lead_pairs: pairs(&self.lead.bigrams).into(),
            title: terms.numbered(&self.title),
            questions: self.questions.iter().map(|question| terms.numbered(question)).collect(),
            years: self.years,
            urgency: self.urgency,
            kind: self.kind,
            lang: self.lang,
        }
    }
}
