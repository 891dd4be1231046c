//! Many vectors, and exact search for the nearest of them: no list of candidates, nothing missed.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::vector::{DIMENSIONS, Vector, share};

/// Vectors compared before the best are kept, so that their products stay in the cache.
const BLOCK: usize = 512;

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
            all.values.extend_from_slice(vector.values());
            all.lengths.push(vector.length());
        }
        all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// The vector at `index`.
    pub fn vector(&self, index: usize) -> Option<Vector> {
        let values = self.values.as_chunks::<DIMENSIONS>().0.get(index)?;
        Some(Vector::of(*values))
    }

    /// Likeness of the vector at `index` to `vector`; 0 when there is none.
    pub fn cosine(&self, index: usize, vector: &Vector) -> f32 {
        self.vector(index).map_or(0.0, |known| known.cosine(vector))
    }

    /// The `k` nearest to `vector` with their cosines, best first; among equals the lower index.
    pub fn nearest(&self, vector: &Vector, k: usize) -> Vec<(usize, f32)> {
        let mut best = BinaryHeap::with_capacity(k.min(self.len()) + 1);
        if k == 0 {
            return Vec::new();
        }
        let mut index = 0;
        for block in self.values.chunks(BLOCK * DIMENSIONS) {
            for sum in vector.times(block) {
                let cosine = share(sum, vector.length(), self.lengths[index]);
                keep(&mut best, Candidate { cosine, index }, k);
                index += 1;
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
