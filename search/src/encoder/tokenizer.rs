//! Cuts a normalised text into the most probable pieces of the vocabulary (a unigram model, by Viterbi).

use std::ops::Range;

use super::normaliser::character;
use super::section::Fault;

/// Rows in front of the pieces.
pub(super) const SPECIAL: usize = 3;
/// Row of what is no piece.
pub(super) const UNKNOWN: usize = 0;
/// Row of the beginning of a text.
pub(super) const BEGIN: usize = 1;
/// Row of the end of a text.
pub(super) const END: usize = 2;

/// How much less probable an unknown character is than the rarest piece.
const UNKNOWN_PENALTY: f64 = 10.0;

/// The vocabulary, ascending by bytes; the text of the pieces stays in the model file.
#[derive(Debug)]
pub(super) struct Tokenizer {
    /// Where each piece begins in the file, and where the last one ends.
    bounds: Vec<u32>,
    scores: Vec<f32>,
    /// Pieces by their first byte.
    first: Vec<Range<usize>>,
    unknown: f64,
}

/// The best way to a place in the text.
#[derive(Clone, Copy)]
struct Step {
    score: f64,
    from: usize,
    row: usize,
}

impl Tokenizer {
    pub(super) fn new(
        data: &[u8],
        pieces: Range<usize>,
        ends: &[u32],
        scores: Vec<f32>,
    ) -> Result<Self, Fault> {
        let start = u32::try_from(pieces.start).map_err(|_| "it is too large")?;
        let mut bounds = vec![start];
        bounds.extend(ends.iter().map(|end| start.saturating_add(*end)));
        let whole = bounds.last().is_some_and(|end| *end as usize == pieces.end);
        if !whole || !bounds.is_sorted_by(|a, b| a < b) || scores.len() != ends.len() {
            return Err("its vocabulary is in disorder");
        }
        let lowest = scores.iter().copied().fold(0.0, f32::min);
        let unknown = f64::from(lowest) - UNKNOWN_PENALTY;
        let mut tokenizer = Self { bounds, scores, first: Vec::new(), unknown };
        let all = 0..tokenizer.scores.len();
        let first = (0..=255).map(|byte| tokenizer.narrow(data, &all, 0, byte));
        tokenizer.first = first.collect();
        Ok(tokenizer)
    }

    /// The rows of the pieces of `text`; unknown characters are one row each.
    pub(super) fn pieces(&self, data: &[u8], text: &[u8]) -> Vec<usize> {
        if text.is_empty() {
            return vec![UNKNOWN];
        }
        let unreached = Step { score: f64::NEG_INFINITY, from: 0, row: UNKNOWN };
        let mut best = vec![unreached; text.len() + 1];
        best[0].score = 0.0;
        for at in 0..text.len() {
            if best[at].score > f64::NEG_INFINITY {
                self.advance(data, text, at, &mut best);
            }
        }
        let mut rows = Vec::new();
        let mut at = text.len();
        while at > 0 {
            rows.push(best[at].row);
            at = best[at].from;
        }
        rows.reverse();
        rows
    }

    /// Improves every place that a piece beginning at `at` reaches.
    fn advance(&self, data: &[u8], text: &[u8], at: usize, best: &mut [Step]) {
        let base = best[at].score;
        let single = character(&text[at..]);
        let mut has_single = false;
        let mut reach = |length: usize, score: f64, row: usize| {
            let end = &mut best[at + length];
            if base + score > end.score {
                *end = Step { score: base + score, from: at, row };
            }
        };
        let mut range = self.first[usize::from(text[at])].clone();
        for length in 1..=text.len() - at {
            let Some(piece) = range.clone().next() else { break };
            if self.text(data, piece).len() == length {
                reach(length, f64::from(self.scores[piece]), piece + SPECIAL);
                has_single |= length == single;
            }
            let Some(byte) = text.get(at + length) else { break };
            range = self.narrow(data, &range, length, *byte);
        }
        if !has_single {
            reach(single, self.unknown, UNKNOWN);
        }
    }

    /// Of the pieces in `range`, which have their first `depth` bytes in common, those that go on with `byte`.
    fn narrow(&self, data: &[u8], range: &Range<usize>, depth: usize, byte: u8) -> Range<usize> {
        let next = |piece: usize| self.text(data, piece).get(depth).copied();
        let bound = |start: usize, below: &dyn Fn(Option<u8>) -> bool| {
            let (mut low, mut high) = (start, range.end);
            while low < high {
                let middle = low.midpoint(high);
                if below(next(middle)) { low = middle + 1 } else { high = middle }
            }
            low
        };
        let start = bound(range.start, &|found| found < Some(byte));
        start..bound(start, &|found| found <= Some(byte))
    }

    fn text<'a>(&self, data: &'a [u8], piece: usize) -> &'a [u8] {
        &data[self.bounds[piece] as usize..self.bounds[piece + 1] as usize]
    }
}
