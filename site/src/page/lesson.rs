//! A lesson: three lengths, letter to parents, work sheet, quiz.

use askama::Template;
use fenghuo_content::kind::Lesson;

use super::document::{Common, Part};
use crate::frame::render;

#[derive(Template)]
#[template(path = "lesson.html")]
struct View<'a> {
    common: &'a Common<'a>,
    grades: String,
    objectives: &'a [String],
    materials: &'a [String],
    /// Address and title.
    quiz: Option<(String, &'a str)>,
    parts: Vec<LessonPart<'a>>,
}

struct LessonPart<'a> {
    part: Part<'a>,
    /// Whether it is handed out, and so can be printed on its own.
    handout: bool,
}

pub(super) fn main<'a>(common: &'a Common<'a>, lesson: &'a Lesson) -> String {
    let quiz = lesson.quiz.as_ref().and_then(|id| common.site.library.find(id.as_str()));
    let handouts = [&lesson.letter.anchor, &lesson.worksheet.anchor];
    let parts = lesson.sections().into_iter();
    render(&View {
        common,
        grades: lesson.grade_label(),
        objectives: &lesson.objectives,
        materials: &lesson.materials,
        quiz: quiz.map(|quiz| (quiz.address(), quiz.meta.title.as_str())),
        parts: parts
            .map(|s| LessonPart { part: common.part(s), handout: handouts.contains(&&s.anchor) })
            .collect(),
    })
}
