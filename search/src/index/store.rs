//! The tantivy side: schema, building in memory or on disk, and looking up weighted terms.

use std::path::Path;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{DocId, IndexReader, ReloadPolicy, Score, SegmentReader, TantivyDocument, Term};

use crate::Error;
use crate::analysis::Terms;
use crate::rank::LookUpWeights;

/// Changes whenever what is written changes: old folders are then rebuilt.
const FORMAT: u32 = 2;

/// Memory of the writer; tantivy's least is 15 MB.
const WRITER_BYTES: usize = 32_000_000;

/// Parts of a passage: its heading with the title of its document, and its text. Questions are compared one by one
/// elsewhere ([`super::Questions`]).
const PARTS: [&str; 2] = ["head", "body"];

/// How a term was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    Words,
    Bigrams,
    Pinyin,
}

const VIEWS: [View; 3] = [View::Words, View::Bigrams, View::Pinyin];

/// A passage with tantivy's score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored {
    pub(crate) entry: usize,
    pub(crate) score: f32,
}

/// An open index.
pub(crate) struct Index {
    reader: IndexReader,
    fields: Fields,
}

#[derive(Clone, Copy)]
struct Fields {
    /// By part and view.
    text: [[Field; 3]; 2],
    /// Place of the passage in the catalog.
    entry: Field,
}

/// Terms of one passage by part, in the order of [`PARTS`].
pub(crate) type PassageTerms = [Terms; 2];

fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let text = PARTS.map(|part| {
        VIEWS.map(|view| {
            builder.add_text_field(&format!("{part}_{view:?}").to_lowercase(), options.clone())
        })
    });
    let entry = builder.add_u64_field("entry", FAST);
    (builder.build(), Fields { text, entry })
}

impl Index {
    /// Builds the index in memory.
    pub(crate) fn in_memory(passages: impl Iterator<Item = PassageTerms>) -> Result<Self, Error> {
        let (schema, fields) = schema();
        let index = tantivy::Index::create_in_ram(schema);
        fill(&index, fields, passages)?;
        Self::read(&index, fields)
    }

    /// Opens the index of the library `hash` below `dir`, or builds it there; indexes of other libraries are removed.
    pub(crate) fn on_disk<I: Iterator<Item = PassageTerms>>(
        dir: &Path,
        hash: &str,
        count: usize,
        passages: impl Fn() -> I,
    ) -> Result<Self, Error> {
        let name = format!("{FORMAT}-{}", hash.get(..16).unwrap_or(hash));
        let home = dir.join(&name);
        if let Some(index) = Self::open(&home, count) {
            return Ok(index);
        }
        let fault = |source| Error::Folder { path: dir.to_owned(), source };
        std::fs::create_dir_all(dir).map_err(fault)?;
        // Built aside and moved into place, so that a half-written index is never opened.
        let aside = dir.join(format!("{name}.new-{}", std::process::id()));
        clear(&aside).map_err(fault)?;
        std::fs::create_dir_all(&aside).map_err(fault)?;
        Self::write(&aside, passages())?;
        clear(&home).map_err(fault)?;
        std::fs::rename(&aside, &home).map_err(fault)?;
        remove_others(dir, &name);
        match Self::open(&home, count) {
            Some(index) => Ok(index),
            None => Self::in_memory(passages()),
        }
    }

    /// Opens the index in `dir`, if it is whole and holds `count` passages.
    fn open(dir: &Path, count: usize) -> Option<Self> {
        let (schema, fields) = schema();
        let index =
            tantivy::Index::open_in_dir(dir).ok().filter(|index| index.schema() == schema)?;
        let sound = index.validate_checksum().is_ok_and(|damaged| damaged.is_empty());
        let opened = Self::read(&index, fields).ok().filter(|_| sound)?;
        let held = opened.reader.searcher().num_docs();
        (held == count as u64).then_some(opened)
    }

    /// Writes the index to the empty folder `dir`.
    fn write(dir: &Path, passages: impl Iterator<Item = PassageTerms>) -> Result<(), Error> {
        let (schema, fields) = schema();
        let index = tantivy::Index::create_in_dir(dir, schema)?;
        fill(&index, fields, passages)
    }

    fn read(index: &tantivy::Index, fields: Fields) -> Result<Self, Error> {
        // The index never changes: a new library makes a new one.
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { reader, fields })
    }

    /// The `limit` best passages for weighted terms.
    pub(crate) fn look_up(
        &self,
        terms: &[(View, &str, f32)],
        weights: &LookUpWeights,
        limit: usize,
    ) -> Vec<Scored> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> =
            Vec::with_capacity(terms.len() * PARTS.len());
        for (view, term, weight) in terms {
            for (part, weights) in self.fields.text.iter().zip([&weights.head, &weights.body]) {
                let view = *view as usize;
                let query = TermQuery::new(
                    Term::from_field_text(part[view], term),
                    IndexRecordOption::WithFreqs,
                );
                clauses.push((
                    Occur::Should,
                    Box::new(BoostQuery::new(Box::new(query), weight * weights[view])),
                ));
            }
        }
        if clauses.is_empty() || limit == 0 {
            return Vec::new();
        }
        self.run(&BooleanQuery::new(clauses), limit).unwrap_or_else(|error| {
            tracing::error!(%error, "the index cannot be searched");
            Vec::new()
        })
    }

    fn run(&self, query: &BooleanQuery, limit: usize) -> tantivy::Result<Vec<Scored>> {
        let searcher = self.reader.searcher();
        // Pruning (block-max WAND) costs more than it saves: a question has a hundred clauses, a library a few
        // thousand passages. A tweaked score switches it off.
        let unpruned = TopDocs::with_limit(limit)
            .tweak_score(|_: &SegmentReader| |_: DocId, score: Score| score);
        let top = searcher.search(query, &unpruned)?;
        let columns = searcher
            .segment_readers()
            .iter()
            .map(|segment| segment.fast_fields().u64("entry"))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let entry_of = |address: tantivy::DocAddress| {
            columns[address.segment_ord as usize].first(address.doc_id).unwrap_or(0) as usize
        };
        Ok(top
            .into_iter()
            .map(|(score, address)| Scored { entry: entry_of(address), score })
            .collect())
    }
}

fn clear(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes indexes of earlier libraries; what cannot be removed is left for the next time.
fn remove_others(dir: &Path, keep: &str) {
    let Ok(folders) = std::fs::read_dir(dir) else { return };
    for folder in folders.flatten().filter(|folder| folder.file_name() != keep) {
        let old = folder.file_name().to_string_lossy().starts_with(|c: char| c.is_ascii_digit());
        if old && let Err(error) = clear(&folder.path()) {
            tracing::warn!(%error, "an old index cannot be removed");
        }
    }
}

fn fill(
    index: &tantivy::Index,
    fields: Fields,
    passages: impl Iterator<Item = PassageTerms>,
) -> Result<(), Error> {
    let mut writer = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for (entry, parts) in passages.enumerate() {
        writer.add_document(document(fields, entry, parts))?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

fn document(fields: Fields, entry: usize, parts: PassageTerms) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_u64(fields.entry, entry as u64);
    for (part, terms) in fields.text.into_iter().zip(parts) {
        for (field, view) in part.into_iter().zip([terms.words, terms.bigrams, terms.pinyin]) {
            document.add_pre_tokenized_text(field, pre_tokenized(view));
        }
    }
    document
}

fn pre_tokenized(terms: Vec<String>) -> PreTokenizedString {
    let token = |(position, text): (usize, String)| Token { position, text, ..Token::default() };
    PreTokenizedString {
        text: String::new(),
        tokens: terms.into_iter().enumerate().map(token).collect(),
    }
}
