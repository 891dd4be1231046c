//! The vectors of one library: what is known is there at once, the rest is encoded in the background and kept in a file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use fenghuo_content::Library;
use rayon::prelude::*;

use super::known::{KEY, key};
use super::{Encoder, Known, Spot, Text, Vector, Vectors, texts};

/// Texts encoded before a dropped library is noticed.
const BATCH: usize = 256;

/// Texts encoded before they are written down, so that a restart does not begin anew.
const KEPT_EVERY: usize = 32 * BATCH;

/// Texts that are encoded at once when a library changes a little, and not written down each time.
const FEW: usize = 128;

/// The meaning of all texts of a library; complete at once or, in the background, later.
#[derive(Debug)]
pub struct Meaning {
    encoder: Arc<Encoder>,
    spots: Vec<Spot>,
    vectors: OnceLock<Vectors>,
    done: AtomicUsize,
    /// Keys of the texts, for the next version of the library.
    keys: Vec<[u8; KEY]>,
    /// Vectors that no file holds yet.
    unsaved: usize,
}

/// How far the background has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Vectors that are there.
    pub done: usize,
    /// Texts that shall have one.
    pub total: usize,
}

/// A text near to a question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    /// Where it stands.
    pub spot: Spot,
    /// How near: 1 for the same.
    pub cosine: f32,
}

/// What the background works on.
struct Task {
    meaning: Weak<Meaning>,
    texts: Vec<Text>,
    vectors: Vectors,
    missing: Vec<usize>,
    file: Option<PathBuf>,
}

impl Meaning {
    /// The meaning of `library`. Vectors are taken from `known`, then from the cache in `folder` (made when missing);
    /// what is still missing is encoded by a thread that ends when the result is dropped, and written to the cache.
    pub fn start(
        library: &Library,
        encoder: &Arc<Encoder>,
        known: &[Known],
        folder: Option<&Path>,
    ) -> Arc<Self> {
        let texts = texts(library);
        let file = folder.map(|folder| file_name(folder, encoder));
        let cached = file.as_deref().and_then(read);
        let keys: Vec<[u8; KEY]> = texts.par_iter().map(|text| key(&text.text)).collect();
        let known: Vec<&Known> =
            known.iter().chain(&cached).filter(|known| known.is_of(encoder)).collect();
        let (vectors, missing) =
            look_up(&keys, |key| known.iter().find_map(|known| known.vector_of(key)));
        let meaning = Arc::new(Self::blank(encoder, &texts, keys, (missing.len(), 0)));
        if missing.is_empty() {
            meaning.complete(vectors);
        } else {
            let task = Task { meaning: Arc::downgrade(&meaning), texts, vectors, missing, file };
            std::thread::spawn(|| task.run());
        }
        meaning
    }

    /// The meaning of the next version of the library. Vectors of texts that did not change are taken over; a few new
    /// ones are encoded at once, so that nobody waits for the rest of them. As [`Meaning::start`] where that is not
    /// enough.
    pub fn renewed(
        self: &Arc<Self>,
        library: &Library,
        known: &[Known],
        folder: Option<&Path>,
    ) -> Arc<Self> {
        let Some(own) = self.vectors() else {
            return Self::start(library, &self.encoder, known, folder);
        };
        let places: HashMap<&[u8; KEY], usize> = self.keys.iter().zip(0..).collect();
        let taken = |place: &usize| own.get(*place).map(|values| Vector::of(*values));
        let texts = texts(library);
        let keys: Vec<[u8; KEY]> = texts.par_iter().map(|text| key(&text.text)).collect();
        let (mut vectors, missing) = look_up(&keys, |key| places.get(key).and_then(taken));
        let unsaved = self.unsaved + missing.len();
        if unsaved > FEW {
            return Self::start(library, &self.encoder, known, folder);
        }
        let encode = |place: &usize| (*place, self.encoder.encode(&texts[*place].text));
        let encoded: Vec<(usize, Vector)> = missing.par_iter().map(encode).collect();
        encoded.iter().for_each(|(place, vector)| vectors.set(*place, vector));
        let meaning = Arc::new(Self::blank(&self.encoder, &texts, keys, (0, unsaved)));
        meaning.complete(vectors);
        meaning
    }

    fn blank(
        encoder: &Arc<Encoder>,
        texts: &[Text],
        keys: Vec<[u8; KEY]>,
        (missing, unsaved): (usize, usize),
    ) -> Self {
        Self {
            encoder: Arc::clone(encoder),
            spots: texts.iter().map(|text| text.spot).collect(),
            vectors: OnceLock::new(),
            done: AtomicUsize::new(texts.len() - missing),
            keys,
            unsaved,
        }
    }

    /// How many vectors are there, and how many shall be.
    pub fn progress(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Acquire), total: self.spots.len() }
    }

    /// The encoder behind it.
    pub fn encoder(&self) -> &Encoder {
        &self.encoder
    }

    /// All vectors in the order of [`Meaning::spots`], once the last is there.
    pub fn vectors(&self) -> Option<&Vectors> {
        self.vectors.get()
    }

    /// All vectors, when the last is there; waits for it.
    pub fn wait(&self) -> &Vectors {
        self.vectors.wait()
    }

    /// Where the texts stand; the order is that of [`texts`].
    pub fn spots(&self) -> &[Spot] {
        &self.spots
    }

    /// The `k` texts nearest to `question`, best first; `None` until all vectors are there.
    pub fn nearest(&self, question: &Vector, k: usize) -> Option<Vec<Near>> {
        let near = self.vectors()?.nearest(question, k).into_iter();
        Some(near.map(|(index, cosine)| Near { spot: self.spots[index], cosine }).collect())
    }

    fn complete(&self, vectors: Vectors) {
        // Only one caller has all of them, so nothing is lost when it is set already.
        let _ = self.vectors.set(vectors);
    }
}

impl Task {
    fn run(mut self) {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads()).build();
        let missing = std::mem::take(&mut self.missing);
        for kept in missing.chunks(KEPT_EVERY) {
            for batch in kept.chunks(BATCH) {
                let Some(meaning) = self.meaning.upgrade() else { return };
                match &pool {
                    Ok(pool) => pool.install(|| self.encode(&meaning.encoder, batch)),
                    // No threads of its own: those that all share will do.
                    Err(_) => self.encode(&meaning.encoder, batch),
                }
                meaning.done.fetch_add(batch.len(), Ordering::AcqRel);
            }
            if let Some(meaning) = self.meaning.upgrade() {
                self.write(&meaning.encoder);
            }
        }
        if let Some(meaning) = self.meaning.upgrade() {
            tracing::info!(texts = self.texts.len(), encoded = missing.len(), "meaning is ready");
            meaning.complete(self.vectors);
        }
    }

    fn encode(&mut self, encoder: &Encoder, batch: &[usize]) {
        let texts = &self.texts;
        let vectors: Vec<Vector> =
            batch.par_iter().map(|index| encoder.encode(&texts[*index].text)).collect();
        for (index, vector) in batch.iter().zip(&vectors) {
            self.vectors.set(*index, vector);
        }
    }

    /// Writes what there is beside the file and renames it, so that a reader never sees half of it.
    fn write(&self, encoder: &Encoder) {
        let Some(file) = &self.file else { return };
        let texts = self.texts.iter().map(|text| text.text.as_str());
        let known = Known::of(encoder, texts, &self.vectors);
        if let Err(error) = replace(file, &known) {
            tracing::warn!(file = %file.display(), %error, "vectors cannot be kept; they are encoded again next time");
        }
    }
}

/// The vectors that are known, and the places of those that are not.
fn look_up(
    keys: &[[u8; KEY]],
    known: impl Fn(&[u8; KEY]) -> Option<Vector>,
) -> (Vectors, Vec<usize>) {
    let mut vectors = Vectors::blank(keys.len());
    let mut missing = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        match known(key) {
            Some(vector) => vectors.set(index, &vector),
            None => missing.push(index),
        }
    }
    (vectors, missing)
}

fn replace(file: &Path, known: &Known) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let part = file.with_extension("part");
    known.write(std::fs::File::create(&part)?)?;
    std::fs::rename(&part, file)
}

/// Half of the processors: answers go first.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |all| all.get().div_ceil(2))
}

fn file_name(folder: &Path, encoder: &Encoder) -> PathBuf {
    let model: String = encoder.hash()[..6].iter().map(|byte| format!("{byte:02x}")).collect();
    folder.join(format!("vectors-{model}.bin"))
}

/// The cache; one that is missing or damaged is made anew.
fn read(file: &Path) -> Option<Known> {
    let bytes = std::fs::read(file).ok()?;
    let known = Known::from_bytes(bytes);
    if let Err(error) = &known {
        tracing::warn!(file = %file.display(), %error, "the kept vectors are left aside");
    }
    known.ok()
}
