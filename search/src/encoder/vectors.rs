//! Many vectors, and exact search for the nearest of them: no list of candidates, nothing missed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::vector::{DIMENSIONS, Vector, share};

/// Vectors compared before the best are kept, so that their products stay in the cache.
const BLOCK: usize = 256;

/// Vectors by index; 516 bytes each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vectors {
    values: Vec<i8>,
    lengths: Vec<f32>,
}

/// A vector among the nearest; the least like is the greatest, so that a heap gives it up first.
#[derive(PartialEq)]
struct Candidate {
    cosine: f32,
    index: usize,
}

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.cosine.total_cmp(&self.cosine).then(self.index.cmp(&other.index))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Vectors {
    /// These vectors, indexed from 0 in their order.
    pub fn build<'a>(vectors: impl IntoIterator<Item = &'a Vector>) -> Self {
        let mut all = Self::default();
        for vector in vectors {
            all.values.extend_from_slice(&vector.values());
            all.lengths.push(vector.length());
        }
        all
    }

    /// Room for `count` vectors, each like nothing until it is set.
    pub(super) fn blank(count: usize) -> Self {
        Self { values: vec![0; count * DIMENSIONS], lengths: vec![0.0; count] }
    }

    pub(super) fn set(&mut self, index: usize, vector: &Vector) {
        self.values[index * DIMENSIONS..][..DIMENSIONS].copy_from_slice(&vector.values());
        self.lengths[index] = vector.length();
    }

    /// The numbers at `index`, if they were set.
    pub(super) fn get(&self, index: usize) -> Option<&[i8; DIMENSIONS]> {
        let values = self.values.as_chunks::<DIMENSIONS>().0.get(index)?;
        (self.lengths[index] > 0.0).then_some(values)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Likeness of the vector at `index` to `vector`; 0 when there is none.
    pub fn cosine(&self, index: usize, vector: &Vector) -> f32 {
        let Some(values) = self.get(index) else { return 0.0 };
        let mut sum = [0];
        vector.times(values, &mut sum);
        share(sum[0], vector.length(), self.lengths[index])
    }

    /// The `k` nearest to `vector` with their cosines, best first; among equals the lower index.
    pub fn nearest(&self, vector: &Vector, k: usize) -> Vec<(usize, f32)> {
        let mut best = BinaryHeap::with_capacity(k.min(self.len()) + 1);
        let mut sums = [0; BLOCK];
        let blocks = self.values.chunks(BLOCK * DIMENSIONS).zip(self.lengths.chunks(BLOCK));
        for (number, (values, lengths)) in blocks.enumerate().take_while(|_| k > 0) {
            let sums = &mut sums[..lengths.len()];
            vector.times(values, sums);
            for (i, (sum, length)) in sums.iter().zip(lengths).enumerate() {
                let cosine = share(*sum, vector.length(), *length);
                keep(&mut best, Candidate { cosine, index: number * BLOCK + i }, k);
            }
        }
        let sorted = best.into_sorted_vec().into_iter();
        sorted.map(|candidate| (candidate.index, candidate.cosine)).collect()
    }
}

fn keep(best: &mut BinaryHeap<Candidate>, candidate: Candidate, k: usize) {
    if best.len() < k {
        best.push(candidate);
    } else if best.peek().is_some_and(|worst| candidate < *worst) {
        best.pop();
        best.push(candidate);
    }
}
