//! Golden questions: what was asked, what must come back, and how often it does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Answer, AnswerKind, Engine};

/// One line of a golden file.
#[derive(Clone, Debug, Deserialize)]
pub struct GoldenLine {
    /// Id of the line.
    pub id: String,
    /// The question.
    pub q: String,
    /// `answer`, `emergency` or `unknown`.
    pub expect: Expect,
    /// Every group must be met by any of its patterns, searched in the text.
    #[serde(default)]
    pub must: Vec<Vec<String>>,
    /// None of these may be found in the text.
    #[serde(default)]
    pub must_not: Vec<String>,
    /// Tags for counting.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// What a golden line expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expect {
    /// Met by `answer` and `emergency`.
    Answer,
    /// Met by `emergency` only.
    Emergency,
    /// Met by `unknown`, `suggest` and `greeting`.
    Unknown,
}

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
    /// Which part was not met.
    pub reason: String,
    /// The text that came back.
    pub text: String,
}

/// What a golden set gave.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// All lines.
    pub all: Counts,
    /// By expectation: `answer`, `emergency`, `unknown`.
    pub by_expect: BTreeMap<String, Counts>,
    /// By tag.
    pub by_tag: BTreeMap<String, Counts>,
    /// Lines that were not met.
    pub failures: Vec<Failure>,
}

/// A golden line that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum GoldenError {
    /// Not JSON of the contract's shape.
    #[error("golden line {line}: not readable")]
    Line {
        /// Number of the line, from 1.
        line: usize,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A pattern is no regular expression.
    #[error("golden line `{id}`: pattern `{pattern}` cannot be compiled")]
    Pattern {
        /// Id of the line.
        id: String,
        /// The pattern.
        pattern: String,
        /// Why.
        #[source]
        source: Box<fancy_regex::Error>,
    },
}

/// Asks `engine` every line of `lines` (JSON, one a line; blank lines are skipped).
///
/// # Errors
/// When a line or one of its patterns cannot be read.
pub fn golden(engine: &Engine, lines: &str) -> Result<Report, GoldenError> {
    let mut report = Report::default();
    for (number, line) in (1..).zip(lines.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let line: GoldenLine = serde_json::from_str(line)
            .map_err(|source| GoldenError::Line { line: number, source })?;
        let patterns = Patterns::of(&line)?;
        let answer = engine.ask(&line.q);
        let fault = judge(&line, &patterns, &answer);
        report.count(&line, fault.is_none());
        report.failures.extend(fault.map(|reason| Failure {
            id: line.id,
            q: line.q,
            expect: line.expect,
            kind: answer.kind,
            reason,
            text: answer.text,
        }));
    }
    Ok(report)
}

impl Report {
    fn count(&mut self, line: &GoldenLine, met: bool) {
        let expect = self.by_expect.entry(line.expect.key().to_owned()).or_default();
        let tags = line.tags.iter();
        for counts in [&mut self.all, expect] {
            counts.add(met);
        }
        for tag in tags {
            self.by_tag.entry(tag.clone()).or_default().add(met);
        }
    }
}

impl Counts {
    fn add(&mut self, met: bool) {
        self.total += 1;
        self.right += u32::from(met);
    }
}

impl Expect {
    /// The word of the contract.
    pub fn key(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Emergency => "emergency",
            Self::Unknown => "unknown",
        }
    }

    /// Whether an answer of this kind meets it.
    pub fn meets(self, kind: AnswerKind) -> bool {
        use AnswerKind::{Answer, Emergency, Greeting, Suggest, Unknown};
        match self {
            Self::Answer => matches!(kind, Answer | Emergency),
            Self::Emergency => kind == Emergency,
            Self::Unknown => matches!(kind, Unknown | Suggest | Greeting),
        }
    }
}

/// The patterns of a line, compiled before it is asked, so that a broken one is always found.
struct Patterns {
    must: Vec<Vec<fancy_regex::Regex>>,
    must_not: Vec<fancy_regex::Regex>,
}

impl Patterns {
    fn of(line: &GoldenLine) -> Result<Self, GoldenError> {
        let compile = |pattern: &String| {
            fancy_regex::Regex::new(pattern).map_err(|source| GoldenError::Pattern {
                id: line.id.clone(),
                pattern: pattern.clone(),
                source: Box::new(source),
            })
        };
        let group = |patterns: &Vec<String>| patterns.iter().map(compile).collect();
        Ok(Self {
            must: line.must.iter().map(group).collect::<Result<_, _>>()?,
            must_not: group(&line.must_not)?,
        })
    }
}

/// What is wrong with `answer`, if anything.
fn judge(line: &GoldenLine, patterns: &Patterns, answer: &Answer) -> Option<String> {
    if !line.expect.meets(answer.kind) {
        return Some(format!("{} instead of {}", answer.kind.key(), line.expect.key()));
    }
    // A pattern that gives up on a text (its look-arounds backtrack too far) has not been found in it.
    let found = |pattern: &fancy_regex::Regex| pattern.is_match(&answer.text).unwrap_or(false);
    if let Some(pattern) = patterns.must_not.iter().find(|pattern| found(pattern)) {
        return Some(format!("says what it must not: {}", pattern.as_str()));
    }
    let unmet = patterns.must.iter().find(|group| !group.iter().any(found))?;
    let group: Vec<&str> = unmet.iter().map(fancy_regex::Regex::as_str).collect();
    Some(format!("does not say: {}", group.join(" | ")))
}
