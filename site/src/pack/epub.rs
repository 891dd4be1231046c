//! EPUB 3: the whole lesson as a book, with its drawings, a table of contents and what it offers to screen readers.

use askama::Template;
use fenghuo_content::markdown::Section;

use super::archive::Archive;
use super::sheet::Question;
use super::{Imprint, Subject, xml};
use crate::frame::render;
use crate::render::{Context, Html};

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"><rootfiles>\
    <rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles></container>\n";
const STYLE: &str = include_str!("../../assets/pack/book.css");

/// A file of the book that readers page through.
struct Chapter {
    name: &'static str,
    title: String,
    body: String,
}

/// A file of the book, as the package document lists it.
struct Item {
    id: String,
    href: String,
    mime: &'static str,
}

#[derive(Template)]
#[template(path = "pack/package.xml")]
struct Package<'a> {
    subject: &'a Subject<'a>,
    imprint: &'a Imprint,
    chapters: &'a [Chapter],
    media: &'a [Item],
}

#[derive(Template)]
#[template(path = "pack/nav.xml")]
struct Nav<'a> {
    title: &'a str,
    chapters: &'a [Chapter],
}

#[derive(Template)]
#[template(path = "pack/chapter.xml")]
struct Page<'a> {
    title: &'a str,
    body: &'a str,
}

#[derive(Template)]
#[template(path = "pack/book_cover.html")]
struct Cover<'a> {
    subject: &'a Subject<'a>,
    grades: String,
    imprint: &'a Imprint,
}

#[derive(Template)]
#[template(path = "pack/book_quiz.html")]
struct QuizPage<'a> {
    questions: &'a [Question<'a>],
}

#[derive(Template)]
#[template(path = "pack/answers.html")]
struct Answers<'a> {
    questions: &'a [Question<'a>],
}

#[derive(Template)]
#[template(path = "pack/imprint.html")]
struct Colophon<'a> {
    imprint: &'a Imprint,
}

/// The book of `subject`.
pub(super) fn epub(subject: &Subject<'_>) -> Vec<u8> {
    let imprint = subject.imprint();
    let (drawings, url) = (subject.drawings(|path, _| path.to_owned()), subject.url());
    let chapters = chapters(subject, subject.away(&drawings, &url), &imprint);
    let media = subject.media();
    let items = media.iter().zip(1..).map(|((path, media), number)| Item {
        id: format!("media-{number}"),
        href: (*path).to_owned(),
        mime: media.mime,
    });
    let items: Vec<Item> = items.collect();
    let mut archive = Archive::new(subject.document.meta.reviewed);
    archive.store("mimetype", b"application/epub+zip");
    archive.add("META-INF/container.xml", CONTAINER.as_bytes());
    let package = Package { subject, imprint: &imprint, chapters: &chapters, media: &items };
    archive.add("EPUB/package.opf", render(&package).as_bytes());
    let nav = Nav { title: subject.title(), chapters: &chapters };
    archive.add("EPUB/nav.xhtml", render(&nav).as_bytes());
    archive.add("EPUB/book.css", STYLE.as_bytes());
    for chapter in &chapters {
        let page = render(&Page { title: &chapter.title, body: &xml::close(&chapter.body) });
        archive.add(&format!("EPUB/{}.xhtml", chapter.name), page.as_bytes());
    }
    for (path, media) in &media {
        archive.add(&format!("EPUB/{path}"), &media.bytes);
    }
    archive.finish()
}

fn chapters(subject: &Subject<'_>, context: Context<'_>, imprint: &Imprint) -> Vec<Chapter> {
    let lesson = subject.lesson;
    let section = |name, section: &Section| Chapter {
        name,
        title: section.title.clone(),
        body: format!(
            "<h1>{}</h1>{}",
            crate::render::Escaped(&section.title),
            Html { blocks: &section.blocks, context }
        ),
    };
    let cover = Cover { subject, grades: lesson.grade_label(), imprint };
    let mut chapters = vec![
        Chapter { name: "cover", title: "封面".to_owned(), body: render(&cover) },
        section("one-minute", &lesson.one_minute),
        section("five-minutes", &lesson.five_minutes),
        section("thirty-minutes", &lesson.thirty_minutes),
        section("letter", &lesson.letter),
        section("worksheet", &lesson.worksheet),
    ];
    let questions = Question::all(subject, context);
    if !questions.is_empty() {
        let page = |name, title: &str, html: String| Chapter {
            name,
            title: title.to_owned(),
            body: format!("<h1>{title}</h1>{html}"),
        };
        chapters.push(page("quiz", "小测", render(&QuizPage { questions: &questions })));
        chapters.push(page("answers", "小测答案", render(&Answers { questions: &questions })));
    }
    let colophon = format!("<h1>出处和说明</h1>{}", render(&Colophon { imprint }));
    chapters
        .push(Chapter { name: "colophon", title: "出处和说明".to_owned(), body: colophon });
    chapters
}
