//! Passages: the pieces of a document that can be found, shown and cited on their own.

use crate::kind::Step;
use crate::markdown::{Block, Section, plain_text};
use crate::{Content, Document, DocumentId, Lang};

/// A passage with a stable id (`document#anchor`).
#[derive(Clone, Debug)]
pub struct Passage<'a> {
    /// The document it belongs to.
    pub document: &'a Document,
    /// Anchor on the page; `answer` for the answer of a knowledge document, `message` for a notice.
    pub anchor: &'a str,
    /// Heading of the section, or the title of the document.
    pub heading: &'a str,
    /// What part it plays.
    pub role: Role,
    /// Its blocks.
    pub blocks: Vec<&'a Block>,
}

/// What part a passage plays in its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// What the bot says first.
    Answer,
    /// A section of the text.
    Section,
    /// A step of a guide.
    Step,
    /// The short message of a notice.
    Message,
    /// A checklist, lesson, quiz or board as a whole: its summary.
    Summary,
}

impl Passage<'_> {
    /// `knowledge/kitchen/oil-pan-fire#answer`
    pub fn id(&self) -> String {
        format!("{}#{}", self.document.id, self.anchor)
    }

    /// The id of its document.
    pub fn document_id(&self) -> &DocumentId {
        &self.document.id
    }

    /// Its language.
    pub fn lang(&self) -> Lang {
        self.document.lang
    }

    /// Its text without marks, one line a block or item.
    pub fn text(&self) -> String {
        if self.role == Role::Summary {
            return self.document.meta.summary.clone();
        }
        plain_text(self.blocks.iter().copied())
    }
}

impl Document {
    /// Its passages in reading order; the first is what to show first.
    pub fn passages(&self) -> Vec<Passage<'_>> {
        let mut passages = vec![self.lead()];
        match &self.content {
            Content::Knowledge(knowledge) => {
                passages.extend(knowledge.body.sections.iter().map(|s| self.section(s)));
            }
            Content::Case(case) => {
                passages.extend(case.sections().into_iter().map(|s| self.section(s)));
            }
            Content::Guide(guide) => passages.extend(guide.steps.iter().map(|s| self.step(s))),
            Content::Notice(notice) => {
                passages.extend(notice.details.iter().map(|s| self.section(s)));
            }
            Content::Lesson(lesson) => {
                passages.extend(lesson.sections().into_iter().map(|s| self.section(s)));
            }
            Content::Bulletin(bulletin) => {
                passages.extend(bulletin.body.sections.iter().map(|s| self.section(s)));
            }
            Content::Board(board) => {
                passages.extend(board.body.sections.iter().map(|s| self.section(s)));
            }
            Content::Page(page) => {
                passages.extend(page.body.sections.iter().map(|s| self.section(s)));
            }
            Content::Quiz(_) | Content::Checklist(_) => {}
        }
        passages
    }

    /// What to show first: answer, message or summary.
    fn lead(&self) -> Passage<'_> {
        let (anchor, role, blocks): (_, _, Vec<&Block>) = match &self.content {
            Content::Knowledge(knowledge) => {
                ("answer", Role::Answer, knowledge.answer.iter().collect())
            }
            Content::Notice(notice) => ("message", Role::Message, notice.message.iter().collect()),
            _ => ("summary", Role::Summary, Vec::new()),
        };
        Passage { document: self, anchor, heading: &self.meta.title, role, blocks }
    }

    fn section<'a>(&'a self, section: &'a Section) -> Passage<'a> {
        Passage {
            document: self,
            anchor: &section.anchor,
            heading: &section.title,
            role: Role::Section,
            blocks: section.blocks.iter().collect(),
        }
    }

    fn step<'a>(&'a self, step: &'a Step) -> Passage<'a> {
        Passage {
            document: self,
            anchor: &step.id,
            heading: &step.title,
            role: Role::Step,
            blocks: step.blocks.iter().collect(),
        }
    }

    /// The ways people ask for it, where its kind has any.
    pub fn questions(&self) -> &[String] {
        match &self.content {
            Content::Knowledge(knowledge) => &knowledge.questions,
            Content::Guide(guide) => &guide.questions,
            _ => &[],
        }
    }
}
