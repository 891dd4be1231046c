//! Coordinate search: one weight at a time, steps that halve; small, without chance, the same on every machine.

/// Halvings of the step before the search ends.
const ROUNDS: usize = 7;

/// Most sweeps over all weights with one step.
const SWEEPS: usize = 12;

/// One example of ranking: values of each candidate, and which one is right.
pub(super) struct Group {
    pub(super) candidates: Vec<Vec<f32>>,
    pub(super) right: usize,
}

/// One example of the gate: values, and whether it is to be answered.
pub(super) struct Example {
    pub(super) values: Vec<f32>,
    pub(super) positive: bool,
}

/// Something whose loss under weights can be measured, and cheaply so after one weight has changed.
trait Scored {
    /// Adds `step` times feature `at` to every score.
    fn shift(&mut self, at: usize, step: f32);
    /// Mean loss at the present scores.
    fn loss(&self) -> f64;
}

/// Weights for ranking, from `start`; `pull` keeps them near it.
pub(super) fn fit_rank(groups: &[&Group], start: &[f32], pull: f64) -> Vec<f32> {
    let scores = groups
        .iter()
        .map(|group| group.candidates.iter().map(|values| dot(start, values)).collect())
        .collect();
    search(&mut Ranking { groups, scores }, start, pull)
}

/// Weights for the gate, from `start`.
pub(super) fn fit_gate(examples: &[&Example], start: &[f32], pull: f64) -> Vec<f32> {
    let scores = examples.iter().map(|example| dot(start, &example.values)).collect();
    search(&mut Gating { examples, scores }, start, pull)
}

pub(super) fn dot(weights: &[f32], values: &[f32]) -> f32 {
    weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
}

fn search(scored: &mut impl Scored, start: &[f32], pull: f64) -> Vec<f32> {
    let mut weights = start.to_vec();
    let pulled = |weights: &[f32]| -> f64 {
        weights.iter().zip(start).map(|(now, then)| f64::from(now - then).powi(2)).sum::<f64>()
            * pull
    };
    let mut best = scored.loss() + pulled(&weights);
    let mut step = 1.0_f32;
    for _ in 0..ROUNDS {
        for _ in 0..SWEEPS {
            let before = best;
            for at in 0..weights.len() {
                for change in [step, -step] {
                    scored.shift(at, change);
                    weights[at] += change;
                    let loss = scored.loss() + pulled(&weights);
                    if loss < best {
                        best = loss;
                        break;
                    }
                    scored.shift(at, -change);
                    weights[at] -= change;
                }
            }
            if before - best < 1e-6 {
                break;
            }
        }
        step /= 2.0;
    }
    weights
}

/// Loss: how improbable the right candidate is among all, by softmax.
struct Ranking<'a> {
    groups: &'a [&'a Group],
    scores: Vec<Vec<f32>>,
}

impl Scored for Ranking<'_> {
    fn shift(&mut self, at: usize, step: f32) {
        for (group, scores) in self.groups.iter().zip(&mut self.scores) {
            for (values, score) in group.candidates.iter().zip(scores) {
                *score += step * values[at];
            }
        }
    }

    fn loss(&self) -> f64 {
        let of = |(group, scores): (&&Group, &Vec<f32>)| {
            let top = scores.iter().copied().fold(f32::MIN, f32::max);
            let sum: f32 = scores.iter().map(|score| (score - top).exp()).sum();
            f64::from(sum.ln() + top - scores[group.right])
        };
        self.groups.iter().zip(&self.scores).map(of).sum::<f64>() / self.groups.len().max(1) as f64
    }
}

/// Loss: how improbable what was expected is, by the logistic function.
struct Gating<'a> {
    examples: &'a [&'a Example],
    scores: Vec<f32>,
}

impl Scored for Gating<'_> {
    fn shift(&mut self, at: usize, step: f32) {
        for (example, score) in self.examples.iter().zip(&mut self.scores) {
            *score += step * example.values[at];
        }
    }

    fn loss(&self) -> f64 {
        let of = |(example, score): (&&Example, &f32)| {
            let signed = if example.positive { -*score } else { *score };
            // ln(1 + e^x), without overflow.
            f64::from(signed.max(0.0) + (-signed.abs()).exp().ln_1p())
        };
        self.examples.iter().zip(&self.scores).map(of).sum::<f64>()
            / self.examples.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::{Example, Group, dot, fit_gate, fit_rank};

    #[test]
    fn the_feature_that_tells_gets_the_weight() {
        let group = |right| Group {
            candidates: vec![
                vec![f32::from(u8::from(right == 0)), 0.5],
                vec![f32::from(u8::from(right == 1)), 0.7],
            ],
            right,
        };
        let groups = [group(0), group(1), group(0)];
        let weights = fit_rank(&groups.iter().collect::<Vec<_>>(), &[0.0, 0.0], 0.001);
        assert!(weights[0] > 1.0 && weights[1].abs() < 1.0, "{weights:?}");
    }

    #[test]
    fn the_gate_parts_what_can_be_parted() {
        let examples: Vec<Example> = (0..20_u8)
            .map(|i| Example { values: vec![1.0, f32::from(i)], positive: i >= 10 })
            .collect();
        let weights = fit_gate(&examples.iter().collect::<Vec<_>>(), &[0.0, 0.0], 0.0001);
        assert!(
            dot(&weights, &[1.0, 2.0]) < 0.0 && dot(&weights, &[1.0, 17.0]) > 0.0,
            "{weights:?}"
        );
    }
}
