//! The answers as pages in the frame of the site.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use fenghuo_site::{FramePage, World};

use super::form::{Fields, LEVELS, Told};
use crate::subscribe::STYLE;

/// What is about to be told, with a number of its own.
#[derive(Template)]
#[template(path = "tell/confirm.html")]
struct Confirm<'a> {
    told: Told<'a>,
    title: &'a str,
    id: String,
    form: String,
}

/// The form once more, since something in it is missing.
#[derive(Template)]
#[template(path = "tell/form.html")]
struct Again<'a> {
    title: &'a str,
    id: String,
    form: String,
    /// Townships: id, name, chosen.
    regions: Vec<(&'a str, &'a str, bool)>,
    levels: Vec<(&'static str, &'static str, bool)>,
}

/// A few sentences and a way on.
#[derive(Template)]
#[template(path = "tell/note.html")]
pub(super) struct Note {
    pub(super) title: &'static str,
    pub(super) lines: Vec<String>,
    /// Address and name of the page one came from.
    pub(super) back: Option<(String, String)>,
}

pub(super) fn confirm(world: &World, told: Told<'_>) -> Response {
    let page = Confirm {
        told,
        title: &told.checklist.meta.title,
        id: told.checklist.id.to_string(),
        form: number(),
    };
    show(world, StatusCode::OK, "发给乡镇以前，看一眼", &page)
}

pub(super) fn again(
    world: &World,
    checklist: &fenghuo_content::Document,
    fields: &Fields,
) -> Response {
    let regions = world.library.regions.townships();
    let page = Again {
        title: &checklist.meta.title,
        id: checklist.id.to_string(),
        form: number(),
        regions: regions
            .map(|region| (region.id.as_str(), region.name.as_str(), region.id == fields.region))
            .collect(),
        levels: LEVELS.map(|(id, name)| (id, name, id == fields.level)).to_vec(),
    };
    show(world, StatusCode::UNPROCESSABLE_ENTITY, "选一下乡镇和结果", &page)
}

pub(super) fn note(world: &World, status: StatusCode, note: &Note) -> Response {
    show(world, status, note.title, note)
}

fn show(world: &World, status: StatusCode, title: &str, main: &impl Template) -> Response {
    let Ok(main) = main.render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let html = world.site.frame(&FramePage {
        title,
        path: "/tell",
        main: &main,
        styles: &[&STYLE.address],
        noindex: true,
        ..FramePage::default()
    });
    // The form behind it must say where it comes from: with `no-referrer` browsers say `Origin: null`.
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::REFERRER_POLICY, "same-origin")];
    (status, headers, Html(html)).into_response()
}

/// A number nobody has.
fn number() -> String {
    format!("{:032x}", rand::random::<u128>())
}
