//! Lists of lessons: all of them, those of one school year, those made for a season.

use fenghuo_content::Kind;

use super::Page;
use super::list::{Facet, FacetLink, Spec, kind_intro, list, setting_facet};
use crate::Site;
use crate::route::{grade_address, lesson_season_address};
use crate::season::Quarter;
use crate::text::grade_name;

const ALL: &str = "/lessons/";

/// All lessons.
pub(super) fn all(site: &Site, page: usize) -> Page {
    let settings = Facet { open: false, ..setting_facet(site, Kind::Lesson, None) };
    let spec = Spec {
        title: Kind::Lesson.name(),
        intro: kind_intro(Kind::Lesson),
        base: ALL,
        positions: site.index.of_kind(Kind::Lesson),
        name_kind: false,
        facets: vec![grade_facet(site, None), season_facet(site, None), settings],
    };
    list(site, spec, page)
}

/// Lessons of one school year.
pub(super) fn grade(site: &Site, grade: i8, page: usize) -> Page {
    let spec = Spec {
        title: &format!("课程 · {}", grade_name(grade)),
        intro: kind_intro(Kind::Lesson),
        base: &grade_address(grade),
        positions: site.index.grades.get(&grade).map_or(&[], Vec::as_slice),
        name_kind: false,
        facets: vec![grade_facet(site, Some(grade))],
    };
    list(site, spec, page)
}

/// Lessons made for a season.
pub(super) fn season(site: &Site, quarter: Quarter, page: usize) -> Page {
    let spec = Spec {
        title: &format!("课程 · {}", quarter.name()),
        intro: "专为这个季节准备的课。全年都能上的课不列在这里。",
        base: &lesson_season_address(quarter),
        positions: site.index.lesson_seasons.get(&quarter).map_or(&[], Vec::as_slice),
        name_kind: false,
        facets: vec![season_facet(site, Some(quarter))],
    };
    list(site, spec, page)
}

fn grade_facet(site: &Site, current: Option<i8>) -> Facet {
    let grades = site.index.grades.iter().map(|(grade, lessons)| FacetLink {
        address: grade_address(*grade),
        name: grade_name(*grade),
        count: lessons.len(),
        current: current == Some(*grade),
    });
    facet(site, "按年级", current.is_none(), grades)
}

fn season_facet(site: &Site, current: Option<Quarter>) -> Facet {
    let seasons = site.index.lesson_seasons.iter().map(|(quarter, lessons)| FacetLink {
        address: lesson_season_address(*quarter),
        name: quarter.name().to_owned(),
        count: lessons.len(),
        current: current == Some(*quarter),
    });
    facet(site, "按季节", current.is_none(), seasons)
}

/// `links` after the way back to all lessons.
fn facet(
    site: &Site,
    label: &'static str,
    current: bool,
    links: impl Iterator<Item = FacetLink>,
) -> Facet {
    let count = site.index.of_kind(Kind::Lesson).len();
    let all = FacetLink { address: ALL.to_owned(), name: "全部".to_owned(), count, current };
    Facet { label, links: std::iter::once(all).chain(links).collect(), open: true }
}
