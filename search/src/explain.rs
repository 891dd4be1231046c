//! Why a question got its answer, for editors and for `fenghuo ask --explain`.

use std::fmt;

use serde::Serialize;

use crate::AnswerKind;

/// Candidates an editor is shown; the JSON holds all.
const SHOWN: usize = 10;

/// The reasoning behind one answer.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The question after normalisation, as far as it was read.
    pub normalised: String,
    /// What the danger rules saw.
    pub danger: Vec<String>,
    /// Words that were looked up, with their weights.
    pub words: Vec<(String, f32)>,
    /// The things it asks for: an amount, a time, who.
    pub asks_for: Vec<&'static str>,
    /// As it was understood: slips put right, pinyin in characters.
    pub read: String,
    /// Passages considered, best first.
    pub candidates: Vec<Candidate>,
    /// The outcome.
    pub kind: AnswerKind,
    /// Probability that the library answers it.
    pub probability: f32,
    /// The rule by which it belongs to others, of `elsewhere.toml`.
    pub rule: Option<String>,
    /// The log-odds of that, by feature, the largest first.
    pub gate: Vec<(String, f32)>,
    /// What was measured for that, in the order it is learned in.
    pub gate_measured: Vec<f32>,
}

/// A document considered, with its best passage.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    /// `knowledge/kitchen/oil-pan-fire#answer`
    pub passage: String,
    /// `knowledge/kitchen/oil-pan-fire`
    pub document: String,
    /// Total score.
    pub score: f32,
    /// The score by feature, the largest first.
    pub parts: Vec<(String, f32)>,
    /// The index's own score (`bm25`) of its best passage, by part and way of cutting; only where it was asked for.
    pub fields: Vec<(String, f32)>,
    /// What was measured, in the order features are learned in.
    pub measured: Vec<f32>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "question    {}", self.normalised)?;
        if self.read != self.normalised {
            writeln!(f, "read as     {}", self.read)?;
        }
        for line in &self.danger {
            writeln!(f, "danger      {line}")?;
        }
        writeln!(f, "words       {}", parts(&self.words))?;
        if !self.asks_for.is_empty() {
            writeln!(f, "asks for    {}", self.asks_for.join(" "))?;
        }
        for candidate in self.candidates.iter().take(SHOWN) {
            writeln!(f, "candidate   {:6.2}  {}", candidate.score, candidate.passage)?;
            writeln!(f, "                    {}", parts(&candidate.parts))?;
            if !candidate.fields.is_empty() {
                writeln!(f, "                    bm25 of {}", parts(&candidate.fields))?;
            }
        }
        if let Some(rule) = &self.rule {
            writeln!(f, "elsewhere   {rule}")?;
        }
        writeln!(f, "gate        {}", parts(&self.gate))?;
        write!(f, "outcome     {} (probability {:.2})", self.kind.key(), self.probability)
    }
}

fn parts(named: &[(String, f32)]) -> String {
    named.iter().map(|(name, part)| format!("{name} {part:.2}")).collect::<Vec<_>>().join(" · ")
}
