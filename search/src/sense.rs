//! What the encoder says of a question: documents near in meaning, and how near each text of a candidate is.

use std::sync::Arc;

use crate::encoder::{Meaning, Part, Progress, Vector};
use crate::query::Query;

/// The meaning of a library's texts, by document.
pub(crate) struct Senses {
    meaning: Arc<Meaning>,
    /// Places of its texts among all, by document.
    texts: Vec<Vec<usize>>,
    /// Places of questions about other things.
    elsewhere: Vec<usize>,
}

/// A question with its meaning.
pub(crate) struct Sensed<'a> {
    senses: &'a Senses,
    /// Of the question, and of the clause that asks.
    vectors: Vec<Vector>,
}

/// How near a document is: 1 for the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nearness {
    /// Its nearest passage.
    pub(crate) passage: f32,
    /// Its nearest question or title.
    pub(crate) question: f32,
    /// Its passages, by entry.
    pub(crate) entries: Vec<(usize, f32)>,
}

impl Senses {
    pub(crate) fn new(meaning: Arc<Meaning>, documents: usize) -> Self {
        let mut texts = vec![Vec::new(); documents];
        let mut elsewhere = Vec::new();
        for (place, spot) in meaning.spots().iter().enumerate() {
            texts.get_mut(spot.document).unwrap_or(&mut elsewhere).push(place);
        }
        Self { meaning, texts, elsewhere }
    }

    /// Whether every text has its vector.
    pub(crate) fn is_ready(&self) -> bool {
        self.meaning.vectors().is_some()
    }

    /// The meaning it goes by.
    pub(crate) fn meaning(&self) -> &Arc<Meaning> {
        &self.meaning
    }

    /// How many texts have their vector.
    pub(crate) fn progress(&self) -> Progress {
        self.meaning.progress()
    }

    /// The meaning of `query`.
    pub(crate) fn of(&self, query: &Query) -> Sensed<'_> {
        let encoder = self.meaning.encoder();
        let texts = std::iter::once(&query.read).chain(&query.clause);
        Sensed { senses: self, vectors: texts.map(|text| encoder.encode(text)).collect() }
    }
}

impl Sensed<'_> {
    /// Documents of the `limit` texts that are nearest.
    pub(crate) fn documents(&self, limit: usize) -> Vec<usize> {
        let near = self.vectors.iter().filter_map(|v| self.senses.meaning.nearest(v, limit));
        let held = |document: &usize| *document < self.senses.texts.len();
        near.flatten().map(|near| near.spot.document).filter(held).collect()
    }

    /// How near the nearest question about other things is.
    pub(crate) fn elsewhere(&self) -> f32 {
        let Some(vectors) = self.senses.meaning.vectors() else { return 0.0 };
        let Some(question) = self.vectors.first() else { return 0.0 };
        let cosines = self.senses.elsewhere.iter().map(|place| vectors.cosine(*place, question));
        cosines.fold(0.0, f32::max)
    }

    /// How near `document` is.
    pub(crate) fn nearness(&self, document: usize) -> Nearness {
        let mut nearness = Nearness::default();
        let Some(vectors) = self.senses.meaning.vectors() else { return nearness };
        for place in &self.senses.texts[document] {
            let cosines = self.vectors.iter().map(|vector| vectors.cosine(*place, vector));
            let cosine = cosines.fold(f32::MIN, f32::max);
            let spot = self.senses.meaning.spots()[*place];
            match spot.part {
                Part::Question | Part::Title => nearness.question = nearness.question.max(cosine),
                Part::Summary => nearness.passage = nearness.passage.max(cosine),
                Part::Passage => {
                    nearness.passage = nearness.passage.max(cosine);
                    nearness.entries.extend(spot.entry.map(|entry| (entry, cosine)));
                }
                Part::Elsewhere => {}
            }
        }
        nearness
    }
}
