//! Where the pages and files of lessons stand on the site.

use std::collections::BTreeMap;

use fenghuo_content::{Content, Document, Kind, Library};

use super::{Bundle, Format, ICS_MIME, Subject, all_days, bundle, make, school_days, slides};
use crate::Site;
use crate::index::Index;
use crate::route::Route;
use crate::season::Quarter;

/// Safety days of all notices.
pub(crate) const CALENDAR: &str = "/calendar.ics";
/// Safety days of schools.
pub(crate) const SCHOOL_CALENDAR: &str = "/lessons/calendar.ics";

/// A page made of a part of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Slides,
    Letter,
    Worksheet,
    /// The quiz that counts hands.
    Quiz,
}

impl Part {
    pub(crate) const ALL: [Self; 4] = [Self::Slides, Self::Letter, Self::Worksheet, Self::Quiz];

    /// Its word in addresses and in the API.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Slides => "slides",
            Self::Letter => "letter",
            Self::Worksheet => "worksheet",
            Self::Quiz => "quiz",
        }
    }

    pub(crate) fn address(self, lesson: &Document) -> String {
        format!("{}{}/", lesson.address(), self.key())
    }
}

/// What a lesson has beside its own page. Lessons are named by their position in [`Library::documents`].
#[derive(Clone)]
pub(crate) enum Place {
    Part(usize, Part),
    File(usize, Format),
    Season(Quarter),
    Calendar,
    SchoolCalendar,
}

impl Place {
    pub(crate) fn mime(&self) -> &'static str {
        match self {
            Self::Part(..) => "text/html; charset=utf-8",
            Self::File(_, format) => format.mime(),
            Self::Season(_) => Format::Zip.mime(),
            Self::Calendar | Self::SchoolCalendar => ICS_MIME,
        }
    }

    /// Whether browsers are told to save it: the HTML files bring style and script along, which the policy of
    /// the site forbids to pages.
    pub(crate) fn is_download(&self) -> bool {
        matches!(self, Self::File(..) | Self::Season(_))
    }

    /// Its bytes; `None` for what is shown in the frame of the site.
    pub(crate) fn bytes(&self, site: &Site) -> Option<Vec<u8>> {
        let made = |position: usize, format| Some(make(&Subject::of(site, position)?, format));
        match self {
            Self::Part(position, Part::Slides) => {
                Some(slides::page(&Subject::of(site, *position)?).into_bytes())
            }
            Self::Part(..) => None,
            Self::File(position, format) => made(*position, *format),
            Self::Season(quarter) => Some(bundle::bundle(&Bundle::of(site, *quarter)?)),
            Self::Calendar => Some(all_days(site).into_bytes()),
            Self::SchoolCalendar => Some(school_days(site).into_bytes()),
        }
    }
}

/// The pages and files of all Chinese lessons.
pub(crate) fn routes(library: &Library, index: &Index) -> BTreeMap<String, Route> {
    let mut routes = BTreeMap::new();
    let mut add = |address: String, place| routes.insert(address, Route::Lesson(place));
    for &position in index.of_kind(Kind::Lesson) {
        let document = &library.documents()[position];
        let quiz = has_quiz(library, document);
        for part in Part::ALL.into_iter().filter(|part| *part != Part::Quiz || quiz) {
            add(part.address(document), Place::Part(position, part));
        }
        for format in Format::ALL.into_iter().filter(|format| *format != Format::Gift || quiz) {
            add(file_address(document, format), Place::File(position, format));
        }
    }
    for quarter in index.lesson_seasons.keys() {
        add(bundle::address(*quarter), Place::Season(*quarter));
    }
    add(CALENDAR.to_owned(), Place::Calendar);
    add(SCHOOL_CALENDAR.to_owned(), Place::SchoolCalendar);
    routes
}

/// Address of the file of `lesson` in `format`.
pub(crate) fn file_address(lesson: &Document, format: Format) -> String {
    format!("{}{}", lesson.address(), file_name(lesson, format))
}

/// Name of the file of `lesson` in `format`: the last part of its id, and what the format adds.
pub(crate) fn file_name(lesson: &Document, format: Format) -> String {
    let id = lesson.id.as_str();
    format!("{}{}", id.rsplit('/').next().unwrap_or(id), format.ending())
}

/// Whether `document` is a lesson whose quiz is in the library.
pub(crate) fn has_quiz(library: &Library, document: &Document) -> bool {
    let Content::Lesson(lesson) = &document.content else { return false };
    let quiz = lesson.quiz.as_ref().and_then(|id| library.find(id.as_str()));
    quiz.is_some_and(|quiz| matches!(quiz.content, Content::Quiz(_)))
}
