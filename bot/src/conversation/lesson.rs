//! Lessons: choose the grade, choose the lesson, get its one-minute part and its page.

use fenghuo_content::kind::Lesson;
use fenghuo_content::{Content, Document, Kind};

use super::choice::{Action, List};
use super::list::open_as;
use super::passage::blocks_of;
use super::respond::Talk;
use super::{Block, Choice, Reply, ReplyKind, phrase};

/// Bands of grades as schools are organised: id, name, first and last grade.
const BANDS: [(&str, &str, i8, i8); 5] = [
    ("kindergarten", "幼儿园", 0, 0),
    ("lower", "小学一到三年级", 1, 3),
    ("upper", "小学四到六年级", 4, 6),
    ("middle", "初中", 7, 9),
    ("high", "高中", 10, 12),
];

impl<'a> Talk<'a> {
    pub(super) fn list_grades(&mut self) -> Reply {
        let mut choices: Vec<Choice> = BANDS
            .iter()
            .filter(|(_, _, first, last)| !self.lessons(*first, *last).is_empty())
            .map(|(id, name, ..)| Choice::new(Action::List(List::Lessons(id), 0), *name))
            .collect();
        if choices.is_empty() {
            return self.menu(phrase::EMPTY_LIST);
        }
        choices.push(Choice::new(Action::Menu, phrase::TO_MENU));
        Reply::new(ReplyKind::List).with_text(phrase::PICK_GRADE).with_choices(choices)
    }

    pub(super) fn list_lessons(&mut self, band: &str, page: usize) -> Reply {
        match BANDS.iter().find(|(id, ..)| *id == band) {
            Some((id, name, first, last)) => {
                let lessons = self.lessons(*first, *last);
                let list = List::Lessons(id);
                self.list_documents(&lessons, list, page, &phrase::lessons_for(name))
            }
            None => self.stale(),
        }
    }

    fn lessons(&self, first: i8, last: i8) -> Vec<&'a Document> {
        let fits = |document: &&Document| match &document.content {
            Content::Lesson(lesson) => lesson.grades.iter().any(|g| (first..=last).contains(g)),
            _ => false,
        };
        self.library.of_kind(Kind::Lesson).filter(fits).collect()
    }

    pub(super) fn lesson(&mut self, document: &Document, lesson: &Lesson) -> Reply {
        let quiz = lesson.quiz.as_ref().and_then(|id| self.library.find(id.as_str()));
        let mut choices: Vec<Choice> = quiz
            .map(|quiz| open_as(quiz, &phrase::quiz_of_lesson(&quiz.meta.title)))
            .into_iter()
            .collect();
        choices.push(Choice::new(Action::List(List::Grades, 0), phrase::LESSONS));
        choices.extend(self.way_on());
        let title = format!("{}（{}）", document.meta.title, lesson.grade_label());
        Reply::from_document(ReplyKind::Lesson, document)
            .with_text(phrase::heading(&title))
            .with_blocks(blocks_of(&lesson.one_minute.blocks))
            .with(Block::page(document))
            .with_choices(choices)
    }
}
