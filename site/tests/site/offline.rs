//! What makes the site work without a network: worker, manifest, icons.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::fixture::{App, BUILT_IN, TODAY, built, library, site};

/// What the worker keeps before anyone asks.
fn ahead(files: &BTreeMap<String, String>) -> (String, Vec<String>) {
    let worker = &files["sw.js"];
    let copy = worker.strip_prefix("const COPY = ").expect("the list comes first");
    let (copy, _) = copy.split_once(";\n").expect("the list ends");
    let copy: Value = serde_json::from_str(copy).expect("the list is JSON");
    let addresses = copy["ahead"].as_array().expect("addresses").iter();
    let addresses = addresses.map(|address| address.as_str().expect("an address").to_owned());
    (copy["version"].as_str().expect("a version").to_owned(), addresses.collect())
}

#[test]
fn every_page_kept_beforehand_is_there() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    let (_, addresses) = ahead(&files);
    for address in &addresses {
        let path = address.split('?').next().unwrap_or(address).trim_start_matches('/');
        let path = if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        };
        assert!(files.contains_key(&path), "{address} is not on the site");
    }
}

#[test]
fn guides_are_kept_with_their_drawings() {
    let (_, addresses) = ahead(&built(&site(BUILT_IN.clone(), TODAY)));
    let drawing = |name: &str| addresses.iter().any(|address| address.contains(name));
    assert!(addresses.contains(&"/guides/trapped/".to_owned()));
    assert!(addresses.contains(&"/en/guides/trapped/".to_owned()));
    assert!(drawing("/media/seal-door.svg?v="), "{addresses:?}");
}

#[test]
fn another_text_makes_another_version() {
    let (full, _) = ahead(&built(&site(BUILT_IN.clone(), TODAY)));
    let (empty, _) = ahead(&built(&site(library(&[]), TODAY)));
    assert_ne!(full, empty);
}

#[tokio::test]
async fn the_worker_is_asked_for_again_and_icons_have_their_size() {
    let app = App::new();
    let worker = app.get("/sw.js").await;
    assert_eq!(worker.header("cache-control"), "no-cache");
    assert_eq!(worker.header("content-type"), "text/javascript; charset=utf-8");
    let manifest = app.get("/manifest.webmanifest").await.json();
    for icon in manifest["icons"].as_array().expect("icons") {
        let reply = app.get(icon["src"].as_str().expect("an address")).await;
        assert_eq!(reply.header("content-type"), icon["type"].as_str().expect("a type"));
    }
}
