//! The meaning of one text: 512 small integers.

use super::kernel::{Windows, products};

/// Numbers of a vector.
pub const DIMENSIONS: usize = 512;

/// The meaning of a text, to be compared with others of the same model.
#[derive(Clone, Debug, PartialEq)]
pub struct Vector {
    /// Numbers of eight bits, as wide as the kernel takes them.
    values: [i16; DIMENSIONS],
    length: f32,
}

impl Vector {
    /// Of numbers in any scale.
    pub(super) fn quantise(numbers: &[f32; DIMENSIONS]) -> Self {
        let largest = numbers.iter().fold(0.0_f32, |most, number| most.max(number.abs()));
        let scale = 127.0 / largest.max(f32::MIN_POSITIVE);
        Self::of(numbers.map(|number| (number * scale).round() as i8))
    }

    /// Of numbers as they were kept; its length follows from them.
    pub fn of(values: [i8; DIMENSIONS]) -> Self {
        Self { values: values.map(i16::from), length: length(&values) }
    }

    /// Its numbers, to be kept.
    pub fn values(&self) -> [i8; DIMENSIONS] {
        self.values.map(|value| value as i8)
    }

    pub(super) fn length(&self) -> f32 {
        self.length
    }

    /// Likeness to `other`: 1 for the same, about 0 for nothing in common.
    pub fn cosine(&self, other: &Self) -> f32 {
        let mut sum = [0];
        self.times(&other.values(), &mut sum);
        share(sum[0], self.length, other.length)
    }

    /// Product with each of the vectors one after the other in `rows`.
    pub(super) fn times(&self, rows: &[i8], sums: &mut [i32]) {
        let windows =
            Windows { values: &self.values, width: DIMENSIONS, stride: DIMENSIONS, count: 1 };
        products(rows, &windows, sums);
    }
}

/// Length of a vector of such numbers.
pub(super) fn length(values: &[i8; DIMENSIONS]) -> f32 {
    let squares: i32 = values.iter().map(|value| i32::from(*value).pow(2)).sum();
    (squares as f32).sqrt()
}

/// A product as a share of the two lengths.
pub(super) fn share(product: i32, left: f32, right: f32) -> f32 {
    let whole = left * right;
    if whole > 0.0 { (product as f32 / whole).clamp(-1.0, 1.0) } else { 0.0 }
}
