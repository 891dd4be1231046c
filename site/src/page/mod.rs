//! Every page of the site, one file a sort: what it shows is gathered here, how it looks stands in its template.

mod board;
mod boards;
mod bulletin;
mod case;
mod checklist;
mod document;
mod editors;
mod entry;
mod guide;
mod home;
mod knowledge;
mod lesson;
mod lesson_part;
mod lessons;
mod list;
mod notice;
mod plain;
mod portal;
mod published;
mod quiz;
mod search;
mod timeline;
mod topics;

use fenghuo_content::{Kind, Lang};

use crate::Site;
use crate::pack::Place;
use crate::route::Route;

pub(crate) use lessons::{Choice, FIND, found};
pub use published::PublishedPage;
pub(crate) use search::{Results, results, version};

/// A page before it is put in its frame.
#[derive(Default)]
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) description: String,
    /// HTML of the main part.
    pub(crate) main: String,
    /// JSON-LD, safe inside a script element.
    pub(crate) json_ld: String,
    /// Address of the same page in the other language.
    pub(crate) other: Option<String>,
    pub(crate) lang: Lang,
    /// Addresses of scripts only this page needs.
    pub(crate) scripts: Vec<String>,
    /// Addresses of style sheets only this page needs.
    pub(crate) styles: Vec<String>,
    pub(crate) noindex: bool,
}

/// The page for readers that `route` names; feeds and files have none.
pub(crate) fn page(site: &Site, path: &str, route: &Route) -> Page {
    match route {
        Route::Home => home::home(site),
        Route::English(page) => list::english(site, *page),
        Route::Document(position) => document::document(site, *position),
        Route::Kind(Kind::Knowledge, _) => topics::topics(site),
        Route::Kind(Kind::Case, page) => timeline::all(site, *page),
        Route::Kind(Kind::Notice, _) => notice::list(site, ""),
        Route::Kind(Kind::Lesson, page) => lessons::all(site, *page),
        Route::Kind(Kind::Board, page) => boards::boards(site, *page),
        Route::Kind(kind, page) => list::kind(site, *kind, *page),
        Route::Category(position, page) => timeline::category(site, *position, *page),
        Route::CaseYear(position, page) => timeline::year(site, *position, *page),
        Route::CaseSort(hazard, page) => timeline::sort(site, *hazard, *page),
        Route::Topic(position, page) => list::topic(site, *position, *page),
        Route::Season(quarter, page) => list::season(site, *quarter, *page),
        Route::Setting(setting) => portal::portal(site, *setting),
        Route::SettingKind(setting, kind, page) => list::setting(site, *setting, *kind, *page),
        Route::LessonGrade(grade, page) => lessons::grade(site, *grade, *page),
        Route::LessonSeason(quarter, page) => lessons::season(site, *quarter, *page),
        Route::LessonTopic(topic, page) => lessons::topic(site, topic, *page),
        Route::Lesson(Place::Part(position, part)) => lesson_part::page(site, *position, *part),
        Route::Editors(finding, page) => editors::editors(site, *finding, *page),
        Route::Search => results(site, None),
        Route::Offline => plain::offline(site),
        _ => plain::missing(site, path),
    }
}
