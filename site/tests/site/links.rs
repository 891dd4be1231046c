//! Every link inside the site leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::fixture::{BUILT_IN, TODAY, built, site};

/// Values of `name="…"` in `html`.
fn attributes<'a>(html: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let start = format!(" {name}=\"");
    let pieces: Vec<&str> = html.split(start.as_str()).skip(1).collect();
    pieces.into_iter().filter_map(|rest| rest.split('"').next())
}

fn file_of(path: &str) -> String {
    let path = path.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    }
}

fn dead(files: &BTreeMap<String, String>) -> BTreeSet<String> {
    let ids: BTreeMap<&str, BTreeSet<&str>> = files
        .iter()
        .map(|(name, html)| (name.as_str(), attributes(html, "id").collect()))
        .collect();
    let mut dead = BTreeSet::new();
    for (name, html) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        for link in attributes(html, "href").chain(attributes(html, "src")) {
            if link.contains(':') {
                continue;
            }
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let path = path.split('?').next().unwrap_or_default();
            let target = if path.is_empty() { name.clone() } else { file_of(path) };
            // The search page takes its question without the slash.
            let known = ids.get(target.as_str());
            if known.is_none_or(|ids| !anchor.is_empty() && !ids.contains(anchor)) {
                dead.insert(format!("{name} → {link}"));
            }
        }
    }
    dead
}

#[test]
fn every_internal_link_and_anchor_resolves() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    let dead = dead(&files);
    assert!(dead.is_empty(), "{dead:#?}");
}

#[test]
fn the_sitemap_names_only_pages_that_exist() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    for location in files["sitemap.xml"].split("<loc>").skip(1) {
        let address = location.split('<').next().unwrap_or_default();
        let path = address.strip_prefix("https://fire.example").expect("the public address");
        if path.is_ascii() && !path.contains('%') {
            assert!(files.contains_key(&file_of(path)), "{path}");
        }
    }
}
