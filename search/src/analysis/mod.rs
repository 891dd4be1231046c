//! Chinese analysis: one way of reading text, used for documents, questions and danger patterns alike.

mod decode;
mod normalise;
mod pinyin;
mod repair;
mod segment;
mod terms;
mod unit;

pub(crate) use decode::Decoder;
pub(crate) use normalise::Normaliser;
pub(crate) use pinyin::{Sound, sound_name, sounds, spellings};
pub(crate) use repair::Repair;
pub(crate) use segment::Segmenter;
pub(crate) use terms::{
    Terms, is_small_sound, is_small_talk, pinyin_bigrams as sound_pairs, small_talk,
};
pub(crate) use unit::{Glyph, Unit, is_han, units};
