//! The words of the field as editors keep them in `lexicon/`; compiling them is the search crate's work.

use crate::DocumentId;

/// User words, synonym groups and danger triggers.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// `lexicon/words.txt`.
    pub words: Vec<Word>,
    /// `lexicon/synonyms.toml`: words of one group stand for each other in questions.
    pub synonyms: Vec<Vec<String>>,
    /// `lexicon/emergencies.toml`, in order of precedence.
    pub dangers: Vec<Danger>,
    /// `now` of `emergencies.toml`: patterns that say it is happening at this moment, whatever the class.
    pub now: Vec<String>,
    /// `not_now` of `emergencies.toml`: patterns that say it is past, imagined, learnt about or meant otherwise.
    pub not_now: Vec<String>,
    /// `[sets]` of `emergencies.toml`: named alternatives, used in patterns as `<name>`.
    pub sets: std::collections::BTreeMap<String, Vec<String>>,
}

/// A word for the segmenter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Its frequency, if given.
    pub frequency: Option<usize>,
}

/// A class of danger that is happening now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Danger {
    /// Id of the class, e.g. `gas-leak`.
    pub id: String,
    /// The fixed card, at most four lines, the first naming 119 (or the number that fits).
    pub card: Vec<String>,
    /// The same in English, shown below the Chinese to who asks in English.
    pub card_en: Vec<String>,
    /// The guide it leads into.
    pub guide: Option<DocumentId>,
    /// Patterns that mean it is happening.
    pub triggers: Vec<String>,
    /// Patterns that say it is not (yesterday, what if, how to prevent).
    pub counter: Vec<String>,
    /// Line of its table in the file, for diagnostics.
    pub line: u32,
}
