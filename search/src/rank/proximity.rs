//! How close together a text says what is asked: the best stretch of it, by the pairs of characters it holds.

use std::collections::HashMap;

use crate::index::Pair;

/// Pairs of one stretch: a long sentence.
const STRETCH: usize = 30;

/// Pairs of a question with what each tells.
#[derive(Debug, Default)]
pub(crate) struct Close {
    places: HashMap<Pair, usize>,
    weights: Vec<f32>,
    whole: f32,
}

impl Close {
    pub(crate) fn new(pairs: impl Iterator<Item = (Pair, f32)>) -> Self {
        let mut close = Self::default();
        for (pair, weight) in pairs {
            let next = close.weights.len();
            if *close.places.entry(pair).or_insert(next) == next {
                close.weights.push(weight);
                close.whole += weight;
            }
        }
        close
    }

    /// Weight of the different pairs that stand in the stretch of `text` that holds most.
    pub(crate) fn best(&self, text: &str) -> f32 {
        if self.weights.is_empty() {
            return 0.0;
        }
        let mut counts = vec![0_u16; self.weights.len()];
        let mut window = [usize::MAX; STRETCH];
        let (mut held, mut best) = (0.0_f32, 0.0_f32);
        let mut before = None;
        for (number, c) in text.chars().filter(|c| c.is_alphanumeric()).enumerate() {
            let pair = before.replace(c).map(|before| (before, c));
            let place = pair.and_then(|pair| self.places.get(&pair)).copied().unwrap_or(usize::MAX);
            let left = std::mem::replace(&mut window[number % STRETCH], place);
            if let Some(count) = counts.get_mut(left) {
                *count -= 1;
                held -= if *count == 0 { self.weights[left] } else { 0.0 };
            }
            if let Some(count) = counts.get_mut(place) {
                held += if *count == 0 { self.weights[place] } else { 0.0 };
                *count += 1;
                best = best.max(held);
            }
        }
        best
    }

    /// The same as a share of all pairs: 1 where one stretch holds them all.
    pub(crate) fn share(&self, text: &str) -> f32 {
        if self.whole > 0.0 { (self.best(text) / self.whole).min(1.0) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::Close;

    fn close(question: &str) -> Close {
        let chars: Vec<char> = question.chars().collect();
        Close::new(chars.windows(2).map(|pair| ((pair[0], pair[1]), 1.0)))
    }

    #[test]
    fn what_stands_together_counts_more_than_what_is_far_apart() {
        let asked = close("油锅着火");
        let far = format!("油锅{}着火", "要小心看好".repeat(12));
        assert!((asked.share("油锅里着火了别慌，锅着了盖锅盖") - 1.0).abs() < 1e-6);
        assert!(asked.share(&far) < 0.7, "{}", asked.share(&far));
        assert_eq!(asked.share(""), 0.0);
        assert_eq!(close("").share("油锅"), 0.0);
    }

    #[test]
    fn a_pair_said_often_counts_once() {
        assert!((close("着火").best(&"着火".repeat(50)) - 1.0).abs() < 1e-6);
    }
}
