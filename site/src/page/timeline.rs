//! Cases in order of time, newest first, all of them or those of one kind of place.

use askama::Template;
use fenghuo_content::kind::{Case, Incident};
use fenghuo_content::{Content, Document, Kind};

use super::Page;
use super::list::{Facet, FacetLink, Pager, kind_intro, slice};
use crate::Site;
use crate::frame::render;
use crate::index::is_hazard;
use crate::route::{category_address, sort_address, year_address};

#[derive(Template)]
#[template(path = "timeline.html")]
struct Timeline<'a> {
    title: &'a str,
    intro: &'static str,
    facets: Vec<Facet>,
    total: usize,
    years: Vec<Year<'a>>,
    pager: Pager,
}

struct Year<'a> {
    number: i16,
    cases: Vec<CaseView<'a>>,
}

struct CaseView<'a> {
    document: &'a Document,
    address: String,
    day: String,
    place: &'a str,
    category: &'a str,
    hazard: bool,
    /// `死亡 17 人，受伤 3 人`, as far as known.
    people: String,
}

/// All cases.
pub(super) fn all(site: &Site, page: usize) -> Page {
    timeline(site, "案例", "/cases/", site.index.of_kind(Kind::Case), page)
}

/// Cases of one kind of place.
pub(super) fn category(site: &Site, position: usize, page: usize) -> Page {
    let (name, cases) = &site.index.categories[position];
    timeline(site, &format!("案例 · {name}"), &category_address(name), cases, page)
}

/// Cases of one year.
pub(super) fn year(site: &Site, position: usize, page: usize) -> Page {
    let (year, cases) = &site.index.case_years[position];
    timeline(site, &format!("案例 · {year} 年"), &year_address(*year), cases, page)
}

/// Fires, or hazards made public.
pub(super) fn sort(site: &Site, hazard: bool, page: usize) -> Page {
    let title = format!("案例 · {}", sort_name(hazard));
    let cases = &site.index.case_sorts[usize::from(hazard)];
    timeline(site, &title, &sort_address(hazard), cases, page)
}

fn sort_name(hazard: bool) -> &'static str {
    if hazard { "隐患曝光" } else { "火灾" }
}

fn timeline(site: &Site, title: &str, base: &str, positions: &[usize], page: usize) -> Page {
    let documents = slice(positions, page).iter().map(|i| &site.library.documents()[*i]);
    let mut years: Vec<Year<'_>> = Vec::new();
    for document in documents {
        let Content::Case(case) = &document.content else { continue };
        let number = case.incident.date().year();
        let view = view(document, case);
        match years.last_mut() {
            Some(year) if year.number == number => year.cases.push(view),
            _ => years.push(Year { number, cases: vec![view] }),
        }
    }
    let view = Timeline {
        title,
        intro: kind_intro(Kind::Case),
        facets: vec![sort_facet(site, base), year_facet(site, base), category_facet(site, base)],
        total: positions.len(),
        years,
        pager: Pager::new(base, page, positions.len()),
    };
    Page {
        title: title.to_owned(),
        description: view.intro.to_owned(),
        main: render(&view),
        ..Page::default()
    }
}

fn view<'a>(document: &'a Document, case: &'a Case) -> CaseView<'a> {
    let date = case.incident.date();
    CaseView {
        document,
        address: document.address(),
        day: format!("{}月{}日", date.month(), date.day()),
        place: case.incident.place(),
        category: case.incident.category(),
        hazard: is_hazard(case),
        people: people(&case.incident),
    }
}

fn people(incident: &Incident) -> String {
    let Incident::Fire(fire) = incident else { return String::new() };
    let deaths =
        fire.deaths.map(|n| if n == 0 { "无人死亡".to_owned() } else { format!("死亡 {n} 人") });
    let injuries = fire.injuries.filter(|n| *n > 0).map(|n| format!("受伤 {n} 人"));
    deaths.into_iter().chain(injuries).collect::<Vec<_>>().join("，")
}

fn sort_facet(site: &Site, base: &str) -> Facet {
    let links = [false, true].into_iter().map(|hazard| FacetLink {
        address: sort_address(hazard),
        name: sort_name(hazard).to_owned(),
        count: site.index.case_sorts[usize::from(hazard)].len(),
        current: sort_address(hazard) == base,
    });
    let links: Vec<FacetLink> = links.filter(|link| link.count > 0).collect();
    Facet { label: "按种类", open: links.iter().any(|link| link.current), links }
}

fn year_facet(site: &Site, base: &str) -> Facet {
    let links = site.index.case_years.iter().map(|(year, cases)| FacetLink {
        address: year_address(*year),
        name: format!("{year} 年"),
        count: cases.len(),
        current: year_address(*year) == base,
    });
    let links: Vec<FacetLink> = links.collect();
    Facet { label: "按年份", open: links.iter().any(|link| link.current), links }
}

fn category_facet(site: &Site, base: &str) -> Facet {
    let categories = site.index.categories.iter().map(|(name, cases)| FacetLink {
        address: category_address(name),
        name: name.clone(),
        count: cases.len(),
        current: category_address(name) == base,
    });
    let all = FacetLink {
        address: "/cases/".to_owned(),
        name: "全部".to_owned(),
        count: site.index.of_kind(Kind::Case).len(),
        current: base == "/cases/",
    };
    let links: Vec<FacetLink> = std::iter::once(all).chain(categories).collect();
    // Dozens of kinds of place would push the cases off the first screen of a phone.
    Facet { label: "按场所", open: links.len() <= 8, links }
}
