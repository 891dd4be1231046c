//! Why a question got its answer, for editors and for `fenghuo ask --explain`.

use std::fmt;

use serde::Serialize;

use crate::AnswerKind;

/// The reasoning behind one answer.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The question after normalisation, as far as it was read.
    pub normalised: String,
    /// What the danger rules saw.
    pub danger: Vec<String>,
    /// Words that were looked up, with their weights.
    pub words: Vec<(String, f32)>,
    /// Passages considered, best first.
    pub candidates: Vec<Candidate>,
    /// The outcome.
    pub kind: AnswerKind,
    /// Why this outcome.
    pub reason: String,
}

/// A document considered, with its best passage.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    /// `knowledge/kitchen/oil-pan-fire#answer`
    pub passage: String,
    /// Total score.
    pub score: f32,
    /// Share of the question's weight that the document covers, 0 to 1.
    pub coverage: f32,
    /// Share that the passage itself holds, 0 to 1.
    pub local: f32,
    /// The index's own score.
    pub raw: f32,
    /// Likeness to the heading of the passage, 0 to 1.
    pub heading: f32,
    /// Likeness to one of the document's own questions, 0 to 1.
    pub likeness: f32,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "question    {}", self.normalised)?;
        for line in &self.danger {
            writeln!(f, "danger      {line}")?;
        }
        let words: Vec<String> = self.words.iter().map(|(w, n)| format!("{w}:{n:.1}")).collect();
        writeln!(f, "words       {}", words.join(" "))?;
        for c in &self.candidates {
            writeln!(
                f,
                "candidate   {:6.2} coverage {:.2} likeness {:.2} {}",
                c.score, c.coverage, c.likeness, c.passage
            )?;
        }
        write!(f, "outcome     {}: {}", self.kind.key(), self.reason)
    }
}
