//! Lesson packs: one lesson, or all of a season, in the formats schools use.
//!
//! A pack follows from the library, the public address and — the calendar only — the school year, so its
//! bytes are the same wherever and whenever it is made. No format keeps anything about pupils.

mod address;
mod archive;
mod bundle;
mod data;
mod deck;
mod document;
mod epub;
mod format;
mod gift;
mod ics;
mod readme;
mod request;
mod scorm;
mod sheet;
mod slides;
mod split;
mod subject;
mod term;
mod xml;

pub use format::Format;
pub use request::{Pack, PackError};
pub use term::CalendarDay;

pub(crate) use address::{Part, Place, SCHOOL_CALENDAR, file_address, routes};
pub(crate) use bundle::{Bundle, address as bundle_address, title as bundle_title};
pub(crate) use format::ICS_MIME;
pub(crate) use ics::{all_days, school_days};
pub(crate) use sheet::{Question, letter, worksheet};
pub(crate) use subject::{Imprint, NO_PUPIL_DATA, Subject};

/// The file of `subject` in `format`; empty where [`Subject::has`] says there is none.
pub(crate) fn make(subject: &Subject<'_>, format: Format) -> Vec<u8> {
    match format {
        Format::A4 => document::a4(subject).into_bytes(),
        Format::Slides => slides::file(subject).into_bytes(),
        Format::Epub => epub::epub(subject),
        Format::Scorm => scorm::scorm(subject),
        Format::Gift => gift::gift(subject).into_bytes(),
        Format::Ics => ics::lesson(subject).into_bytes(),
        Format::Zip => bundle::one(subject),
    }
}
