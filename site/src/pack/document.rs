//! The A4 file: plan, letter, work sheet, quiz paper and answers in one HTML file that needs nothing else.

use askama::Template;

use super::sheet::{Question, letter, paper, worksheet};
use super::{Imprint, Subject, data};
use crate::asset::{ICON, SHEET_STYLE};
use crate::frame::render;
use crate::render::Html;

#[derive(Template)]
#[template(path = "pack/a4.html")]
struct View<'a> {
    title: &'a str,
    summary: &'a str,
    site: &'a str,
    style: String,
    icon: String,
    grades: String,
    objectives: &'a [String],
    materials: &'a [String],
    one: Html<'a>,
    five: Html<'a>,
    thirty: Html<'a>,
    letter: String,
    worksheet: String,
    paper: String,
    questions: Vec<Question<'a>>,
    imprint: Imprint,
}

/// The A4 file of `subject`.
pub(super) fn a4(subject: &Subject<'_>) -> String {
    let (drawings, url) = (data::drawings(subject), subject.url());
    let context = subject.away(&drawings, &url);
    let lesson = subject.lesson;
    render(&View {
        title: subject.title(),
        summary: &subject.document.meta.summary,
        site: &subject.site.library.place.title,
        style: data::url("text/css", SHEET_STYLE.bytes),
        icon: data::url("image/svg+xml", ICON),
        grades: lesson.grade_label(),
        objectives: &lesson.objectives,
        materials: &lesson.materials,
        one: Html { blocks: &lesson.one_minute.blocks, context },
        five: Html { blocks: &lesson.five_minutes.blocks, context },
        thirty: Html { blocks: &lesson.thirty_minutes.blocks, context },
        letter: letter(subject, context),
        worksheet: worksheet(subject, context),
        paper: paper(subject, context),
        questions: Question::all(subject, context),
        imprint: subject.imprint(),
    })
}
