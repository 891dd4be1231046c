//! The crisis copy: the whole library with its search in one HTML file, for a USB stick or a phone without a network.
//!
//! Every document is a leaf of the page, shown by its anchor; only searching needs a script. It says when it was made,
//! shows no notice as current and asks nothing of any network.

mod leaf;

use std::collections::HashMap;

use askama::Template;
use fenghuo_content::{Document, Hotline, Kind, Lang};

use crate::asset::{CHECKLIST, DANGER, FIND_SCRIPT, ICON, QR, SCRIPT, SEARCH, SHEET_STYLE, STYLE};
use crate::data;
use crate::frame::render;
use crate::page::page;
use crate::route::Route;
use crate::season::day_label;
use crate::{Error, Site};
use leaf::Copy;

#[derive(Template)]
#[template(path = "crisis.html")]
struct View<'a> {
    title: &'a str,
    /// Day it was made.
    made: String,
    approval: String,
    /// Where a newer copy is found.
    origin: Option<&'a str>,
    icon: String,
    styles: [&'a str; 3],
    /// Scripts before and after the index is there.
    scripts: [&'a str; 7],
    index: String,
    hotlines: &'a [Hotline],
    guides: Vec<Line<'a>>,
    lists: Vec<List<'a>>,
    leaves: Vec<Leaf<'a>>,
}

struct List<'a> {
    anchor: String,
    name: &'a str,
    lines: Vec<Line<'a>>,
}

struct Line<'a> {
    anchor: String,
    title: &'a str,
    summary: &'a str,
}

struct Leaf<'a> {
    anchor: String,
    lang: &'static str,
    title: &'a str,
    html: String,
}

impl Site {
    /// The whole library with its search in one HTML file, stamped with the day of the site.
    ///
    /// # Errors
    /// When the search index cannot be made.
    pub fn crisis_copy(&self) -> Result<String, Error> {
        let drawings = self.library.media.iter();
        let copy = Copy {
            site: self,
            drawings: drawings
                .map(|(path, m)| (path.as_str(), data::url(m.mime, &m.bytes)))
                .collect(),
        };
        let icon = data::url("image/svg+xml", ICON);
        let shown: Vec<(usize, &Document)> =
            self.library.documents().iter().enumerate().filter(|(_, d)| !d.meta.draft).collect();
        let leaves = shown.iter().map(|(position, document)| Leaf {
            anchor: anchor(document),
            lang: document.lang.tag(),
            title: &document.meta.title,
            html: leaf(&copy, *position, document),
        });
        let guides = self.index.of_kind(Kind::Guide).iter();
        let view = View {
            title: &self.library.place.title,
            made: day_label(self.options.today),
            approval: crate::frame::approval(&self.library, Lang::Zh),
            origin: Some(self.options.public_url.as_str()).filter(|url| !url.contains("//127.")),
            icon,
            styles: [
                text(STYLE.bytes),
                text(SHEET_STYLE.bytes),
                include_str!("../../assets/crisis.css"),
            ],
            scripts: [
                text(FIND_SCRIPT.bytes),
                text(DANGER.bytes),
                include_str!("../../assets/crisis.js"),
                text(SEARCH.bytes),
                text(SCRIPT.bytes),
                text(QR.bytes),
                text(CHECKLIST.bytes),
            ],
            index: self.whole_index()?,
            hotlines: &self.library.place.hotlines,
            guides: guides.map(|i| line(&self.library.documents()[*i])).collect(),
            lists: self.crisis_lists(),
            leaves: leaves.collect(),
        };
        Ok(render(&view))
    }

    /// All files of the compact index in one, unable to end its script element.
    fn whole_index(&self) -> Result<String, Error> {
        self.compact.prepare(&self.library)?;
        let files = fenghuo_search::Compact::names().filter_map(|name| {
            let bytes = self.compact.get(&self.library, &name)?;
            Some(format!("\"{name}\":{}", String::from_utf8_lossy(bytes)))
        });
        Ok(format!("{{{}}}", files.collect::<Vec<_>>().join(",")).replace('<', "\\u003c"))
    }

    /// Lists by kind, by topic, and the English pages.
    fn crisis_lists(&self) -> Vec<List<'_>> {
        let lines = |positions: &[usize]| -> Vec<Line<'_>> {
            positions.iter().map(|i| line(&self.library.documents()[*i])).collect()
        };
        let kinds = Kind::ALL.into_iter().map(|kind| List {
            anchor: kind.folder().to_owned(),
            name: kind.name(),
            lines: lines(self.index.of_kind(kind)),
        });
        let topics = self.library.topics.iter().map(|topic| List {
            anchor: format!("topics/{}", topic.id),
            name: &topic.name,
            lines: lines(self.index.of_topic(&topic.id)),
        });
        let english =
            List { anchor: "en".to_owned(), name: "English", lines: lines(&self.index.english) };
        kinds.chain(topics).chain([english]).filter(|list| !list.lines.is_empty()).collect()
    }
}

/// The page of a document as a leaf of the copy.
fn leaf(copy: &Copy<'_>, position: usize, document: &Document) -> String {
    let page = page(copy.site, &document.address(), &Route::Document(position));
    copy.localise(&leaf::without_current(&page.main), &anchor(document))
}

/// `knowledge/kitchen/oil-pan-fire`, with `en/` before it for the English variant.
fn anchor(document: &Document) -> String {
    document.address().trim_matches('/').to_owned()
}

fn line(document: &Document) -> Line<'_> {
    Line { anchor: anchor(document), title: &document.meta.title, summary: &document.meta.summary }
}

fn text(bytes: &'static [u8]) -> &'static str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

/// Drawings by path, as data URLs.
type Drawings<'a> = HashMap<&'a str, String>;
