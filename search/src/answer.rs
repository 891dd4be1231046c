//! What a question gets back, ready to be shown or sent as JSON.

use fenghuo_content::{DocumentId, Lang, Source};
use jiff::civil::Date;
use serde::Serialize;

/// One of the honest outcomes of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AnswerKind {
    /// It is happening now: the fixed card.
    Emergency,
    /// One passage, its steps and its source.
    Answer,
    /// Several near topics as choices.
    Suggest,
    /// Says what this is for and whom to call.
    Unknown,
    /// A greeting or thanks, answered with what can be asked.
    Greeting,
}

impl AnswerKind {
    /// The word the contract uses.
    pub fn key(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Answer => "answer",
            Self::Suggest => "suggest",
            Self::Unknown => "unknown",
            Self::Greeting => "greeting",
        }
    }
}

/// The reply to a question; JSON as in the contract once the caller adds `id` and `q`.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// Which outcome.
    pub kind: AnswerKind,
    /// The whole visible reply as plain text, lines parted by `\n`.
    pub text: String,
    /// Class of danger, for an emergency.
    pub danger: Option<String>,
    /// Lines of the danger card, at most four (and as many in English for who asks in English).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub card: Vec<String>,
    /// The guide that leads on step by step.
    pub guide: Option<DocumentId>,
    /// What the text was taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passage: Option<PassageRef>,
    /// Near topics to choose from.
    pub choices: Vec<Choice>,
    /// Best passages, at most five, one a document.
    pub hits: Vec<Hit>,
    /// What the text rests on.
    pub sources: Vec<Source>,
    /// Day of the last check against the sources.
    pub reviewed: Option<Date>,
    /// The line about approval, as shown in `text`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    /// Microseconds it took.
    pub took_us: u64,
}

/// A passage by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct PassageRef {
    /// Its document.
    pub doc: DocumentId,
    /// Its language.
    pub lang: Lang,
    /// Its anchor on the page.
    pub anchor: String,
}

/// A topic to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Id within this answer, which is the id of the document.
    pub id: String,
    /// What the reader sees.
    pub label: String,
    /// Where it leads.
    pub doc: DocumentId,
}

/// A passage found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hit {
    /// Id of the document.
    pub doc: String,
    /// Anchor of the passage.
    pub section: String,
    /// Title of the document, with the heading of the passage where it differs.
    pub title: String,
    /// Score; compares within one reply only.
    pub score: f32,
    /// Extract, at most 200 characters.
    pub text: String,
}

impl Answer {
    /// An answer that is its text only.
    pub(crate) fn of(kind: AnswerKind, text: String) -> Self {
        Self {
            kind,
            text,
            danger: None,
            card: Vec::new(),
            guide: None,
            passage: None,
            choices: Vec::new(),
            hits: Vec::new(),
            sources: Vec::new(),
            reviewed: None,
            approval: None,
            took_us: 0,
        }
    }
}
