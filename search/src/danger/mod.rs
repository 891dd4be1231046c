//! Danger that is happening now, seen before any search: patterns of `lexicon/emergencies.toml`, weighed.
//!
//! A trigger says what is burning, leaking or closing in. Cues near it say whether it is happening at this
//! moment (`now`) or is past, imagined, asked in general, or meant otherwise (`not_now`). Points are added up;
//! from three on it is an emergency. How patterns are written is told in [`pattern`].

mod features;
mod filter;
mod impression;
mod pattern;
mod program;
mod rules;
mod training;
mod watch;
mod weigh;

pub(crate) use rules::{Rules, Verdict};
pub use training::{Example, Learnt};
pub use watch::{DangerWatch, Sighting};
