//! Every address of the site and what stands there.

use std::collections::BTreeMap;

use fenghuo_content::{Kind, Lang, Library, Setting};
use fenghuo_search::Compact;

use crate::asset::{self, Asset};
use crate::audit::{Audit, Finding};
use crate::index::Index;
use crate::pack::{self, Place};
use crate::season::Quarter;

/// Most entries of one list page.
pub(crate) const PER_PAGE: usize = 100;
/// What is shown without a network where no copy was kept.
pub(crate) const OFFLINE: &str = "/offline/";
/// Folder of the index for search without a server.
pub(crate) const SEARCH_INDEX: &str = "/search-index/";
/// Where editors see what is to be done.
pub(crate) const EDITORS: &str = "/editors/";

/// What stands at an address. Documents are named by their position in [`Library::documents`], list pages count from 0.
#[derive(Clone)]
pub(crate) enum Route {
    Home,
    English(usize),
    Document(usize),
    Kind(Kind, usize),
    Topic(usize, usize),
    Setting(Setting),
    SettingKind(Setting, Kind, usize),
    Season(Quarter, usize),
    Category(usize, usize),
    /// Cases of the year at a position of [`Index::case_years`].
    CaseYear(usize, usize),
    /// Fires, or hazards made public.
    CaseSort(bool, usize),
    LessonGrade(i8, usize),
    LessonSeason(Quarter, usize),
    LessonTopic(String, usize),
    /// A page or file beside the page of a lesson.
    Lesson(Place),
    /// All documents for editors, or those with a finding.
    Editors(Option<Finding>, usize),
    Search,
    Missing,
    NoticeFeed,
    LibraryFeed,
    Sitemap,
    Robots,
    Llms,
    Manifest,
    /// The service worker.
    Worker,
    /// What is shown without a network where no copy was kept.
    Offline,
    /// A file of the index for search without a server.
    SearchIndex(String),
    Icon,
    PngIcon(&'static [u8]),
    Asset(&'static Asset),
    Media(String),
    Redirect(String),
}

impl Route {
    /// Whether it is a page for readers that search engines may list.
    pub(crate) fn is_page(&self) -> bool {
        matches!(
            self,
            Self::Home
                | Self::English(_)
                | Self::Document(_)
                | Self::Kind(..)
                | Self::Topic(..)
                | Self::Setting(_)
                | Self::SettingKind(..)
                | Self::Season(..)
                | Self::Category(..)
                | Self::CaseYear(..)
                | Self::CaseSort(..)
                | Self::LessonGrade(..)
                | Self::LessonSeason(..)
                | Self::LessonTopic(..)
        )
    }

    pub(crate) fn mime(&self) -> &'static str {
        match self {
            Self::NoticeFeed | Self::LibraryFeed => "application/atom+xml; charset=utf-8",
            Self::Sitemap => "application/xml; charset=utf-8",
            Self::Robots | Self::Llms => "text/plain; charset=utf-8",
            Self::Manifest => "application/manifest+json",
            Self::SearchIndex(_) => "application/json",
            Self::Icon => "image/svg+xml",
            Self::PngIcon(_) => "image/png",
            Self::Worker => "text/javascript; charset=utf-8",
            Self::Asset(asset) => asset.mime,
            Self::Lesson(place) => place.mime(),
            Self::Media(path) if path.ends_with(".png") => "image/png",
            Self::Media(_) => "image/svg+xml",
            _ => "text/html; charset=utf-8",
        }
    }
}

/// Address of page `page` of the list at `base`.
pub(crate) fn list_address(base: &str, page: usize) -> String {
    if page == 0 { base.to_owned() } else { format!("{base}page/{}/", page + 1) }
}

/// `/for/school/`
pub(crate) fn setting_address(setting: Setting) -> String {
    format!("/for/{}/", setting_key(setting))
}

/// `/cases/place/学校/`
pub(crate) fn category_address(category: &str) -> String {
    format!("/cases/place/{}/", category.replace(['/', '\\', '.'], "-"))
}

/// `/cases/year/2024/`
pub(crate) fn year_address(year: i16) -> String {
    format!("/cases/year/{year}/")
}

/// `/cases/type/fire/`
pub(crate) fn sort_address(hazard: bool) -> String {
    format!("/cases/type/{}/", if hazard { "hazard" } else { "fire" })
}

/// `/lessons/grade/4/`
pub(crate) fn grade_address(grade: i8) -> String {
    format!("/lessons/grade/{grade}/")
}

/// `/lessons/season/summer/`
pub(crate) fn lesson_season_address(quarter: Quarter) -> String {
    format!("/lessons/season/{}/", quarter.key())
}

/// `/lessons/topic/escape/`
pub(crate) fn lesson_topic_address(topic: &str) -> String {
    format!("/lessons/topic/{topic}/")
}

/// `/editors/overdue/`
pub(crate) fn finding_address(finding: Finding) -> String {
    format!("{EDITORS}{}/", finding.key())
}

/// The word of a setting in addresses and in the API.
pub(crate) fn setting_key(setting: Setting) -> &'static str {
    match setting {
        Setting::Agency => "agency",
        Setting::School => "school",
        Setting::Community => "community",
        Setting::Enterprise => "enterprise",
        Setting::Village => "village",
        Setting::Home => "home",
        Setting::Web => "web",
    }
}

/// All addresses. Documents come last: they win where a list has the same address. Without `audit` each finding has as many
/// pages as all documents would fill.
pub(crate) fn routes(
    library: &Library,
    index: &Index,
    audit: Option<&Audit>,
    watch: bool,
) -> BTreeMap<String, Route> {
    let mut routes = BTreeMap::new();
    add_fixed(&mut routes, watch);
    add_lists(&mut routes, library, index);
    add_cases(&mut routes, index);
    add_lessons(&mut routes, index);
    routes.extend(pack::routes(library, index));
    add_editors(&mut routes, library.documents().len(), audit);
    if !index.english.is_empty() {
        add(&mut routes, "/en/", pages(index.english.len()), Route::English);
    }
    for (alias, target) in library.aliases() {
        let alias = format!("/{}/", alias.trim_matches('/'));
        routes.insert(alias, Route::Redirect(target.clone()));
    }
    for path in library.media.keys() {
        routes.insert(format!("/{path}"), Route::Media(path.clone()));
    }
    for (position, document) in library.documents().iter().enumerate() {
        if !document.meta.draft {
            routes.insert(document.address(), Route::Document(position));
        }
    }
    routes
}

fn add_fixed(routes: &mut BTreeMap<String, Route>, watch: bool) {
    let fixed = [
        ("/", Route::Home),
        ("/search/", Route::Search),
        ("/404.html", Route::Missing),
        ("/feeds/notices.atom", Route::NoticeFeed),
        ("/feeds/library.atom", Route::LibraryFeed),
        ("/sitemap.xml", Route::Sitemap),
        ("/robots.txt", Route::Robots),
        ("/llms.txt", Route::Llms),
        ("/manifest.webmanifest", Route::Manifest),
        ("/sw.js", Route::Worker),
        (OFFLINE, Route::Offline),
        ("/icon.svg", Route::Icon),
        ("/icon-180.png", Route::PngIcon(asset::ICON_180)),
        ("/icon-192.png", Route::PngIcon(asset::ICON_192)),
        ("/icon-512.png", Route::PngIcon(asset::ICON_512)),
        ("/icon-mask.png", Route::PngIcon(asset::ICON_MASK)),
        ("/topics/", Route::Redirect("/knowledge/".to_owned())),
        ("/for/", Route::Redirect("/".to_owned())),
    ];
    routes.extend(fixed.map(|(path, route)| (path.to_owned(), route)));
    for name in Compact::names() {
        routes.insert(format!("{SEARCH_INDEX}{name}.json"), Route::SearchIndex(name));
    }
    for asset in asset::all() {
        if watch || !asset.address.starts_with("/assets/reload") {
            routes.insert(asset.address.clone(), Route::Asset(asset));
        }
    }
}

fn add_lists(routes: &mut BTreeMap<String, Route>, library: &Library, index: &Index) {
    for kind in Kind::ALL {
        // Knowledge begins with its topics, each of which has its own list.
        let pages = if kind == Kind::Knowledge { 1 } else { pages(index.of_kind(kind).len()) };
        add(routes, &format!("/{}/", kind.folder()), pages, |page| Route::Kind(kind, page));
    }
    for (position, topic) in library.topics.iter().enumerate() {
        let pages = pages(index.of_topic(&topic.id).len());
        add(routes, &format!("/topics/{}/", topic.id), pages, |page| Route::Topic(position, page));
    }
    for setting in Setting::ALL {
        let base = setting_address(setting);
        for kind in Kind::ALL {
            let count = index.of_setting(setting, kind).len();
            if count > 0 {
                let base = format!("{base}{}/", kind.folder());
                add(routes, &base, pages(count), |page| Route::SettingKind(setting, kind, page));
            }
        }
        routes.insert(base, Route::Setting(setting));
    }
    for quarter in Quarter::ALL {
        let pages = pages(index.seasons.get(&quarter).map_or(0, Vec::len));
        add(routes, &format!("/season/{}/", quarter.key()), pages, |page| {
            Route::Season(quarter, page)
        });
    }
}

fn add_cases(routes: &mut BTreeMap<String, Route>, index: &Index) {
    for (position, (name, cases)) in index.categories.iter().enumerate() {
        add(routes, &category_address(name), pages(cases.len()), |page| {
            Route::Category(position, page)
        });
    }
    for (position, (year, cases)) in index.case_years.iter().enumerate() {
        add(routes, &year_address(*year), pages(cases.len()), |page| {
            Route::CaseYear(position, page)
        });
    }
    for hazard in [false, true] {
        let cases = &index.case_sorts[usize::from(hazard)];
        if !cases.is_empty() {
            add(routes, &sort_address(hazard), pages(cases.len()), |page| {
                Route::CaseSort(hazard, page)
            });
        }
    }
}

fn add_lessons(routes: &mut BTreeMap<String, Route>, index: &Index) {
    for (&grade, lessons) in &index.grades {
        add(routes, &grade_address(grade), pages(lessons.len()), |page| {
            Route::LessonGrade(grade, page)
        });
    }
    for (&quarter, lessons) in &index.lesson_seasons {
        add(routes, &lesson_season_address(quarter), pages(lessons.len()), |page| {
            Route::LessonSeason(quarter, page)
        });
    }
    for (topic, lessons) in &index.lesson_topics {
        add(routes, &lesson_topic_address(topic), pages(lessons.len()), |page| {
            Route::LessonTopic(topic.clone(), page)
        });
    }
}

/// A finding keeps its page when nothing is left to do, for editors who come back to it.
fn add_editors(routes: &mut BTreeMap<String, Route>, documents: usize, audit: Option<&Audit>) {
    let rows = audit.map_or(documents, |audit| audit.rows.len());
    add(routes, EDITORS, pages(rows), |page| Route::Editors(None, page));
    for finding in Finding::ALL {
        let found = audit.map_or(documents, |audit| audit.found(finding).len());
        add(routes, &finding_address(finding), pages(found), |page| {
            Route::Editors(Some(finding), page)
        });
    }
}

fn add(
    routes: &mut BTreeMap<String, Route>,
    base: &str,
    pages: usize,
    route: impl Fn(usize) -> Route,
) {
    routes.extend((0..pages).map(|page| (list_address(base, page), route(page))));
}

/// An empty list still has its page.
pub(crate) fn pages(entries: usize) -> usize {
    entries.div_ceil(PER_PAGE).max(1)
}

/// Address of a list of English documents or of the Chinese home.
pub(crate) fn home(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "/",
        Lang::En => "/en/",
    }
}
