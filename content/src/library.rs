//! The library as a whole: documents by id and kind, taxonomies, place, lexicon, media.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::kind::Progress;
use crate::{
    Audience, Content, Document, DocumentId, Documents, Kind, Lang, Lexicon, Place, Region,
    Regions, Topic,
};

/// Everything one folder of Markdown says, drafts left out.
#[derive(Clone, Debug, Default)]
pub struct Library {
    /// County, hotlines, operator.
    pub place: Place,
    /// Region tree.
    pub regions: Regions,
    /// Topics in order.
    pub topics: Vec<Topic>,
    /// Audiences in file order.
    pub audiences: Vec<Audience>,
    /// Words, synonyms, danger triggers.
    pub lexicon: Lexicon,
    /// Drawings by path (`media/…`).
    pub media: BTreeMap<String, Media>,
    /// SHA-256 over the path and the SHA-256 of every file, as hex: names index, caches and `/readyz`.
    pub hash: String,
    documents: Documents,
    by_id: HashMap<(String, Lang), usize>,
    aliases: BTreeMap<String, String>,
}

/// A drawing.
#[derive(Clone, Debug)]
pub struct Media {
    /// `image/svg+xml` or `image/png`.
    pub mime: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl Library {
    /// Puts `documents` in order of id and language and indexes them.
    pub(crate) fn with_documents(mut self, documents: Vec<Arc<Document>>) -> Self {
        let documents = Documents::sorted(documents);
        self.by_id = documents
            .iter()
            .enumerate()
            .map(|(i, document)| ((document.id.as_str().to_owned(), document.lang), i))
            .collect();
        self.aliases = documents
            .iter()
            .flat_map(|document| {
                document.meta.aliases.iter().map(|alias| (alias.clone(), document.address()))
            })
            .collect();
        self.documents = documents;
        self
    }

    /// The same with confirmed figures on its boards, by id; `None` where they stand there already.
    #[must_use]
    pub fn with_figures(&self, figures: &BTreeMap<String, Vec<Progress>>) -> Option<Self> {
        let mut changed = false;
        let documents = self.documents.shared().iter().map(|document| {
            let Content::Board(board) = &document.content else { return document.clone() };
            let new = figures.get(document.id.as_str()).and_then(|rows| board.with_figures(rows));
            let Some(new) = new else { return document.clone() };
            changed = true;
            Arc::new(Document { content: Content::Board(new), ..Document::clone(document) })
        });
        let documents = documents.collect();
        changed.then(|| self.clone().with_documents(documents))
    }

    /// The same without drafts, which are checked but never published.
    pub(crate) fn without_drafts(self) -> Self {
        if self.documents.iter().all(|document| !document.meta.draft) {
            return self;
        }
        let published = self.documents.shared().iter().filter(|d| !d.meta.draft);
        let published = published.cloned().collect();
        self.with_documents(published)
    }

    /// All documents of all languages, in order of id.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// Chinese documents of one kind, in order of id.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(move |d| d.kind() == kind && d.lang == Lang::Zh)
    }

    /// The Chinese document `id`.
    pub fn find(&self, id: &str) -> Option<&Document> {
        self.find_in(id, Lang::Zh)
    }

    /// The document `id` in `lang`.
    pub fn find_in(&self, id: &str, lang: Lang) -> Option<&Document> {
        self.by_id.get(&(id.to_owned(), lang)).map(|i| &self.documents[*i])
    }

    /// The document `id` in `lang`, else in Chinese.
    pub fn document(&self, id: &DocumentId, lang: Lang) -> Option<&Document> {
        self.find_in(id.as_str(), lang).or_else(|| self.find(id.as_str()))
    }

    /// Old addresses and the address each redirects to.
    pub fn aliases(&self) -> &BTreeMap<String, String> {
        &self.aliases
    }

    /// The topic `id`.
    pub fn topic(&self, id: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == id)
    }

    /// The audience `id`.
    pub fn audience(&self, id: &str) -> Option<&Audience> {
        self.audiences.iter().find(|audience| audience.id == id)
    }

    /// The county.
    pub fn county(&self) -> Option<&Region> {
        self.regions.find(&self.place.region)
    }
}
