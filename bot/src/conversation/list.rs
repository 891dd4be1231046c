//! Lists to choose from: guides, quizzes, checklists, lessons by grade, cases, seasonal notices.

use fenghuo_content::{Danger, Document, Kind};

use super::choice::{Action, List};
use super::handle::handle;
use super::respond::Talk;
use super::{Choice, Reply, ReplyKind, phrase};

/// Entries of one page of a list; with `更多` and the way back it stays within a phone's screen.
pub(super) const PAGE: usize = 9;

impl<'a> Talk<'a> {
    /// The rooms of the menu that hold anything.
    pub(super) fn rooms(&self) -> Vec<Choice> {
        let room = |list, label: &str| Choice::new(Action::List(list, 0), label);
        let mut rooms: Vec<Choice> = [
            (Kind::Guide, List::Guides, phrase::GUIDES),
            (Kind::Checklist, List::Checklists, phrase::CHECKLISTS),
            (Kind::Quiz, List::Quizzes, phrase::QUIZZES),
            (Kind::Lesson, List::Grades, phrase::LESSONS),
            (Kind::Case, List::Cases, phrase::CASES),
        ]
        .into_iter()
        .filter(|(kind, ..)| self.library.of_kind(*kind).next().is_some())
        .map(|(_, list, label)| room(list, label))
        .collect();
        rooms.splice(0..0, self.sent_rooms());
        if !self.current_notices().is_empty() {
            rooms.push(room(List::Notices, phrase::NOTICES));
        }
        rooms
    }

    /// Page `page` of `list`; a page beyond its end is the first one.
    pub(super) fn list(&mut self, list: List<'_>, page: usize) -> Reply {
        match list {
            List::Guides => self.list_documents(&self.guides(), list, page, phrase::PICK_GUIDE),
            List::Checklists => self.list_kind(Kind::Checklist, list, page, phrase::PICK_CHECKLIST),
            List::Quizzes => self.list_kind(Kind::Quiz, list, page, phrase::PICK_QUIZ),
            List::Grades => self.list_grades(),
            List::Lessons(band) => self.list_lessons(band, page),
            List::Cases => self.list_cases(page),
            List::Categories => self.list_categories(),
            List::CasesOf(category) => self.list_cases_of(category, page),
            List::Notices => self.list_notices(page),
        }
    }

    fn list_kind(&self, kind: Kind, list: List<'_>, page: usize, text: &str) -> Reply {
        let documents: Vec<&Document> = self.library.of_kind(kind).collect();
        self.list_documents(&documents, list, page, text)
    }

    /// All guides, first those that dangers lead into, in the order of the dangers.
    fn guides(&self) -> Vec<&'a Document> {
        let dangers = &self.library.lexicon.dangers;
        let rank = |document: &&Document| {
            let of = |danger: &Danger| danger.guide.as_ref() == Some(&document.id);
            dangers.iter().position(of).unwrap_or(dangers.len())
        };
        let mut guides: Vec<&Document> = self.library.of_kind(Kind::Guide).collect();
        guides.sort_by_key(rank);
        guides
    }

    pub(super) fn list_documents(
        &self,
        documents: &[&Document],
        list: List<'_>,
        page: usize,
        text: &str,
    ) -> Reply {
        if documents.is_empty() {
            return self.menu(phrase::EMPTY_LIST);
        }
        let page = if page.saturating_mul(PAGE) < documents.len() { page } else { 0 };
        let rest = &documents[page * PAGE..];
        let mut choices: Vec<Choice> = rest.iter().take(PAGE).map(|d| open(d)).collect();
        if rest.len() > PAGE {
            choices.push(Choice::new(Action::List(list, page + 1), phrase::MORE));
        }
        choices.push(Choice::new(Action::Menu, phrase::TO_MENU));
        Reply::new(ReplyKind::List).with_text(text).with_choices(choices)
    }
}

/// The choice that opens `document`.
pub(super) fn open(document: &Document) -> Choice {
    open_as(document, &document.meta.title)
}

/// The choice that opens `document` under `label`.
pub(super) fn open_as(document: &Document, label: &str) -> Choice {
    Choice::new(Action::Document(&handle(document.id.as_str())), label)
}
