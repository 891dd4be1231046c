//! Learns the weights of the impression from labelled sentences; logistic regression, always in the same order.

use super::features::{BUCKETS, features};
use crate::Error;
use crate::analysis::{Normaliser, units};

/// Times every sentence is seen.
const ROUNDS: usize = 30;

/// How fast weights move.
const PACE: f64 = 0.5;

/// How fast weights that nothing holds fade.
const FADE: f64 = 2e-5;

/// A sentence to learn from.
#[derive(Clone, Debug)]
pub struct Example {
    /// As someone wrote it.
    pub text: String,
    /// Whether it tells of danger that is happening.
    pub danger: bool,
    /// How much it counts.
    pub weight: f64,
}

/// What was learnt.
pub struct Learnt {
    weights: Vec<f64>,
    bias: f64,
    normaliser: Normaliser,
}

impl Learnt {
    /// Learns from `examples`.
    ///
    /// # Errors
    /// When the language data cannot be loaded.
    pub fn from(examples: &[Example]) -> Result<Self, Error> {
        let normaliser = Normaliser::new()?;
        let read = |example: &Example| {
            let seen = features(&units(&normaliser.normalise(&example.text)));
            (seen, f64::from(u8::from(example.danger)), example.weight)
        };
        let mut examples: Vec<(Vec<u32>, f64, f64)> = examples.iter().map(read).collect();
        let mut learnt = Self { weights: vec![0.0; BUCKETS], bias: 0.0, normaliser };
        let mut steepness = vec![0.01; BUCKETS];
        let mut order = Order(1);
        for _ in 0..ROUNDS {
            order.shuffle(&mut examples);
            for (seen, danger, weight) in examples.iter().filter(|(seen, ..)| !seen.is_empty()) {
                let miss = (1.0 / (1.0 + (-learnt.sum(seen)).exp()) - danger) * weight;
                learnt.bias -= 0.02 * miss;
                let step = miss / (seen.len() as f64).sqrt();
                for at in seen.iter().map(|at| *at as usize) {
                    steepness[at] += step * step;
                    let weight = &mut learnt.weights[at];
                    *weight -= PACE * (step / f64::sqrt(steepness[at]) + FADE * *weight);
                }
            }
        }
        Ok(learnt)
    }

    /// The score of `text`, positive for danger.
    pub fn score(&self, text: &str) -> f64 {
        self.sum(&features(&units(&self.normaliser.normalise(text))))
    }

    /// The weights as the engine reads them.
    pub fn to_bytes(&self) -> Vec<u8> {
        let most = self.weights.iter().fold(f64::EPSILON, |most, weight| most.max(weight.abs()));
        let scale = most / 127.0;
        let mut out = Vec::with_capacity(BUCKETS + 8);
        out.extend((scale as f32).to_le_bytes());
        out.extend((self.bias as f32).to_le_bytes());
        out.extend(
            self.weights.iter().map(|weight| ((weight / scale).round() as i8).cast_unsigned()),
        );
        out
    }

    fn sum(&self, seen: &[u32]) -> f64 {
        let sum: f64 = seen.iter().map(|at| self.weights[*at as usize]).sum();
        sum / (seen.len().max(1) as f64).sqrt() + self.bias
    }
}

/// A fixed sequence of numbers: learning twice gives the same weights.
struct Order(u64);

impl Order {
    fn next(&mut self) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.next() % (last + 1));
        }
    }
}
