//! A golden line, and whether an answer meets it.

use serde::{Deserialize, Serialize};

use crate::{Answer, AnswerKind};

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
    /// The document that answers, where one is meant.
    #[serde(default)]
    pub doc: Option<String>,
    /// Other documents that answer it as well; they count like `doc`.
    #[serde(default)]
    pub also: Vec<String>,
}

impl GoldenLine {
    /// Whether `document` is one that answers.
    pub(super) fn is_answered_by(&self, document: &str) -> bool {
        self.doc.iter().chain(&self.also).any(|named| named == document)
    }
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

/// The lines of golden files with their patterns.
pub(super) fn read(lines: &str) -> Result<Vec<(GoldenLine, Patterns)>, GoldenError> {
    (1..)
        .zip(lines.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(line, text)| {
            let line: GoldenLine =
                serde_json::from_str(text).map_err(|source| GoldenError::Line { line, source })?;
            let patterns = Patterns::of(&line)?;
            Ok((line, patterns))
        })
        .collect()
}

/// The patterns of a line, compiled before it is asked, so that a broken one is always found.
pub(super) struct Patterns {
    must: Vec<Vec<fancy_regex::Regex>>,
    must_not: Vec<fancy_regex::Regex>,
}

/// What is wrong with an answer.
pub(super) enum Fault {
    Kind(String),
    Forbidden(String),
    Unsaid(String),
}

impl Fault {
    pub(super) fn reason(self) -> String {
        match self {
            Self::Kind(reason) | Self::Forbidden(reason) | Self::Unsaid(reason) => reason,
        }
    }
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

    /// What is wrong with `answer` to `line`, if anything; what must not be said before all else.
    pub(super) fn judge(&self, line: &GoldenLine, answer: &Answer) -> Option<Fault> {
        // A pattern that gives up on a text (its look-arounds backtrack too far) has not been found in it.
        let found = |pattern: &fancy_regex::Regex| pattern.is_match(&answer.text).unwrap_or(false);
        if let Some(pattern) = self.must_not.iter().find(|pattern| found(pattern)) {
            return Some(Fault::Forbidden(format!("says what it must not: {}", pattern.as_str())));
        }
        if !line.expect.meets(answer.kind) {
            let kinds = format!("{} instead of {}", answer.kind.key(), line.expect.key());
            return Some(Fault::Kind(kinds));
        }
        let unmet = self.must.iter().find(|group| !group.iter().any(found))?;
        let group: Vec<&str> = unmet.iter().map(fancy_regex::Regex::as_str).collect();
        Some(Fault::Unsaid(format!("does not say: {}", group.join(" | "))))
    }
}
