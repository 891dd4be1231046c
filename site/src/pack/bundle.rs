//! Several packs in one ZIP: all formats of a lesson, or all lessons made for a season.

use askama::Template;
use sha2::{Digest, Sha256};

use super::archive::Archive;
use super::{Format, NO_PUPIL_DATA, Subject, data, make, readme};
use crate::Site;
use crate::asset::SHEET_STYLE;
use crate::frame::render;
use crate::route::lesson_season_address;
use crate::season::Quarter;

/// The lessons made for a season: those for the whole year are not among them.
pub(crate) struct Bundle<'a> {
    site: &'a Site,
    quarter: Quarter,
    pub(crate) subjects: Vec<Subject<'a>>,
}

impl<'a> Bundle<'a> {
    /// The bundle of `quarter`, if lessons were made for it.
    pub(crate) fn of(site: &'a Site, quarter: Quarter) -> Option<Self> {
        let positions = site.index.lesson_seasons.get(&quarter)?;
        let subjects: Vec<Subject<'a>> =
            positions.iter().filter_map(|position| Subject::of(site, *position)).collect();
        (!subjects.is_empty()).then_some(Self { site, quarter, subjects })
    }

    pub(crate) fn title(&self) -> &'static str {
        title(self.quarter)
    }

    /// Name of its file.
    pub(crate) fn file(&self) -> String {
        file(self.quarter)
    }

    /// Public address of its page.
    pub(super) fn url(&self) -> String {
        self.site.absolute(&lesson_season_address(self.quarter))
    }

    /// Changes whenever a lesson of it does.
    pub(super) fn version(&self) -> String {
        let mut hash = Sha256::new();
        for subject in &self.subjects {
            hash.update(subject.version());
        }
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What the lessons of a season are called together.
pub(crate) fn title(quarter: Quarter) -> &'static str {
    match quarter {
        Quarter::Spring => "春季消防安全课",
        Quarter::Summer => "暑期消防安全课",
        Quarter::Autumn => "秋季消防安全课",
        Quarter::Winter => "寒假消防安全课",
    }
}

/// Name of the ZIP of a season.
pub(crate) fn file(quarter: Quarter) -> String {
    format!("{}-lessons.zip", quarter.key())
}

/// Address of the ZIP of a season.
pub(crate) fn address(quarter: Quarter) -> String {
    format!("{}{}", lesson_season_address(quarter), file(quarter))
}

/// The ZIP of one lesson.
pub(super) fn one(subject: &Subject<'_>) -> Vec<u8> {
    let mut archive = Archive::new(subject.document.meta.reviewed);
    archive.add("README.txt", readme::one(subject).as_bytes());
    add(&mut archive, subject, "");
    archive.finish()
}

#[derive(Template)]
#[template(path = "pack/bundle.html")]
struct Contents<'a> {
    title: &'static str,
    style: String,
    lessons: Vec<Line<'a>>,
    privacy: &'static str,
    version: String,
    url: String,
}

struct Line<'a> {
    subject: &'a Subject<'a>,
    grades: String,
    files: Vec<(String, &'static str)>,
    approval: String,
}

/// The ZIP of a season: a folder a lesson, with a page to find one's way.
pub(crate) fn bundle(bundle: &Bundle<'_>) -> Vec<u8> {
    let newest = bundle.subjects.iter().map(|subject| subject.document.meta.reviewed).max();
    let mut archive = Archive::new(newest.unwrap_or_default());
    archive.add("README.txt", readme::season(bundle).as_bytes());
    archive.add("index.html", contents(bundle).as_bytes());
    for subject in &bundle.subjects {
        add(&mut archive, subject, &format!("{}/", subject.folder()));
    }
    archive.finish()
}

fn contents(bundle: &Bundle<'_>) -> String {
    let line = |subject| Line {
        subject,
        grades: subject.lesson.grade_label(),
        files: present(subject)
            .map(|format| {
                (format!("{}/{}", subject.folder(), subject.file(format)), format.label().0)
            })
            .collect(),
        approval: subject.document.approval(),
    };
    render(&Contents {
        title: bundle.title(),
        style: data::url("text/css", SHEET_STYLE.bytes),
        lessons: bundle.subjects.iter().map(line).collect(),
        privacy: NO_PUPIL_DATA,
        version: bundle.version(),
        url: bundle.url(),
    })
}

/// Every format of `subject` but the ZIP itself, in `folder`; what is packed already is not packed again.
fn add(archive: &mut Archive, subject: &Subject<'_>, folder: &str) {
    for format in present(subject) {
        let name = format!("{folder}{}", subject.file(format));
        let bytes = make(subject, format);
        match format {
            Format::Epub | Format::Scorm => archive.store(&name, &bytes),
            _ => archive.add(&name, &bytes),
        }
    }
}

fn present<'a>(subject: &'a Subject<'_>) -> impl Iterator<Item = Format> + 'a {
    Format::ALL.into_iter().filter(|format| *format != Format::Zip && subject.has(*format))
}
