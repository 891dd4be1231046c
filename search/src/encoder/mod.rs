//! Meaning: a small sentence encoder (USE multilingual v3, pruned to Chinese and English) and exact search among its
//! vectors. It finds what other words mean and tells on-topic from off-topic; what to do with that is ranking's part.
//!
//! The model and the vectors of the built-in library come as bytes from the binary; `search/encoder` holds both files
//! and the script that makes the model.

mod fill;
mod kernel;
mod known;
mod model;
mod network;
mod normaliser;
mod section;
mod text;
mod tokenizer;
mod vector;
mod vectors;

use std::borrow::Cow;

pub use fill::{Meaning, Near, Progress};
pub use known::Known;
pub use text::{Part, Spot, Text, texts};
pub use vector::{DIMENSIONS, Vector};
pub use vectors::Vectors;

use crate::Error;
use model::Model;

/// Characters of a text that are read; what follows adds little and costs time.
const MAX_CHARS: usize = 1_000;

/// Pieces of a text that are weighed, begin and end among them: a passage of about 300 Chinese characters.
const MAX_PIECES: usize = 192;

/// Turns a sentence into a [`Vector`]; cheap to share, safe to use from many threads.
#[derive(Debug)]
pub struct Encoder {
    model: Model,
}

impl Encoder {
    /// The encoder whose model file `bytes` are; borrowed bytes are not copied.
    ///
    /// # Errors
    /// When the file is truncated, damaged, or of another version.
    pub fn from_bytes(bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, Error> {
        Model::read(bytes.into()).map(|model| Self { model })
    }

    /// The meaning of `text`, Chinese or English; any text has one, also an empty one.
    pub fn encode(&self, text: &str) -> Vector {
        Vector::quantise(&self.embed(text))
    }

    /// SHA-256 of the model: vectors of one model mean nothing to another.
    pub fn hash(&self) -> [u8; 32] {
        self.model.hash
    }

    fn embed(&self, text: &str) -> [f32; DIMENSIONS] {
        let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(at, _)| at);
        let normal = self.model.normaliser.normalise(&text[..end]);
        let mut pieces = self.model.tokenizer.pieces(&self.model.data, &normal);
        pieces.truncate(MAX_PIECES - 2);
        let rows: Vec<usize> = std::iter::once(tokenizer::BEGIN)
            .chain(pieces)
            .chain(std::iter::once(tokenizer::END))
            .collect();
        self.model.network.forward(&self.model.rows(&rows))
    }
}
