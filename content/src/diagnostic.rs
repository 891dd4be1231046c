//! What an editor is told about a fault in the library: where it is, what is wrong, what to do.

use std::fmt;

use serde::Serialize;

/// How much a diagnostic weighs: errors stop `build` and the first `serve`, warnings do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Broken structure, dangerous or outdated advice.
    Error,
    /// Overdue review, freshness, readability.
    Warning,
}

/// One fault in one file, in Chinese, for editors.
///
/// Its `Display` is the contract `path:line: error|warning[rule-id]: message — what to do`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// Path inside the library, with `/`.
    pub path: String,
    /// Line in the file, from 1.
    pub line: u32,
    /// Error or warning.
    pub severity: Severity,
    /// Stable id of the rule, e.g. `front-unknown-key`.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Diagnostic {
    /// An error in `path` at `line`.
    pub fn error(
        path: &str,
        line: u32,
        rule: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self {
            path: path.to_owned(),
            line: line.max(1),
            severity: Severity::Error,
            rule,
            message: message.into(),
            help: help.into(),
        }
    }

    /// A warning in `path` at `line`.
    pub fn warning(
        path: &str,
        line: u32,
        rule: &'static str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, line, rule, message, help) }
    }

    /// Whether this stops a build.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let Self { path, line, rule, message, help, .. } = self;
        write!(f, "{path}:{line}: {severity}[{rule}]: {message} — {help}")
    }
}
