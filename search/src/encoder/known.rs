//! Vectors that need not be computed again: a file of them by the hash of their text, for one model.

use std::borrow::Cow;
use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::section::{Cursor, Fault, HEAD, check_head};
use super::vector::{DIMENSIONS, Vector};
use super::{Encoder, Vectors};
use crate::Error;

const MAGIC: [u8; 8] = *b"FHVEC001";

/// Bytes of a text's hash, the front of its SHA-256.
pub(super) const KEY: usize = 16;

/// Bytes of one vector with its key.
const RECORD: usize = KEY + DIMENSIONS;

/// The file: magic, SHA-256 of the rest, SHA-256 of the model, then records of hash and vector, ascending by hash.
#[derive(Clone, Debug)]
pub struct Known {
    model: [u8; 32],
    records: Cow<'static, [u8]>,
}

impl Known {
    /// None yet.
    pub fn none(encoder: &Encoder) -> Self {
        Self { model: encoder.hash(), records: Cow::Borrowed(&[]) }
    }

    /// Those of a file; borrowed bytes are not copied.
    ///
    /// # Errors
    /// When it is truncated, damaged, or of another version.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, Error> {
        Self::parse(bytes.into()).map_err(|reason| Error::Vectors { reason })
    }

    fn parse(bytes: Cow<'static, [u8]>) -> Result<Self, Fault> {
        check_head(&bytes, MAGIC)?;
        let model = Cursor::new(&bytes, HEAD).take(32)?;
        let model = model.try_into().map_err(|_| "it ends too early")?;
        let records = match bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[HEAD + 32..]),
            Cow::Owned(mut bytes) => Cow::Owned(bytes.split_off(HEAD + 32)),
        };
        let known = Self { model, records };
        let (records, rest) = known.records.as_chunks::<RECORD>();
        if !rest.is_empty() || !records.is_sorted_by(|a, b| a[..KEY] < b[..KEY]) {
            return Err("its records are cut off or in disorder");
        }
        Ok(known)
    }

    /// Vectors of these texts as far as they are there, to be written; of equal texts one.
    pub fn of<'a>(
        encoder: &Encoder,
        texts: impl IntoIterator<Item = &'a str>,
        vectors: &Vectors,
    ) -> Self {
        let keys = texts.into_iter().enumerate().map(|(index, text)| (key(text), index));
        let mut keys: Vec<([u8; KEY], usize)> =
            keys.filter(|(_, index)| vectors.get(*index).is_some()).collect();
        keys.sort_unstable();
        keys.dedup_by_key(|(key, _)| *key);
        let mut records = Vec::with_capacity(keys.len() * RECORD);
        for (key, index) in keys {
            records.extend_from_slice(&key);
            records.extend(vectors.get(index).into_iter().flatten().map(|v| v.cast_unsigned()));
        }
        Self { model: encoder.hash(), records: Cow::Owned(records) }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When `out` fails.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        let hash = Sha256::new().chain_update(self.model).chain_update(&self.records).finalize();
        for part in [&MAGIC[..], &hash, &self.model, &self.records] {
            out.write_all(part)?;
        }
        out.flush()
    }

    /// Whether the vectors are of this encoder's model; those of another are of no use to it.
    pub fn is_of(&self, encoder: &Encoder) -> bool {
        self.model == encoder.hash()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.records.len() / RECORD
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The vector of `text`, if it is known.
    pub fn vector(&self, text: &str) -> Option<Vector> {
        self.vector_of(&key(text))
    }

    /// The vector of the text with this key.
    pub(super) fn vector_of(&self, key: &[u8; KEY]) -> Option<Vector> {
        let (records, _) = self.records.as_chunks::<RECORD>();
        let at = records.binary_search_by(|record| record[..KEY].cmp(key)).ok()?;
        let values: &[u8; DIMENSIONS] = records[at][KEY..].try_into().ok()?;
        Some(Vector::of(values.map(u8::cast_signed)))
    }
}

/// Key of a text: the front of its SHA-256.
pub(super) fn key(text: &str) -> [u8; KEY] {
    let mut key = [0; KEY];
    key.copy_from_slice(&Sha256::digest(text)[..KEY]);
    key
}
