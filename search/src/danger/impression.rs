//! How much a text is like the published sentences of danger, by the characters and sounds that stand together.
//!
//! Rules see what their authors thought of; this sees what people wrote. It only moves the points of the rules, by
//! [`MOST`] at most. The weights are learnt by `examples/train_danger.rs` from the corpora in `tests/data`.

use super::features::{BUCKETS, features};
use crate::analysis::Unit;

/// Points it may give.
pub(super) const MOST: f32 = 2.0;

/// What it may take: where rules see danger, it does not argue.
const LEAST: f32 = 0.0;

/// Danger is rarer in the corpora than it is dear: the score from which it begins, and points a unit of it.
const BEGIN: f32 = -1.5;
const STEEP: f32 = 1.5;

/// Learnt weights: scale and bias as `f32`, then one signed byte a bucket.
static WEIGHTS: &[u8] = include_bytes!("impression.bin");

/// Bytes before the weights.
const HEADER: usize = 8;

/// The points that `text` deserves, positive for danger.
pub(super) fn impression(text: &[Unit]) -> f32 {
    let score = score(WEIGHTS, text);
    match score.map(|score| (score - BEGIN) * STEEP) {
        None => 0.0,
        Some(points) => points.clamp(LEAST, MOST),
    }
}

/// The score that `weights` give; none for a text without words.
fn score(weights: &[u8], text: &[Unit]) -> Option<f32> {
    let (header, buckets) = weights.split_at_checked(HEADER)?;
    let number = |at: usize| f32::from_le_bytes(std::array::from_fn(|i| header[at + i]));
    let seen = features(text);
    if seen.is_empty() || buckets.len() != BUCKETS {
        return None;
    }
    let sum: i32 = seen.iter().map(|at| i32::from(buckets[*at as usize].cast_signed())).sum();
    Some(sum as f32 * number(0) / (seen.len() as f32).sqrt() + number(4))
}
