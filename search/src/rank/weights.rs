//! The weights, as data: one file that `fenghuo eval --tune` writes and the binary carries.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::feature::{GATE, RANK};

/// All weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Weights {
    pub(crate) look_up: LookUpWeights,
    pub(crate) likeness: LikenessWeights,
    /// Without vectors.
    pub(crate) lexical: Decision,
    /// With vectors.
    pub(crate) semantic: Decision,
}

/// How candidates are looked up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookUpWeights {
    /// Passages taken from the index.
    pub(crate) passages: usize,
    /// Documents taken by their questions.
    pub(crate) questions: usize,
    /// Passages and questions taken by their vectors.
    pub(crate) vectors: usize,
    /// Words, bigrams and sounds of headings and titles.
    pub(crate) head: [f32; 3],
    /// … of texts.
    pub(crate) body: [f32; 3],
    /// A synonym beside the word itself.
    pub(crate) synonym: f32,
    /// A word that only says how one asks.
    pub(crate) small_talk: f32,
    /// Sounds of a question written in characters.
    pub(crate) heard: f32,
    /// Sounds of a question written in pinyin.
    pub(crate) spelled: f32,
    /// How close together a bare passage says what is asked, beside its BM25 score.
    pub(crate) proximity: f32,
    /// Bare passages that are ordered anew by it.
    pub(crate) reordered: usize,
}

/// How alike two questions are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LikenessWeights {
    /// Share of words against bigrams.
    pub(crate) words: f32,
    /// What sounds alike against what is written alike.
    pub(crate) sounds: f32,
    /// What the asker says besides, against what the document's question does.
    pub(crate) asker: f32,
}

impl LikenessWeights {
    /// 0 to 1, from what is common, what the asker says and what the question holds, each by view.
    pub(crate) fn likeness(&self, common: [f32; 3], asker: [f32; 3], known: [f32; 3]) -> f32 {
        let share = |view: usize| {
            let whole = self.asker * asker[view] + (1.0 - self.asker) * known[view];
            if whole > 0.0 { (common[view] / whole).min(1.0) } else { 0.0 }
        };
        let written = self.words * share(0) + (1.0 - self.words) * share(1);
        written.max(self.sounds * share(2))
    }
}

/// With or without vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Lexical,
    Semantic,
}

/// What decides in one mode.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// Probability from which the best document answers.
    pub(crate) answer: f32,
    /// Probability from which near topics are offered.
    pub(crate) suggest: f32,
    pub(crate) rank: Linear,
    pub(crate) gate: Linear,
}

/// A weighted sum of named features.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, f32>", into = "BTreeMap<String, f32>")]
pub(crate) struct Linear {
    names: &'static [&'static str],
    pub(crate) weights: Vec<f32>,
}

impl Linear {
    /// `names` with `weights` in the same order.
    pub(crate) fn new(names: &'static [&'static str], weights: Vec<f32>) -> Self {
        debug_assert_eq!(names.len(), weights.len());
        Self { names, weights }
    }

    pub(crate) fn score(&self, values: &[f32]) -> f32 {
        self.weights.iter().zip(values).map(|(weight, value)| weight * value).sum()
    }

    /// What each feature adds, the largest first, without those that add nothing.
    pub(crate) fn parts(&self, values: &[f32]) -> Vec<(&'static str, f32)> {
        let added = self.weights.iter().zip(values).map(|(weight, value)| weight * value);
        let mut parts: Vec<_> =
            self.names.iter().copied().zip(added).filter(|(_, part)| part.abs() >= 0.005).collect();
        parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        parts
    }
}

impl TryFrom<BTreeMap<String, f32>> for Linear {
    type Error = String;

    /// Every feature must be named, and no other.
    fn try_from(mut named: BTreeMap<String, f32>) -> Result<Self, String> {
        let names: &'static [&'static str] = if named.contains_key("bias") { &GATE } else { &RANK };
        let weight = |name: &&str| {
            let weight = named.remove(*name).ok_or_else(|| format!("no weight for `{name}`"))?;
            if weight.is_finite() { Ok(weight) } else { Err(format!("`{name}` is no number")) }
        };
        let weights = names.iter().map(weight).collect::<Result<Vec<f32>, String>>()?;
        match named.keys().next() {
            Some(other) => Err(format!("`{other}` is no feature")),
            None => Ok(Self { names, weights }),
        }
    }
}

impl From<Linear> for BTreeMap<String, f32> {
    fn from(linear: Linear) -> Self {
        let names = linear.names.iter().map(|name| (*name).to_owned());
        names.zip(linear.weights).collect()
    }
}

impl Weights {
    /// The weights the binary carries.
    pub(crate) fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads weights; every one must be there.
    pub(crate) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// To be replaced by what was learned.
    pub(crate) fn of_mut(&mut self, mode: Mode) -> &mut Decision {
        match mode {
            Mode::Lexical => &mut self.lexical,
            Mode::Semantic => &mut self.semantic,
        }
    }

    pub(crate) fn of(&self, mode: Mode) -> &Decision {
        match mode {
            Mode::Lexical => &self.lexical,
            Mode::Semantic => &self.semantic,
        }
    }
}

static BUILT_IN: LazyLock<Weights> = LazyLock::new(|| {
    Weights::parse(include_str!("../weights.toml")).expect("the file is tested beside this code")
});

#[cfg(test)]
mod tests {
    use super::Weights;

    const FILE: &str = include_str!("../weights.toml");

    #[test]
    fn the_file_holds_every_weight_and_comes_back_the_same() {
        let weights = Weights::parse(FILE).expect("the file is whole");
        let written = toml::to_string(&weights).expect("weights can be written");
        assert_eq!(Weights::parse(&written).expect("what was written can be read"), weights);
        assert!(weights.lexical.suggest <= weights.lexical.answer);
        assert!(weights.semantic.suggest <= weights.semantic.answer);
    }

    #[test]
    fn a_missing_or_foreign_weight_is_refused() {
        assert!(Weights::parse(&FILE.replacen("bm25 =", "bm52 =", 1)).is_err());
        assert!(Weights::parse(&FILE.replacen("bias =", "extra = 1.0\nbias =", 1)).is_err());
        assert!(Weights::parse("").is_err());
    }
}
