//! A lesson: three lengths, letter to parents, work sheet, quiz, and the ways to teach and to take it along.

use askama::Template;
use fenghuo_content::kind::Lesson;

use super::document::{Common, Part};
use crate::frame::render;
use crate::pack::{self, Format, NO_PUPIL_DATA, Subject};

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
    /// Ways to teach: address, name, what it is. Empty for other languages than Chinese.
    ways: Vec<(String, &'static str, &'static str)>,
    files: Vec<Download>,
    version: String,
    privacy: &'static str,
}

struct LessonPart<'a> {
    part: Part<'a>,
    /// Where it stands alone on a sheet of paper.
    sheet: Option<String>,
}

/// A file to take along.
pub(super) struct Download {
    pub(super) address: String,
    /// Name under which it is saved.
    pub(super) name: String,
    pub(super) label: &'static str,
    pub(super) about: &'static str,
    pub(super) all: bool,
}

pub(super) fn main<'a>(common: &'a Common<'a>, lesson: &'a Lesson) -> String {
    let quiz = lesson.quiz.as_ref().and_then(|id| common.site.library.find(id.as_str()));
    let subject = Subject::new(common.site, common.document);
    let sheet = |anchor: &str| {
        let letter = (anchor == lesson.letter.anchor).then_some(pack::Part::Letter);
        let worksheet = (anchor == lesson.worksheet.anchor).then_some(pack::Part::Worksheet);
        let part = letter.or(worksheet).filter(|_| subject.is_some())?;
        Some(part.address(common.document))
    };
    let parts = lesson.sections().into_iter();
    render(&View {
        common,
        grades: lesson.grade_label(),
        objectives: &lesson.objectives,
        materials: &lesson.materials,
        quiz: quiz.map(|quiz| (quiz.address(), quiz.meta.title.as_str())),
        parts: parts
            .map(|s| LessonPart { part: common.part(s), sheet: sheet(&s.anchor) })
            .collect(),
        ways: subject.as_ref().map(ways).unwrap_or_default(),
        files: subject.as_ref().map(files).unwrap_or_default(),
        version: subject.as_ref().map(Subject::version).unwrap_or_default(),
        privacy: NO_PUPIL_DATA,
    })
}

fn ways(subject: &Subject<'_>) -> Vec<(String, &'static str, &'static str)> {
    let way = |part: pack::Part, name, about| (part.address(subject.document), name, about);
    let mut ways = vec![way(pack::Part::Slides, "放幻灯片", "投影、键盘翻页、带讲稿")];
    if subject.quiz.is_some() {
        ways.push(way(pack::Part::Quiz, "全班小测", "举手点数，只在这台设备上"));
    }
    ways.push(way(pack::Part::Letter, "告家长书", "一页 A4，填校名就打印"));
    ways.push(way(pack::Part::Worksheet, "练习单", "一页 A4，不写名字"));
    ways
}

fn files(subject: &Subject<'_>) -> Vec<Download> {
    let formats = Format::ALL.into_iter().filter(|format| subject.has(*format));
    let file = |format: Format| Download {
        address: pack::file_address(subject.document, format),
        name: format!("{}{}", subject.title(), format.ending()),
        label: format.label().0,
        about: format.label().1,
        all: format == Format::Zip,
    };
    formats.map(file).collect()
}
