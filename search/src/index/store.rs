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

/// Passages that the terms of one question may name altogether. A library of a county stays far below it; beyond, the
/// commonest terms, which tell least, are left out, so that a question takes no longer in a library of any size.
const MOST_POSTINGS: u64 = 150_000;

/// Rarest terms that are looked up whatever they cost.
const LEAST_CLAUSES: usize = 6;

/// A term that is to be looked up, with how many passages hold it.
struct Clause {
    term: Term,
    held: u64,
    weight: f32,
}

/// The rarest of `clauses`, as many as name no more than `most` passages; those that none holds are left out.
fn affordable(mut clauses: Vec<Clause>, most: u64) -> Vec<Clause> {
    clauses.retain(|clause| clause.held > 0);
    clauses.sort_by_key(|clause| clause.held);
    let mut cost = 0;
    let paid = clauses.iter().take_while(|clause| {
        cost += clause.held;
        cost <= most
    });
    let count = paid.count().max(LEAST_CLAUSES);
    clauses.truncate(count);
    clauses
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
        let searcher = self.reader.searcher();
        let mut clauses: Vec<Clause> = Vec::with_capacity(terms.len() * PARTS.len());
        for (view, term, weight) in terms {
            for (part, weights) in self.fields.text.iter().zip([&weights.head, &weights.body]) {
                let view = *view as usize;
                let term = Term::from_field_text(part[view], term);
                let held = searcher.doc_freq(&term).unwrap_or(0);
                clauses.push(Clause { term, held, weight: weight * weights[view] });
            }
        }
        let clauses: Vec<(Occur, Box<dyn Query>)> = affordable(clauses, MOST_POSTINGS)
            .into_iter()
            .map(|clause| {
                let query = TermQuery::new(clause.term, IndexRecordOption::WithFreqs);
                let boosted: Box<dyn Query> =
                    Box::new(BoostQuery::new(Box::new(query), clause.weight));
                (Occur::Should, boosted)
            })
            .collect();
        if clauses.is_empty() || limit == 0 {
            return Vec::new();
        }
        self.run(&BooleanQuery::new(clauses), limit).unwrap_or_else(|error| {
            tracing::error!(%error, "the index cannot be searched");
            Vec::new()
        })
    }

    /// What a pair of characters tells, by how few texts hold it.
    pub(crate) fn rarity(&self, pair: &str) -> f32 {
        let searcher = self.reader.searcher();
        let field = self.fields.text[1][View::Bigrams as usize];
        let held = searcher.doc_freq(&Term::from_field_text(field, pair)).unwrap_or(0) as f32;
        ((searcher.num_docs() as f32 - held + 0.5).max(0.5) / (held + 0.5)).ln_1p()
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

#[cfg(test)]
mod tests {
    use tantivy::Term;
    use tantivy::schema::Field;

    use super::{Clause, affordable};

    fn check(held: &[u64], most: u64, kept: &[u64]) {
        let clause = |held: &u64| Clause {
            term: Term::from_field_text(Field::from_field_id(0), "火"),
            held: *held,
            weight: 1.0,
        };
        let left = affordable(held.iter().map(clause).collect(), most);
        assert_eq!(left.iter().map(|clause| clause.held).collect::<Vec<_>>(), kept);
    }

    #[test]
    fn the_commonest_terms_are_left_out_where_all_cost_too_much() {
        check(&[900, 3, 0, 2, 5, 1, 4, 6, 7], 1_000, &[1, 2, 3, 4, 5, 6, 7, 900]);
        check(&[900, 3, 0, 2, 5, 1, 4, 6, 7], 500, &[1, 2, 3, 4, 5, 6, 7]);
        check(&[90, 80, 70, 60, 50, 40, 30], 10, &[30, 40, 50, 60, 70, 80]);
        check(&[0], 10, &[]);
    }
}
