//! How an index gets its passages: what changed since the last time is taken out and put in, in memory or on disk.
//!
//! Documents are known by the hash of their file. An index on disk belongs to one way of cutting texts; its folder is
//! opened by memory map and may be deleted at any time. Who asks meanwhile sees what stood there before.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use tantivy::{IndexWriter, TantivyDocument, Term};

use super::store::{Fields, Index, PassageTerms, document, schema};
use crate::Error;

/// Changes whenever what is written changes: old folders are then removed.
const FORMAT: u32 = 3;

/// Memory of the writer; tantivy's least is 15 MB.
const WRITER_BYTES: usize = 32_000_000;

/// Passages cut at once, on all cores.
const BATCH: usize = 512;

/// Of so many passages one may be a deleted one: statistics count those too until segments are merged.
const MOST_DELETED: u32 = 20;

/// What an index shall hold.
pub(crate) struct Shelf<'a> {
    /// Every document by key, with its entries.
    pub(crate) documents: Vec<(u64, Range<usize>)>,
    /// Terms of an entry.
    pub(crate) terms: &'a (dyn Fn(usize) -> PassageTerms + Sync),
}

impl Shelf<'_> {
    fn passages(&self) -> usize {
        self.documents.iter().map(|(_, entries)| entries.len()).sum()
    }
}

/// Keys to take out, and documents to put in.
struct Change<'a> {
    stale: Vec<u64>,
    missing: Vec<&'a (u64, Range<usize>)>,
}

impl Index {
    /// Builds the index in memory.
    pub(crate) fn in_memory(shelf: &Shelf<'_>) -> Result<Self, Error> {
        let (schema, fields) = schema();
        let files = tantivy::Index::create_in_ram(schema);
        bring_up(&files, fields, shelf)?;
        Self::read(files, fields, &shelf.documents)
    }

    /// Opens the index below `dir` of texts cut in the way `cutting` names, and brings it up to date; builds it where
    /// there is none or a broken one. Where another process writes to it, this one keeps its own in memory.
    pub(crate) fn on_disk(dir: &Path, cutting: u64, shelf: &Shelf<'_>) -> Result<Self, Error> {
        let name = format!("{FORMAT}-{cutting:016x}");
        let home = dir.join(&name);
        if let Some((files, fields)) = open(&home) {
            match bring_up(&files, fields, shelf) {
                Ok(()) => return Self::read(files, fields, &shelf.documents),
                Err(Error::Index(tantivy::TantivyError::LockFailure(..))) => {
                    tracing::warn!(
                        "another process writes the index; this one keeps its own in memory"
                    );
                    return Self::in_memory(shelf);
                }
                Err(error) => tracing::warn!(%error, "the index is built anew"),
            }
        }
        let fault = |source| Error::Folder { path: dir.to_owned(), source };
        std::fs::create_dir_all(dir).map_err(fault)?;
        // Built aside and moved into place, so that a half-written index is never opened.
        let aside = dir.join(format!("{name}.new-{}", std::process::id()));
        clear(&aside).map_err(fault)?;
        std::fs::create_dir_all(&aside).map_err(fault)?;
        let (schema, fields) = schema();
        bring_up(&tantivy::Index::create_in_dir(&aside, schema)?, fields, shelf)?;
        clear(&home).map_err(fault)?;
        std::fs::rename(&aside, &home).map_err(fault)?;
        remove_others(dir, &name);
        match open(&home) {
            Some((files, fields)) => Self::read(files, fields, &shelf.documents),
            None => Self::in_memory(shelf),
        }
    }

    /// The same index for the next version of the library; this one goes on showing what it shows.
    pub(crate) fn renewed(&self, shelf: &Shelf<'_>) -> Result<Self, Error> {
        bring_up(&self.files, self.fields, shelf)?;
        Self::read(self.files.clone(), self.fields, &shelf.documents)
    }
}

/// The index in `dir`, if it is whole.
fn open(dir: &Path) -> Option<(tantivy::Index, Fields)> {
    let (schema, fields) = schema();
    let files = tantivy::Index::open_in_dir(dir).ok().filter(|index| index.schema() == schema)?;
    let sound = files.validate_checksum().is_ok_and(|damaged| damaged.is_empty());
    sound.then_some((files, fields))
}

/// Takes out of `files` what does not stand on `shelf`, and puts in what is missing; all of it at once or nothing.
fn bring_up(files: &tantivy::Index, fields: Fields, shelf: &Shelf<'_>) -> Result<(), Error> {
    let Change { stale, missing } = change(&held(files)?, shelf);
    if !stale.is_empty() || !missing.is_empty() {
        let mut writer: IndexWriter = files.writer_with_num_threads(1, WRITER_BYTES)?;
        for key in stale {
            writer.delete_term(Term::from_field_u64(fields.key, key));
        }
        let passages = missing.into_iter().flat_map(|(key, entries)| {
            entries.clone().enumerate().map(|(at, entry)| (*key, at, entry))
        });
        put(&writer, fields, shelf, &passages.collect::<Vec<_>>())?;
        writer.commit()?;
        tidy(files, &mut writer)?;
        writer.wait_merging_threads()?;
    }
    let count: u32 = held(files)?.into_values().sum();
    let all = usize::try_from(count).is_ok_and(|count| count == shelf.passages());
    // Who counts otherwise has damaged the files: they are built anew.
    if all {
        Ok(())
    } else {
        Err(tantivy::TantivyError::InternalError("passages are missing".to_owned()).into())
    }
}

fn put(
    writer: &IndexWriter,
    fields: Fields,
    shelf: &Shelf<'_>,
    passages: &[(u64, usize, usize)],
) -> Result<(), Error> {
    for batch in passages.chunks(BATCH) {
        let cut = |(key, at, entry): &(u64, usize, usize)| {
            document(fields, *key, *at, (shelf.terms)(*entry))
        };
        let documents: Vec<TantivyDocument> = batch.par_iter().map(cut).collect();
        for document in documents {
            writer.add_document(document)?;
        }
    }
    Ok(())
}

/// How many passages of each document there are.
fn held(files: &tantivy::Index) -> Result<HashMap<u64, u32>, Error> {
    let reader: tantivy::IndexReader =
        files.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into()?;
    let mut held = HashMap::new();
    for segment in reader.searcher().segment_readers() {
        let keys = segment.fast_fields().u64("key")?;
        for key in segment.doc_ids_alive().filter_map(|passage| keys.first(passage)) {
            *held.entry(key).or_default() += 1;
        }
    }
    Ok(held)
}

fn change<'a>(held: &HashMap<u64, u32>, shelf: &'a Shelf<'_>) -> Change<'a> {
    let whole = |(key, entries): &(u64, Range<usize>)| {
        usize::try_from(held.get(key).copied().unwrap_or(0)).is_ok_and(|n| n == entries.len())
    };
    let kept: HashMap<u64, ()> = shelf
        .documents
        .iter()
        .filter(|document| whole(document))
        .map(|(key, _)| (*key, ()))
        .collect();
    Change {
        stale: held.keys().filter(|key| !kept.contains_key(key)).copied().collect(),
        missing: shelf.documents.iter().filter(|(key, _)| !kept.contains_key(key)).collect(),
    }
}

/// Merges all segments once deleted passages weigh in what is counted, so that answers stay those of a new index.
fn tidy(files: &tantivy::Index, writer: &mut IndexWriter) -> Result<(), Error> {
    let segments = files.searchable_segment_metas()?;
    let deleted: u32 = segments.iter().map(tantivy::SegmentMeta::num_deleted_docs).sum();
    let all: u32 = segments.iter().map(tantivy::SegmentMeta::max_doc).sum();
    if deleted * MOST_DELETED > all {
        let ids: Vec<_> = segments.iter().map(tantivy::SegmentMeta::id).collect();
        writer.merge(&ids).wait()?;
        writer.garbage_collect_files().wait()?;
    }
    Ok(())
}

fn clear(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes indexes of other ways of cutting; what cannot be removed is left for the next time.
fn remove_others(dir: &Path, keep: &str) {
    let Ok(folders) = std::fs::read_dir(dir) else { return };
    for folder in folders.flatten().filter(|folder| folder.file_name() != keep) {
        let old = folder.file_name().to_string_lossy().starts_with(|c: char| c.is_ascii_digit());
        if old && let Err(error) = clear(&folder.path()) {
            tracing::warn!(%error, "an old index cannot be removed");
        }
    }
}
