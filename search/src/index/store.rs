//! The tantivy side: schema, and looking up weighted terms. How an index gets its passages: [`shelf`](super::shelf).

use std::collections::HashMap;
use std::ops::Range;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token};
use tantivy::{DocId, IndexReader, ReloadPolicy, Score, SegmentReader, TantivyDocument, Term};

use crate::Error;
use crate::analysis::Terms;
use crate::rank::LookUpWeights;

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

/// Passages of one field that are looked through for an explanation.
const EXPLAINED: usize = 2_000;

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

/// An open index. What it shows stands still; the next version of the library makes another one on the same files.
pub(crate) struct Index {
    pub(super) files: tantivy::Index,
    reader: IndexReader,
    pub(super) fields: Fields,
    /// First entry of a document, by its key.
    places: HashMap<u64, usize>,
}

#[derive(Clone, Copy)]
pub(super) struct Fields {
    /// By part and view.
    pub(super) text: [[Field; 3]; 2],
    /// Key of the document.
    pub(super) key: Field,
    /// Place of the passage in its document.
    pub(super) ordinal: Field,
}

/// Terms of one passage by part, in the order of [`PARTS`].
pub(crate) type PassageTerms = [Terms; 2];

pub(super) fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let indexing = TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqs);
    let options = TextOptions::default().set_indexing_options(indexing);
    let text = PARTS.map(|part| {
        VIEWS.map(|view| {
            builder.add_text_field(&format!("{part}_{view:?}").to_lowercase(), options.clone())
        })
    });
    let key = builder.add_u64_field("key", FAST | INDEXED);
    let ordinal = builder.add_u64_field("ordinal", FAST);
    (builder.build(), Fields { text, key, ordinal })
}

impl Index {
    /// Shows what `files` hold now, which is what stands on `shelf`.
    pub(super) fn read(
        files: tantivy::Index,
        fields: Fields,
        shelf: &[(u64, Range<usize>)],
    ) -> Result<Self, Error> {
        let reader = files.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let places = shelf.iter().map(|(key, entries)| (*key, entries.start)).collect();
        Ok(Self { files, reader, fields, places })
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
                if weights[view] == 0.0 {
                    continue;
                }
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

    /// What each field gives the passages `entries` of the score that [`Index::look_up`] finds, by entry and name.
    pub(crate) fn by_field(
        &self,
        terms: &[(View, &str, f32)],
        weights: &LookUpWeights,
        entries: &[usize],
    ) -> Vec<Vec<(String, f32)>> {
        let mut parts = vec![Vec::new(); entries.len()];
        for (part, name) in PARTS.iter().enumerate() {
            for view in VIEWS {
                let mut only = LookUpWeights { head: [0.0; 3], body: [0.0; 3], ..weights.clone() };
                let at = view as usize;
                if part == 0 {
                    only.head[at] = weights.head[at];
                } else {
                    only.body[at] = weights.body[at];
                }
                let own: Vec<_> = terms.iter().filter(|(of, ..)| *of == view).copied().collect();
                let found = self.look_up(&own, &only, EXPLAINED);
                for (entry, parts) in entries.iter().zip(&mut parts) {
                    let score = found.iter().find(|scored| scored.entry == *entry);
                    let score = score.map_or(0.0, |scored| scored.score);
                    if score > 0.0 {
                        parts.push((format!("{name} {view:?}").to_lowercase(), score));
                    }
                }
            }
        }
        parts
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
        let column = |name: &str| {
            let segments = searcher.segment_readers().iter();
            segments
                .map(|segment| segment.fast_fields().u64(name))
                .collect::<tantivy::Result<Vec<_>>>()
        };
        let (keys, ordinals) = (column("key")?, column("ordinal")?);
        let entry_of = |address: tantivy::DocAddress| {
            let segment = address.segment_ord as usize;
            let first = self.places.get(&keys[segment].first(address.doc_id)?)?;
            Some(first + usize::try_from(ordinals[segment].first(address.doc_id)?).ok()?)
        };
        let scored = |(score, address)| Some(Scored { entry: entry_of(address)?, score });
        Ok(top.into_iter().filter_map(scored).collect())
    }
}

/// The passage at `ordinal` of the document `key`, as it is indexed.
pub(super) fn document(
    fields: Fields,
    key: u64,
    ordinal: usize,
    parts: PassageTerms,
) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_u64(fields.key, key);
    document.add_u64(fields.ordinal, ordinal as u64);
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
