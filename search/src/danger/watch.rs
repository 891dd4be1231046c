//! Danger alone, without index or library: for who must know at once, before any limit and any search.

use fenghuo_content::Lexicon;

use super::Rules;
use crate::Error;
use crate::analysis::{Normaliser, Segmenter};

/// The danger rules of one lexicon; cheap to ask, safe from many threads.
pub struct DangerWatch {
    normaliser: Normaliser,
    rules: Rules,
    classes: Vec<String>,
}

/// What the rules make of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sighting {
    /// Class of the danger that is happening now.
    pub class: Option<String>,
    /// The patterns that matched and the points they gave, for editors.
    pub seen: Vec<String>,
}

impl DangerWatch {
    /// Compiles the patterns of `lexicon`.
    ///
    /// # Errors
    /// When a pattern is faulty.
    pub fn new(lexicon: &Lexicon) -> Result<Self, Error> {
        Ok(Self {
            normaliser: Normaliser::new()?,
            rules: Rules::compile(lexicon, &Segmenter::new(lexicon))?,
            classes: lexicon.dangers.iter().map(|danger| danger.id.clone()).collect(),
        })
    }

    /// Class of the danger that `text` tells of, if it is happening now.
    pub fn class(&self, text: &str) -> Option<&str> {
        let class = self.rules.class(&self.normaliser.normalise(text))?;
        self.classes.get(class).map(String::as_str)
    }

    /// Most points that any class gets by the rules alone.
    pub fn points(&self, text: &str) -> i32 {
        self.rules.points(&self.normaliser.normalise(text))
    }

    /// The same with reasons.
    pub fn explain(&self, text: &str) -> Sighting {
        let verdict = self.rules.judge(&self.normaliser.normalise(text));
        let class = verdict.class.and_then(|class| self.classes.get(class).cloned());
        Sighting { class, seen: verdict.seen }
    }
}
