//! From documents found to one honest outcome.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use fenghuo_content::Lexicon;

use crate::analysis::Normaliser;
use crate::query::Query;
use crate::retrieve::Found;

/// What selection decided, and why.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// The first document found answers.
    Answer(String),
    /// The first few are near.
    Suggest(String),
    /// Nothing fits.
    Unknown(String),
}

/// Words by which a question shows that it is about fire safety.
pub(crate) struct Topic {
    words: HashSet<String>,
}

impl Topic {
    pub(crate) fn new(lexicon: &Lexicon, normaliser: &Normaliser) -> Self {
        let words = lexicon.words.iter().map(|word| normaliser.normalise(&word.text)).collect();
        Self { words }
    }

    /// How many words of the field the question holds.
    pub(crate) fn count(&self, query: &Query) -> usize {
        query.words.iter().filter(|word| self.words.contains(&word.text)).count()
    }
}

/// Decides by the best document, the question's topic and how much of it is covered.
pub(crate) fn select(query: &Query, found: &[Found], topic: usize) -> Outcome {
    let Some(best) = found.first() else { return Outcome::Unknown("nothing found".to_owned()) };
    let confidence = confidence(query, found, topic);
    let why = format!(
        "confidence {confidence:.2}; likeness {:.2}, coverage {:.2}, topic words {topic}",
        best.likeness, best.coverage
    );
    if confidence >= ANSWER {
        Outcome::Answer(why)
    } else if confidence >= SUGGEST {
        Outcome::Suggest(why)
    } else {
        Outcome::Unknown(why)
    }
}

/// Log-odds from which the best document answers.
const ANSWER: f32 = 0.7;

/// Log-odds from which near topics are offered.
const SUGGEST: f32 = -1.0;

/// What one word of another field takes away.
const OFF_FIELD: f32 = 4.2;

/// Covered weight above which more words make a question no surer.
const ENOUGH: f32 = 12.0;

/// Log-odds that the best document answers. Fitted by logistic regression: golden questions, and a third of the
/// library's own questions taken out before indexing, against questions about other things.
fn confidence(query: &Query, found: &[Found], topic: usize) -> f32 {
    let best = &found[0];
    let sure = near(best.likeness);
    if query.terms.spelled {
        return 3.0 * best.likeness.max(best.heading) + 8.0 * best.coverage - 5.5;
    }
    let raw = found.iter().map(|found| found.raw).fold(0.0, f32::max);
    let covered = (best.coverage * query.weight).min(ENOUGH) / ENOUGH;
    0.38 * best.likeness + 0.69 * best.heading + 0.42 * best.coverage - 2.01 * best.local
        + 0.66 * topic.min(3) as f32
        + 0.717 * raw / (query.weight + 5.0)
        + 5.0 * covered
        + 4.0 * sure
        - OFF_FIELD * off_field(&query.text) as f32 * (1.0 - sure)
        - 3.97
}

/// 0 up to a likeness of 0.7, 1 for the same question.
fn near(likeness: f32) -> f32 {
    ((likeness - 0.7) / 0.3).max(0.0)
}

/// How many words of other fields `text` holds, at most two.
fn off_field(text: &str) -> usize {
    OTHER_FIELDS.find_iter(text).take(2).count()
}

static OTHER_FIELDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(include_str!("off_field.txt").split_whitespace())
        .expect("a short list of words compiles")
});
