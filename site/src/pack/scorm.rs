//! SCORM 1.2: the lesson and its quiz for a learning platform, which is told score and status and nothing else.
//!
//! The schemas beside the manifest are written here: those of IMS may be copied only by registered users.
//! They describe exactly what our manifest uses.

use askama::Template;

use super::archive::Archive;
use super::sheet::Question;
use super::{Imprint, Subject};
use crate::frame::render;
use crate::render::Html;

/// Share of right answers from which a quiz counts as passed, in percent.
const PASS: u8 = 60;

/// Files that are the same in every package.
const FIXED: [(&str, &str); 4] = [
    ("adlcp_rootv1p2.xsd", include_str!("../../assets/pack/adlcp_rootv1p2.xsd")),
    ("imscp_rootv1p1p2.xsd", include_str!("../../assets/pack/imscp_rootv1p1p2.xsd")),
    ("sco.css", include_str!("../../assets/pack/sco.css")),
    ("sco.js", include_str!("../../assets/pack/sco.js")),
];

#[derive(Template)]
#[template(path = "pack/imsmanifest.xml")]
struct Manifest<'a> {
    id: String,
    title: &'a str,
    scored: bool,
    pass: u8,
    files: &'a [String],
}

#[derive(Template)]
#[template(path = "pack/sco.html")]
struct Sco<'a> {
    subject: &'a Subject<'a>,
    grades: String,
    pass: u8,
    one: Html<'a>,
    five: Html<'a>,
    thirty: Html<'a>,
    letter: Html<'a>,
    worksheet: Html<'a>,
    questions: Vec<Question<'a>>,
    imprint: Imprint,
}

/// The package of `subject`.
pub(super) fn scorm(subject: &Subject<'_>) -> Vec<u8> {
    let media = subject.media();
    let mut files = vec!["index.html".to_owned()];
    files.extend(FIXED.iter().map(|(name, _)| (*name).to_owned()));
    files.extend(media.keys().map(|path| (*path).to_owned()));
    let manifest = Manifest {
        id: format!("fenghuo-{}", subject.slug()),
        title: subject.title(),
        scored: subject.quiz.is_some(),
        pass: PASS,
        files: &files,
    };
    let mut archive = Archive::new(subject.document.meta.reviewed);
    archive.add("imsmanifest.xml", render(&manifest).as_bytes());
    archive.add("index.html", page(subject).as_bytes());
    for (name, text) in FIXED {
        archive.add(name, text.as_bytes());
    }
    for (path, media) in &media {
        archive.add(path, &media.bytes);
    }
    debug_assert_eq!(archive.names()[1..], files);
    archive.finish()
}

fn page(subject: &Subject<'_>) -> String {
    let (drawings, url) = (subject.drawings(|path, _| path.to_owned()), subject.url());
    let context = subject.away(&drawings, &url);
    let lesson = subject.lesson;
    render(&Sco {
        subject,
        grades: lesson.grade_label(),
        pass: PASS,
        one: Html { blocks: &lesson.one_minute.blocks, context },
        five: Html { blocks: &lesson.five_minutes.blocks, context },
        thirty: Html { blocks: &lesson.thirty_minutes.blocks, context },
        letter: Html { blocks: &lesson.letter.blocks, context },
        worksheet: Html { blocks: &lesson.worksheet.blocks, context },
        questions: Question::all(subject, context),
        imprint: subject.imprint(),
    })
}
