//! Parts of a lesson with a page of their own: letter and work sheet for the printer, the quiz for a class.

use askama::Template;

use super::Page;
use crate::Site;
use crate::asset::{LESSON_SCRIPT, SHEET_STYLE};
use crate::frame::render;
use crate::pack::{self, NO_PUPIL_DATA, Part, Question, Subject};

#[derive(Template)]
#[template(path = "lesson_sheet.html")]
struct Sheet<'a> {
    title: String,
    lesson: &'a str,
    address: String,
    sheet: String,
}

#[derive(Template)]
#[template(path = "lesson_quiz.html")]
struct ClassQuiz<'a> {
    lesson: &'a str,
    address: String,
    questions: Vec<Question<'a>>,
    approval: String,
    privacy: &'static str,
}

/// The page of `part` of the lesson at `position`.
pub(super) fn page(site: &Site, position: usize, part: Part) -> Page {
    let Some(subject) = Subject::of(site, position) else {
        return super::plain::missing(site, "");
    };
    let context = site.context(subject.document.lang);
    let (title, main) = match part {
        Part::Quiz => ("全班小测", class_quiz(&subject)),
        Part::Letter => ("告家长书", sheet(&subject, "告家长书", pack::letter(&subject, context))),
        // Slides have a frame of their own and never come here.
        Part::Worksheet | Part::Slides => {
            ("练习单", sheet(&subject, "练习单", pack::worksheet(&subject, context)))
        }
    };
    Page {
        title: format!("{title}：{}", subject.title()),
        description: subject.document.meta.summary.clone(),
        main,
        scripts: vec![LESSON_SCRIPT.address.clone()],
        styles: vec![SHEET_STYLE.address.clone()],
        // The lesson itself is what search engines should find.
        noindex: true,
        ..Page::default()
    }
}

fn sheet(subject: &Subject<'_>, title: &str, sheet: String) -> String {
    render(&Sheet {
        title: format!("{title}：{}", subject.title()),
        lesson: subject.title(),
        address: subject.document.address(),
        sheet,
    })
}

fn class_quiz(subject: &Subject<'_>) -> String {
    render(&ClassQuiz {
        lesson: subject.title(),
        address: subject.document.address(),
        questions: Question::all(subject, subject.site.context(subject.document.lang)),
        approval: subject.document.approval(),
        privacy: NO_PUPIL_DATA,
    })
}
