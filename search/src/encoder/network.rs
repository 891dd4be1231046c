//! The forward pass: three convolutions over neighbouring pieces (2, 3 and 5 wide), a sum over the text, and a small
//! dense network. Weights are the 8-bit integers of the model, activations 12 bits, sums exact.

use super::kernel::{Windows, products};
use super::section::{Cursor, Fault, signed};
use super::vector::DIMENSIONS;

/// Width of one convolution.
const BRANCH: usize = 256;

/// Pieces each convolution sees, and how many of them stand before the one in question.
const SPANS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];

/// Embedding and the three convolutions side by side.
const FEATURES: usize = DIMENSIONS + 3 * BRANCH;

/// Width of the dense layers in between.
const HIDDEN: usize = 320;

/// Largest activation: twelve bits, so that 1280 products of it with a weight fit 32 bits.
const LARGEST: f32 = 2047.0;

/// A matrix of 8-bit integers, one row an output.
#[derive(Debug)]
struct Matrix {
    width: usize,
    step: f32,
    weights: Vec<i8>,
}

/// Two layers of one convolution.
#[derive(Debug)]
struct Branch {
    projection: Matrix,
    first: (Matrix, Vec<f32>),
    second: (Matrix, Vec<f32>),
}

/// Gain and shift after values were brought to mean 0 and variance 1.
#[derive(Debug)]
struct Norm {
    gain: Vec<f32>,
    shift: Vec<f32>,
}

/// All weights.
#[derive(Debug)]
pub(super) struct Network {
    branches: Vec<Branch>,
    projection_bias: Vec<f32>,
    projection_norm: Norm,
    norm: Norm,
    summary: (Matrix, Vec<f32>),
    dense: Dense,
    epsilon: f32,
}

/// The dense network behind the sum, named as in the original.
#[derive(Debug)]
struct Dense {
    d0: Matrix,
    p1: Matrix,
    d1: Matrix,
    d2: Matrix,
    p3: Matrix,
    d3: Matrix,
}

/// Activations as integers, rows of equal width with zero rows around them.
struct Activations {
    values: Vec<i16>,
    step: f32,
}

impl Activations {
    /// `values` on a grid of their own, with `before` and `after` zeros around them.
    fn new(values: &[f32], before: usize, after: usize) -> Self {
        let largest = values.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let step = largest.max(f32::MIN_POSITIVE) / LARGEST;
        let mut whole = vec![0; before + values.len() + after];
        for (slot, value) in whole[before..].iter_mut().zip(values) {
            // Adding and dropping a half rounds away from zero; `round` would be a call for each value.
            *slot = (value / step + 0.5_f32.copysign(*value)) as i16;
        }
        Self { values: whole, step }
    }
}

impl Matrix {
    fn read(cursor: &mut Cursor<'_>, outputs: usize, width: usize) -> Result<Self, Fault> {
        let step = cursor.float()?;
        let weights = signed(cursor.take(outputs * width)?);
        Ok(Self { width, step, weights })
    }

    /// The matrix times each of `count` windows, `stride` apart.
    fn times(&self, inputs: &Activations, stride: usize, count: usize) -> Vec<f32> {
        let windows = Windows { values: &inputs.values, width: self.width, stride, count };
        let mut sums = vec![0; count * self.weights.len() / self.width];
        products(&self.weights, &windows, &mut sums);
        let step = self.step * inputs.step;
        sums.into_iter().map(|sum| sum as f32 * step).collect()
    }

    /// The matrix times one vector.
    fn apply(&self, input: &[f32]) -> Vec<f32> {
        self.times(&Activations::new(input, 0, 0), self.width, 1)
    }
}

impl Norm {
    fn read(cursor: &mut Cursor<'_>, width: usize) -> Result<Self, Fault> {
        Ok(Self { gain: cursor.floats(width)?, shift: cursor.floats(width)? })
    }

    fn apply(&self, rows: &mut [f32], epsilon: f32) {
        let width = self.gain.len();
        for row in rows.chunks_exact_mut(width) {
            let mean = row.iter().sum::<f32>() / width as f32;
            row.iter_mut().for_each(|value| *value -= mean);
            let variance = row.iter().map(|value| value * value).sum::<f32>() / width as f32;
            let scale = (variance + epsilon).sqrt().recip();
            for ((value, gain), shift) in row.iter_mut().zip(&self.gain).zip(&self.shift) {
                *value = *value * scale * gain + shift;
            }
        }
    }
}

impl Network {
    pub(super) fn read(section: &[u8]) -> Result<Self, Fault> {
        let cursor = &mut Cursor::new(section, 0);
        let mut projections = Vec::new();
        for _ in SPANS {
            projections.push(Matrix::read(cursor, BRANCH, DIMENSIONS)?);
        }
        let projection_bias = cursor.floats(3 * BRANCH)?;
        let projection_norm = Norm::read(cursor, 3 * BRANCH)?;
        let mut branches = Vec::new();
        for (projection, (span, _)) in projections.into_iter().zip(SPANS) {
            let mut layer = || -> Result<_, Fault> {
                Ok((Matrix::read(cursor, BRANCH, span * BRANCH)?, cursor.floats(BRANCH)?))
            };
            branches.push(Branch { projection, first: layer()?, second: layer()? });
        }
        let norm = Norm::read(cursor, FEATURES)?;
        let summary = (Matrix::read(cursor, DIMENSIONS, FEATURES)?, cursor.floats(DIMENSIONS)?);
        let dense = Dense {
            d0: Matrix::read(cursor, HIDDEN, DIMENSIONS)?,
            p1: Matrix::read(cursor, HIDDEN, DIMENSIONS)?,
            d1: Matrix::read(cursor, HIDDEN, HIDDEN)?,
            d2: Matrix::read(cursor, DIMENSIONS, HIDDEN)?,
            p3: Matrix::read(cursor, DIMENSIONS, HIDDEN)?,
            d3: Matrix::read(cursor, DIMENSIONS, DIMENSIONS)?,
        };
        let epsilon = cursor.float()?;
        let network =
            Self { branches, projection_bias, projection_norm, norm, summary, dense, epsilon };
        if cursor.is_at_end() {
            Ok(network)
        } else {
            Err("its network is larger than it should be")
        }
    }

    /// The sentence behind embeddings of its pieces, one row each; at least one row.
    pub(super) fn forward(&self, embeddings: &[f32]) -> [f32; DIMENSIONS] {
        let count = embeddings.len() / DIMENSIONS;
        let projected = self.project(embeddings, count);
        let mut features = vec![0.0; count * FEATURES];
        copy_columns(embeddings, &mut features, 0, DIMENSIONS);
        for (i, (branch, (span, left))) in self.branches.iter().zip(SPANS).enumerate() {
            let mut values = columns(&projected, 3 * BRANCH, i * BRANCH);
            for (weights, bias) in [&branch.first, &branch.second] {
                let (before, after) = (left * BRANCH, (span - 1 - left) * BRANCH);
                let inputs = Activations::new(&values, before, after);
                add_rectified(&mut values, &weights.times(&inputs, BRANCH, count), bias);
            }
            copy_columns(&values, &mut features, DIMENSIONS + i * BRANCH, BRANCH);
        }
        self.norm.apply(&mut features, self.epsilon);
        self.dense.apply(&self.sum(&features, count), self.epsilon)
    }

    fn project(&self, embeddings: &[f32], count: usize) -> Vec<f32> {
        let inputs = Activations::new(embeddings, 0, 0);
        let mut projected = vec![0.0; count * 3 * BRANCH];
        for (i, branch) in self.branches.iter().enumerate() {
            let values = branch.projection.times(&inputs, DIMENSIONS, count);
            copy_columns(&values, &mut projected, i * BRANCH, BRANCH);
        }
        for row in projected.chunks_exact_mut(3 * BRANCH) {
            row.iter_mut().zip(&self.projection_bias).for_each(|(value, bias)| *value += bias);
        }
        self.projection_norm.apply(&mut projected, self.epsilon);
        projected
    }

    /// The features of all pieces together, made independent of their number.
    fn sum(&self, features: &[f32], count: usize) -> Vec<f32> {
        let mut sum = vec![0.0; FEATURES];
        for row in features.chunks_exact(FEATURES) {
            sum.iter_mut().zip(row).for_each(|(all, value)| *all += value);
        }
        let (weights, bias) = &self.summary;
        let count = count as f32;
        let scale = count.sqrt().recip();
        let summed = weights.apply(&sum);
        summed.iter().zip(bias).map(|(value, bias)| (value + count * bias) * scale).collect()
    }
}

impl Dense {
    fn apply(&self, sentence: &[f32], epsilon: f32) -> [f32; DIMENSIONS] {
        let y0 = rectified(self.d0.apply(sentence));
        let y1 = rectified(added(self.p1.apply(sentence), &self.d1.apply(&y0)));
        let y2 = rectified(self.d2.apply(&y1));
        let last = added(self.p3.apply(&y1), &self.d3.apply(&y2));
        let mut out = [0.0; DIMENSIONS];
        out.iter_mut().zip(last).for_each(|(slot, value)| *slot = value.tanh());
        let scale = out.iter().map(|value| value * value).sum::<f32>().max(epsilon).sqrt().recip();
        out.iter_mut().for_each(|value| *value *= scale);
        out
    }
}

fn rectified(mut values: Vec<f32>) -> Vec<f32> {
    values.iter_mut().for_each(|value| *value = value.max(0.0));
    values
}

fn added(mut values: Vec<f32>, more: &[f32]) -> Vec<f32> {
    values.iter_mut().zip(more).for_each(|(value, more)| *value += more);
    values
}

/// Adds what the layer says, as far as it is positive, to what went into it.
fn add_rectified(values: &mut [f32], layer: &[f32], bias: &[f32]) {
    let rows = values.chunks_exact_mut(BRANCH).zip(layer.chunks_exact(BRANCH));
    for (row, more) in rows {
        for ((value, more), bias) in row.iter_mut().zip(more).zip(bias) {
            *value += (more + bias).max(0.0);
        }
    }
}

/// `BRANCH` columns of `rows`, from column `start`.
fn columns(rows: &[f32], width: usize, start: usize) -> Vec<f32> {
    rows.chunks_exact(width).flat_map(|row| &row[start..start + BRANCH]).copied().collect()
}

/// Writes rows of `width` into the rows of features or projections, from column `start`.
fn copy_columns(rows: &[f32], into: &mut [f32], start: usize, width: usize) {
    let count = rows.len() / width;
    let wide = into.len() / count;
    for (target, row) in into.chunks_exact_mut(wide).zip(rows.chunks_exact(width)) {
        target[start..start + width].copy_from_slice(row);
    }
}
