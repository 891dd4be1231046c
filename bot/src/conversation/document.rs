//! Opening a document: each kind shows itself in its own way, and each ends with its page.

use fenghuo_content::kind::Knowledge;
use fenghuo_content::{Content, Document, Kind, Lang};

use super::choice::Action;
use super::handle::names;
use super::list::open_as;
use super::passage::blocks_of;
use super::respond::Talk;
use super::{Block, Choice, Reply, ReplyKind, phrase};

impl<'a> Talk<'a> {
    /// Opens the document whose id `name` stands for.
    pub(super) fn open_named(&mut self, name: &str) -> Reply {
        match self.find(None, name) {
            Some(document) => self.open(document),
            None => self.stale(),
        }
    }

    /// The Chinese document `name` stands for; with `kind` the name is its id without the folder.
    pub(super) fn find(&self, kind: Option<Kind>, name: &str) -> Option<&'a Document> {
        let folder = kind.map(|kind| format!("{}/", kind.folder())).unwrap_or_default();
        let id = |document: &'a Document| document.id.as_str().strip_prefix(&folder);
        self.library.find(&format!("{folder}{name}")).or_else(|| {
            let mut zh = self.library.documents().iter().filter(|d| d.lang == Lang::Zh);
            name.starts_with('~').then(|| zh.find(|d| id(d).is_some_and(|id| names(name, id))))?
        })
    }

    fn open(&mut self, document: &Document) -> Reply {
        match &document.content {
            Content::Knowledge(knowledge) => self.knowledge(document, knowledge),
            Content::Guide(guide) => self.start_guide(document, guide),
            Content::Quiz(_) => self.begin_quiz(document, Vec::new()),
            Content::Checklist(_) => self.begin_check(document, Vec::new()),
            Content::Lesson(lesson) => self.lesson(document, lesson),
            Content::Case(case) => self.case(document, case),
            Content::Notice(notice) => self.notice(document, notice),
            Content::Bulletin(_) | Content::Board(_) | Content::Page(_) => self.summary(document),
        }
    }

    fn knowledge(&mut self, document: &Document, knowledge: &Knowledge) -> Reply {
        let reply = Reply::from_document(ReplyKind::Answer, document)
            .with_text(phrase::heading(&document.meta.title))
            .with_blocks(blocks_of(&knowledge.answer))
            .with(Block::page(document));
        self.offer_vote(reply, document.id.as_str(), "answer", self.way_on())
    }

    fn summary(&self, document: &Document) -> Reply {
        Reply::from_document(ReplyKind::Answer, document)
            .with_text(phrase::heading(&document.meta.title))
            .with_text(&document.meta.summary)
            .with(Block::page(document))
            .with_choices(self.way_on())
    }

    /// The way back into what was interrupted, else the menu.
    pub(super) fn way_on(&self) -> Vec<Choice> {
        let back = self.way_back();
        if back.is_empty() { vec![Choice::new(Action::Menu, phrase::TO_MENU)] } else { back }
    }
}

/// The choice that starts the guide `document`.
pub(super) fn start_guide(document: &Document) -> Choice {
    open_as(document, &phrase::guided(&document.meta.title))
}
