//! Pages of plain text, and the page for addresses that lead nowhere.

use askama::Template;
use fenghuo_content::Hotline;
use fenghuo_content::Kind;
use fenghuo_content::kind::Page as PageContent;

use super::Page;
use super::document::{Common, Part};
use super::entry::{Entry, entries};
use crate::Site;
use crate::frame::render;
use crate::render::Html;

#[derive(Template)]
#[template(path = "plain.html")]
struct View<'a> {
    common: &'a Common<'a>,
    intro: Html<'a>,
    parts: Vec<Part<'a>>,
}

pub(super) fn main<'a>(common: &'a Common<'a>, page: &'a PageContent) -> String {
    render(&View {
        common,
        intro: common.html(&page.body.intro),
        parts: common.parts(&page.body.sections),
    })
}

#[derive(Template)]
#[template(path = "missing.html")]
struct Missing<'a> {
    hotlines: &'a [Hotline],
    guides: Vec<Entry<'a>>,
}

/// Nothing stands at the address: whom to call and where to look.
pub(super) fn missing(site: &Site, _path: &str) -> Page {
    let guides = site.index.of_kind(Kind::Guide);
    let guides = entries(site, &guides[..guides.len().min(6)], false);
    let main = render(&Missing { hotlines: &site.library.place.hotlines, guides });
    Page { title: "没有找到这一页".to_owned(), main, noindex: true, ..Page::default() }
}
