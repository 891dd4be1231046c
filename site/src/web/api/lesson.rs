//! A lesson as JSON: the addresses of all its formats in lists, its whole content at its own address.

use std::collections::BTreeMap;

use fenghuo_content::Lang;
use fenghuo_content::markdown::{Block, Section, inline_text, plain_text};
use serde::Serialize;

use super::item::Whole;
use crate::Site;
use crate::pack::{Format, NO_PUPIL_DATA, Part, Subject, file_address};

/// Public addresses by name: `page`, its parts, its files.
pub(super) type Links = BTreeMap<String, String>;

/// The addresses of `subject`: pages as `page`, `slides_page`, `letter_page` …, files by their format.
pub(super) fn links(subject: &Subject<'_>) -> Links {
    let document = subject.document;
    let mut links = Links::from([("page".to_owned(), subject.url())]);
    for part in Part::ALL.into_iter().filter(|part| *part != Part::Quiz || subject.quiz.is_some()) {
        links
            .insert(format!("{}_page", part.key()), subject.site.absolute(&part.address(document)));
    }
    for format in Format::ALL.into_iter().filter(|format| subject.has(*format)) {
        let address = subject.site.absolute(&file_address(document, format));
        links.insert(format.key().to_owned(), address);
    }
    links
}

/// A lesson with all it says.
#[derive(Serialize)]
pub(super) struct WholeLesson<'a> {
    #[serde(flatten)]
    whole: Whole<'a>,
    materials: &'a [String],
    /// The parts by name: `one_minute`, `five_minutes`, `thirty_minutes`, `letter`, `worksheet`.
    parts: BTreeMap<&'static str, PartView>,
    /// The questions of its quiz.
    quiz_questions: Vec<QuestionView<'a>>,
    privacy: &'static str,
}

#[derive(Serialize)]
struct PartView {
    title: String,
    text: String,
    html: String,
}

#[derive(Serialize)]
struct QuestionView<'a> {
    text: &'a str,
    options: Vec<OptionView>,
    explanation: PartText,
}

#[derive(Serialize)]
struct OptionView {
    text: String,
    right: bool,
}

#[derive(Serialize)]
struct PartText {
    text: String,
    html: String,
}

impl<'a> WholeLesson<'a> {
    pub(super) fn new(subject: &Subject<'a>) -> Self {
        let (site, lesson) = (subject.site, subject.lesson);
        let names = ["one_minute", "five_minutes", "thirty_minutes", "letter", "worksheet"];
        let parts = names.into_iter().zip(lesson.sections());
        let questions = subject.quiz.iter().flat_map(|(_, quiz)| &quiz.questions);
        Self {
            whole: Whole::new(site, subject.document),
            materials: &lesson.materials,
            parts: parts.map(|(name, section)| (name, part(site, section))).collect(),
            quiz_questions: questions
                .map(|question| QuestionView {
                    text: &question.text,
                    options: question
                        .options
                        .iter()
                        .map(|o| OptionView { text: inline_text(&o.text), right: o.right })
                        .collect(),
                    explanation: text(site, &question.explanation),
                })
                .collect(),
            privacy: NO_PUPIL_DATA,
        }
    }
}

fn part(site: &Site, section: &Section) -> PartView {
    let PartText { text, html } = text(site, &section.blocks);
    PartView { title: section.title.clone(), text, html }
}

fn text(site: &Site, blocks: &[Block]) -> PartText {
    PartText { text: plain_text(blocks), html: site.html(blocks, Lang::Zh) }
}
