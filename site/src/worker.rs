//! What makes the site work without a network: the service worker with its list of pages to keep, and the manifest.

use std::collections::BTreeSet;

use fenghuo_content::kind::Urgency;
use fenghuo_content::{Content, Document};
use serde_json::json;

use crate::Site;
use crate::asset::{CHECKLIST, DANGER, FIND_SCRIPT, QR, SCRIPT, SEARCH, SHARE, STYLE, hash};
use crate::page::version;
use crate::route::{OFFLINE, SEARCH_INDEX};

/// Pages kept beside guides and what is urgent.
const PAGES: [&str; 4] = ["/", "/guides/", "/search/", OFFLINE];

/// The service worker of this library.
pub(crate) fn worker(site: &Site) -> String {
    let ahead = ahead(site);
    // A new text of any page kept makes a new version, which browsers take in beside the old one.
    let pages: Vec<u8> = ahead.iter().flat_map(|address| site.bytes_of(address)).collect();
    let copy = json!({ "version": hash(&pages, 8), "ahead": ahead, "missing": OFFLINE });
    format!("const COPY = {copy};\n{}", include_str!("../assets/worker.js"))
}

/// Addresses kept before anyone asks for them.
fn ahead(site: &Site) -> Vec<String> {
    let mut all: BTreeSet<String> = PAGES.iter().map(|page| (*page).to_owned()).collect();
    if !site.index.english.is_empty() {
        all.insert("/en/".to_owned());
    }
    for document in site.library.documents().iter().filter(|d| !d.meta.draft && helps(d)) {
        all.insert(document.address());
        all.extend(figures(site, document));
    }
    for asset in [&STYLE, &SCRIPT, &FIND_SCRIPT, &DANGER, &SEARCH, &QR, &CHECKLIST, &SHARE] {
        all.insert(asset.address.clone());
    }
    all.extend(["/icon.svg", "/icon-192.png", "/manifest.webmanifest"].map(str::to_owned));
    all.extend(
        ["base", "danger"].map(|name| format!("{SEARCH_INDEX}{name}.json?v={}", version(site))),
    );
    all.into_iter().collect()
}

/// Whether `document` is for while it is happening, or for walking round with a phone.
fn helps(document: &Document) -> bool {
    match &document.content {
        Content::Guide(_) | Content::Checklist(_) => true,
        Content::Knowledge(knowledge) => knowledge.urgency == Urgency::Now,
        _ => false,
    }
}

/// Drawings on the page of `document`.
fn figures(site: &Site, document: &Document) -> Vec<String> {
    let page = String::from_utf8_lossy(&site.bytes_of(&document.address())).into_owned();
    let sources = page.split("<img src=\"").skip(1).filter_map(|rest| rest.split('"').next());
    sources.map(str::to_owned).collect()
}

/// What a phone needs to know to install the site.
pub(crate) fn manifest(site: &Site) -> String {
    let place = &site.library.place;
    let icon = |name: &str, size: &str, purpose: &str| json!({ "src": name, "sizes": size, "type": "image/png", "purpose": purpose });
    json!({
        "id": "/",
        "name": place.title,
        "short_name": "烽火",
        "description": "消防安全知识、指引和自查。着火了打 119。",
        "lang": "zh-CN",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbfaf6",
        "theme_color": "#0c4a59",
        "icons": [
            icon("/icon-192.png", "192x192", "any"),
            icon("/icon-512.png", "512x512", "any"),
            icon("/icon-mask.png", "512x512", "maskable"),
            { "src": "/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
        ],
        "shortcuts": [
            { "name": "着火了怎么办", "url": "/guides/" },
            { "name": "搜索", "url": "/search/" },
        ],
    })
    .to_string()
}
