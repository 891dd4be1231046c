//! What a conversation remembers between two messages: where it is and what it offered. No text of the reader.

use serde::{Deserialize, Serialize};

use super::Choice;
use super::choice::Mark;

/// Answers that can still be voted on.
const MAX_ANSWERS: usize = 4;
/// Steps back a guide remembers.
const MAX_PATH: usize = 30;
/// Sessions larger than this are not ours.
const MAX_JSON: usize = 32 * 1024;
/// Raised when old sessions can no longer be read.
const VERSION: u8 = 1;

/// The memory of one conversation; small, and readable as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    version: u8,
    pub(super) state: State,
    /// Choices of the last reply in order: what a number or a label typed next means.
    pub(super) offered: Vec<Choice>,
    /// The last answers, for votes.
    pub(super) answers: Vec<Answered>,
    /// Whether the last reply asked for the code of a notice.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) code_asked: bool,
}

/// Where a conversation is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// Nowhere in particular.
    #[default]
    Idle,
    /// At a step of a guide.
    Guide(GuideState),
    /// At a question of a quiz.
    Quiz(QuizState),
    /// At an item of a checklist.
    Check(CheckState),
}

/// At a step of a guide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct GuideState {
    /// Document id.
    pub(super) doc: String,
    /// The step shown.
    pub(super) step: String,
    /// Steps before it, the latest last.
    pub(super) path: Vec<String>,
}

/// At a question of a quiz: as many as there are marks have been answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct QuizState {
    /// Document id.
    pub(super) doc: String,
    /// Hash of the document: after an edit the marks mean nothing.
    pub(super) hash: String,
    /// One `r` or `w` for each question answered.
    pub(super) marks: String,
    /// Options ticked so far, as bits, where several are right.
    pub(super) ticked: u32,
}

/// At an item of a checklist: as many as there are marks have been looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct CheckState {
    /// Document id.
    pub(super) doc: String,
    /// Hash of the document.
    pub(super) hash: String,
    /// One letter of [`Mark`] for each item.
    pub(super) marks: String,
}

/// An answer given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answered {
    pub(super) doc: String,
    pub(super) section: String,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            version: VERSION,
            state: State::Idle,
            offered: Vec::new(),
            answers: Vec::new(),
            code_asked: false,
        }
    }
}

impl Session {
    /// Reads a stored session; what is absent, old, foreign or oversized becomes a fresh one.
    pub fn read(json: Option<&str>) -> Self {
        json.filter(|json| json.len() <= MAX_JSON)
            .and_then(|json| serde_json::from_str::<Self>(json).ok())
            .filter(|session| session.version == VERSION)
            .unwrap_or_default()
    }

    /// The session as JSON.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("a session holds only text and numbers")
    }

    /// What the reader saw on the choice `id`, if the last reply offered it.
    pub fn label(&self, id: &str) -> Option<&str> {
        self.offered.iter().find(|choice| choice.id == id).map(|choice| choice.label.as_str())
    }

    /// Remembers an answer for votes.
    pub(super) fn remember(&mut self, doc: &str, section: &str) {
        let answered = Answered { doc: doc.to_owned(), section: section.to_owned() };
        self.answers.retain(|old| *old != answered);
        self.answers.push(answered);
        let surplus = self.answers.len().saturating_sub(MAX_ANSWERS);
        self.answers.drain(..surplus);
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_false(asked: &bool) -> bool {
    !asked
}

impl Answered {
    /// What a vote names it by.
    pub(super) fn digest(&self) -> String {
        super::handle::digest(&format!("{}#{}", self.doc, self.section))
    }
}

impl GuideState {
    /// Goes on to `step`.
    pub(super) fn go(&mut self, step: &str) {
        if self.step == step {
            return;
        }
        self.path.push(std::mem::replace(&mut self.step, step.to_owned()));
        let surplus = self.path.len().saturating_sub(MAX_PATH);
        self.path.drain(..surplus);
    }

    /// Goes back one step, if there is one.
    pub(super) fn back(&mut self) {
        if let Some(step) = self.path.pop() {
            self.step = step;
        }
    }
}

impl QuizState {
    /// Number of the question to answer, from 0.
    pub(super) fn question(&self) -> usize {
        self.marks.len()
    }

    /// How many were answered rightly.
    pub(super) fn right(&self) -> usize {
        self.marks.matches('r').count()
    }
}

impl CheckState {
    /// Number of the item to look at, from 0.
    pub(super) fn item(&self) -> usize {
        self.marks.len()
    }

    /// How many items have `mark`.
    pub(super) fn count(&self, mark: Mark) -> usize {
        self.marks.matches(mark.letter()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_survives_being_stored() {
        let state = State::Guide(GuideState {
            doc: "guides/trapped".into(),
            step: "ask".into(),
            path: vec!["a".into()],
        });
        let mut session = Session { state, ..Session::default() };
        session.remember("knowledge/a/b", "answer");
        session.offered.push(Choice { id: "menu".into(), label: "菜单".into() });
        assert_eq!(Session::read(Some(&session.write())), session);
    }

    #[test]
    fn what_cannot_be_read_is_a_fresh_session() {
        let old = Session::default().write().replace("\"version\":1", "\"version\":0");
        let huge = " ".repeat(MAX_JSON + 1) + &Session::default().write();
        for json in ["", "{", "null", "[]", "{\"state\":\"flying\"}", &old, &huge] {
            assert_eq!(Session::read(Some(json)), Session::default(), "{json:.40}");
        }
        assert_eq!(Session::read(None), Session::default());
    }

    #[test]
    fn answers_and_paths_stay_bounded() {
        let mut session = Session::default();
        let mut guide = GuideState { doc: String::new(), step: String::new(), path: Vec::new() };
        for n in 0..1000 {
            session.remember("doc", &n.to_string());
            guide.go(&n.to_string());
        }
        assert_eq!(session.answers.len(), MAX_ANSWERS);
        assert_eq!(session.answers.last().map(|a| a.section.as_str()), Some("999"));
        assert_eq!(guide.path.len(), MAX_PATH);
        guide.back();
        assert_eq!(guide.step, "998");
    }
}
