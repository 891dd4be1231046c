//! Atom feeds: seasonal notices in their window, and what was reviewed last.

use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Link, Person};
use fenghuo_content::{Document, Lang};
use jiff::civil::Date;

use crate::Site;
use crate::season::{due, stamp};

/// How many documents the library feed names.
const NEWEST: usize = 50;

/// Seasonal notices in their window; an expired one is never among them.
pub(crate) fn notices(site: &Site) -> String {
    let title = format!("{}：安全提示", site.library.place.title);
    site.atom("/feeds/notices.atom", &title, site.seasonal_entries(|_| true))
}

impl Site {
    /// Entries of the seasonal notices in their window whose regions `takes` takes; none stands for the whole county.
    pub fn seasonal_entries(&self, takes: impl Fn(&[String]) -> bool) -> Vec<Entry> {
        let due = due(&self.library, self.options.today).into_iter();
        let due = due.filter(|due| takes(&due.notice.regions));
        let entries = due.map(|due| {
            let updated = moment(due.start.max(due.document.meta.reviewed));
            let html = format!(
                "{}<p>有效到 {}。</p>",
                self.html(&due.notice.message, Lang::Zh),
                due.expires_label()
            );
            entry(self, due.document, &format!("#{}", due.start), updated, html)
        });
        entries.collect()
    }

    /// An Atom feed of the site at `path`.
    pub fn atom(&self, path: &str, title: &str, entries: Vec<Entry>) -> String {
        feed(self, path, title.to_owned(), entries)
    }
}

/// The documents reviewed last.
pub(crate) fn library(site: &Site) -> String {
    let mut documents: Vec<&Document> =
        site.library.documents().iter().filter(|d| !d.meta.draft).collect();
    documents
        .sort_by(|a, b| (b.meta.reviewed, &a.id, a.lang).cmp(&(a.meta.reviewed, &b.id, b.lang)));
    let entries = documents.into_iter().take(NEWEST).map(|document| {
        let lead = document.passages().into_iter().next();
        let text = lead.map_or_else(String::new, |passage| {
            passage
                .blocks
                .iter()
                .map(|block| site.html(std::slice::from_ref(*block), document.lang))
                .collect()
        });
        let html = format!("<p>{}</p>{text}", crate::render::Escaped(&document.meta.summary));
        entry(site, document, "", moment(document.meta.reviewed), html)
    });
    let title = format!("{}：新审核的资料", site.library.place.title);
    feed(site, "/feeds/library.atom", title, entries.collect())
}

fn entry(
    site: &Site,
    document: &Document,
    part: &str,
    updated: FixedDateTime,
    html: String,
) -> Entry {
    let address = site.absolute(&document.address());
    let kind = document.kind();
    Entry {
        id: format!("{address}{part}"),
        title: document.meta.title.as_str().into(),
        updated,
        categories: vec![Category {
            term: kind.folder().to_owned(),
            label: Some(kind.name().to_owned()),
            ..Category::default()
        }],
        summary: Some(document.meta.summary.as_str().into()),
        content: Some(Content {
            base: Some(site.absolute("/")),
            content_type: Some("html".to_owned()),
            value: Some(html),
            ..Content::default()
        }),
        links: vec![link(address, "alternate")],
        ..Entry::default()
    }
}

fn link(href: String, rel: &str) -> Link {
    Link { href, rel: rel.to_owned(), ..Link::default() }
}

fn feed(site: &Site, path: &str, title: String, entries: Vec<Entry>) -> String {
    let updated = entries.iter().map(|entry| entry.updated).max();
    let feed = Feed {
        id: site.absolute(path),
        title: title.into(),
        lang: Some("zh-CN".to_owned()),
        updated: updated.unwrap_or_else(|| moment(site.options.today)),
        authors: vec![Person { name: site.library.place.operator.clone(), ..Person::default() }],
        links: vec![link(site.absolute(path), "self"), link(site.absolute("/"), "alternate")],
        entries,
        ..Feed::default()
    };
    feed.to_string()
}

/// The beginning of `day` in China.
fn moment(day: Date) -> FixedDateTime {
    stamp(day.at(0, 0, 0, 0)).parse().unwrap_or_default()
}
