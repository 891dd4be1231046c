//! Golden questions: what was asked, what must come back, and how often it does.

use std::collections::BTreeMap;

use serde::Serialize;

use super::judge::{Expect, Fault, GoldenError, GoldenLine, read};
use super::split::Split;
use crate::{AnswerKind, Candidate, Engine};

/// Steps of the table that compares probabilities with what came true.
const BINS: usize = 10;

/// Tag of lines that sound like danger and are none.
const NEAR_MISS: &str = "nearmiss";

/// Hits among which the right document is looked for.
const FIRST_HITS: usize = 3;

/// Right and all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Lines met.
    pub right: u32,
    /// Lines asked.
    pub total: u32,
}

impl Counts {
    /// Share of lines met; 1 for none.
    pub fn rate(self) -> f64 {
        if self.total == 0 { 1.0 } else { f64::from(self.right) / f64::from(self.total) }
    }

    pub(super) fn add(&mut self, met: bool) {
        self.total += 1;
        self.right += u32::from(met);
    }
}

/// A line that was not met.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// Id of the line.
    pub id: String,
    /// The question.
    pub q: String,
    /// What was expected.
    pub expect: Expect,
    /// What came back.
    pub kind: AnswerKind,
    /// Which half it belongs to.
    pub split: Split,
    /// Which part was not met.
    pub reason: String,
    /// Place of the right document among the hits, from 1; none when it is not there or not named.
    pub rank: Option<usize>,
    /// Probability that the library answers, with the parts of its log-odds.
    pub probability: f32,
    /// The largest of those parts.
    pub parts: Vec<(String, f32)>,
    /// The text that came back.
    pub text: String,
}

/// A line whose document was not among the first three.
#[derive(Clone, Debug, Serialize)]
pub struct Stray {
    /// Id of the line.
    pub id: String,
    /// The question.
    pub q: String,
    /// The document it names.
    pub doc: String,
    /// Which half it belongs to.
    pub split: Split,
    /// What came back.
    pub kind: AnswerKind,
    /// Place of the document among all candidates, from 1; none when it is not one.
    pub rank: Option<usize>,
    /// The documents that came first.
    pub first: Vec<String>,
}

/// Lines whose probability of being answerable lay in one step, and how many of them were.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Bin {
    /// Sum of the probabilities.
    pub expected: f32,
    /// Lines that expect an answer, of all in the step.
    pub counts: Counts,
}

/// What a golden set gave.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// All lines.
    pub all: Counts,
    /// Lines that expect an answer and are met by the first one.
    pub first: Counts,
    /// Lines that name a document: it came first.
    pub document: Counts,
    /// … it was among the first three hits.
    pub third: Counts,
    /// Lines that sound like danger and are none (tag `nearmiss`), answered without an alarm.
    pub calm: Counts,
    /// Lines whose text says what it must not.
    pub must_not: u32,
    /// By expectation: `answer`, `emergency`, `unknown`; and each with its half: `answer.test`.
    pub by_expect: BTreeMap<String, Counts>,
    /// `document` and `third` by half: `document.test`.
    pub by_split: BTreeMap<String, Counts>,
    /// By tag.
    pub by_tag: BTreeMap<String, Counts>,
    /// Probability against truth, in ten steps; lines without danger only.
    pub reliability: Vec<Bin>,
    /// Lines that were not met.
    pub failures: Vec<Failure>,
    /// Lines whose document was not among the first three, met or not.
    pub strays: Vec<Stray>,
}

/// Asks every line of `lines` (JSON Lines) and counts.
///
/// # Errors
/// When a line cannot be read or holds a broken pattern.
pub fn golden(engine: &Engine, lines: &str) -> Result<Report, GoldenError> {
    let mut report = Report { reliability: vec![Bin::default(); BINS], ..Report::default() };
    for (line, patterns) in read(lines)? {
        let (answer, explanation) = engine.ask_and_explain(&line.q);
        let fault = patterns.judge(&line, &answer);
        let candidates = &explanation.candidates;
        let rank = candidates.iter().position(|found| line.is_answered_by(&found.document));
        report.count(&line, fault.is_none());
        report.count_calm(&line, answer.kind);
        report.count_rank(&line, rank);
        report.note_stray(&line, answer.kind, candidates, rank);
        if !matches!(answer.kind, AnswerKind::Emergency | AnswerKind::Greeting) {
            report.count_probability(explanation.probability, line.expect);
        }
        let Some(fault) = fault else { continue };
        report.must_not += u32::from(matches!(fault, Fault::Forbidden(_)));
        report.failures.push(Failure {
            split: Split::of(&line),
            id: line.id,
            q: line.q,
            expect: line.expect,
            kind: answer.kind,
            reason: fault.reason(),
            rank: rank.map(|rank| rank + 1),
            probability: explanation.probability,
            parts: explanation.gate.into_iter().take(6).collect(),
            text: answer.text,
        });
    }
    Ok(report)
}

impl Report {
    fn count(&mut self, line: &GoldenLine, met: bool) {
        self.all.add(met);
        if line.expect == Expect::Answer {
            self.first.add(met);
        }
        let key = line.expect.key();
        self.by_expect.entry(key.to_owned()).or_default().add(met);
        let half = format!("{key}.{}", Split::of(line).key());
        self.by_expect.entry(half).or_default().add(met);
        for tag in &line.tags {
            self.by_tag.entry(tag.clone()).or_default().add(met);
        }
    }

    fn count_calm(&mut self, line: &GoldenLine, kind: AnswerKind) {
        if line.tags.iter().any(|tag| tag == NEAR_MISS) {
            self.calm.add(kind != AnswerKind::Emergency);
        }
    }

    fn count_rank(&mut self, line: &GoldenLine, rank: Option<usize>) {
        if line.doc.is_none() {
            return;
        }
        let (first, third) = (rank == Some(0), rank.is_some_and(|rank| rank < FIRST_HITS));
        self.document.add(first);
        self.third.add(third);
        let half = Split::of(line).key();
        self.by_split.entry(format!("document.{half}")).or_default().add(first);
        self.by_split.entry(format!("third.{half}")).or_default().add(third);
    }

    fn note_stray(
        &mut self,
        line: &GoldenLine,
        kind: AnswerKind,
        candidates: &[Candidate],
        rank: Option<usize>,
    ) {
        let Some(doc) = &line.doc else { return };
        if rank.is_some_and(|rank| rank < FIRST_HITS) {
            return;
        }
        let first = candidates.iter().take(FIRST_HITS).map(|found| found.document.clone());
        self.strays.push(Stray {
            id: line.id.clone(),
            q: line.q.clone(),
            doc: doc.clone(),
            split: Split::of(line),
            kind,
            rank: rank.map(|rank| rank + 1),
            first: first.collect(),
        });
    }

    fn count_probability(&mut self, probability: f32, expect: Expect) {
        let at = ((probability * BINS as f32) as usize).min(BINS - 1);
        self.reliability[at].expected += probability;
        self.reliability[at].counts.add(expect == Expect::Answer);
    }
}
