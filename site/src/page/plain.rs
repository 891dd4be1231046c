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
    title: &'a str,
    lead: &'a str,
    hotlines: &'a [Hotline],
    guides: Vec<Entry<'a>>,
}

/// Nothing stands at the address: whom to call and where to look.
pub(super) fn missing(site: &Site, _path: &str) -> Page {
    help(site, "没有找到这一页", "网址可能写错了，或者这一页搬走了。", 6)
}

/// There is no network and no copy of the page: what was kept.
pub(super) fn offline(site: &Site) -> Page {
    let lead = "现在没有网络，这一页以前没有打开过，没有存下来。下面这些存在本机，点开就能看。";
    help(site, "没有网络", lead, usize::MAX)
}

fn help(site: &Site, title: &str, lead: &str, most: usize) -> Page {
    let guides = site.index.of_kind(Kind::Guide);
    let guides = entries(site, &guides[..guides.len().min(most)], false);
    let main = render(&Missing { title, lead, hotlines: &site.library.place.hotlines, guides });
    Page { title: title.to_owned(), main, noindex: true, ..Page::default() }
}
