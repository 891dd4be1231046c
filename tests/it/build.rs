//! `fenghuo build`: every page there, every link alive, nothing inline, drafts and expired notices absent.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::{copy, fixture, root, run, stderr};

fn build(library: Option<&str>) -> tempfile::TempDir {
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().display().to_string();
    let mut args = vec!["build", "--out", &target, "--public-url", "https://fire.example"];
    if let Some(library) = library {
        args.extend(["--library", library]);
    }
    let output = run(&args);
    assert!(output.status.success(), "{}", stderr(&output));
    out
}

fn page(out: &Path, address: &str) -> String {
    let path = out.join(address.trim_start_matches('/'));
    let path = if address.ends_with('/') { path.join("index.html") } else { path };
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn each_kind_has_its_page_and_its_list() {
    let out = build(Some(&fixture("minimal")));
    for address in [
        "/",
        "/knowledge/kitchen/oil-pan-fire/",
        "/en/knowledge/kitchen/oil-pan-fire/",
        "/guides/pan/",
        "/cases/village-2024/",
        "/lessons/stove/",
        "/quizzes/stove/",
        "/checklists/home/",
        "/notices/winter/",
        "/bulletins/2026-01/",
        "/boards/hydrants/",
        "/pages/about/",
        "/knowledge/",
        "/cases/",
        "/lessons/",
        "/notices/",
        "/search/",
    ] {
        let html = page(out.path(), address);
        assert!(
            html.starts_with("<!doctype html>") || html.starts_with("<!DOCTYPE html>"),
            "{address}"
        );
        assert_eq!(html.matches("<h1").count(), 1, "{address}");
    }
    assert!(
        page(out.path(), "/sitemap.xml")
            .contains("https://fire.example/knowledge/kitchen/oil-pan-fire/")
    );
    assert!(page(out.path(), "/feeds/notices.atom").contains("<feed"));
}

#[test]
fn every_document_says_that_no_office_has_approved_it() {
    let out = build(Some(&fixture("minimal")));
    for address in [
        "/knowledge/kitchen/oil-pan-fire/",
        "/guides/pan/",
        "/cases/village-2024/",
        "/checklists/home/",
    ] {
        assert!(page(out.path(), address).contains("待当地消防救援机构审定"), "{address}");
    }
}

#[test]
fn pages_carry_no_inline_script_style_or_handler() {
    let out = build(None);
    for (name, html) in pages(out.path()) {
        let lower = html.to_ascii_lowercase();
        for bad in [" style=", "<style", " onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!lower.contains(bad), "{name} has `{bad}`");
        }
        for tag in lower.split("<script").skip(1) {
            let head = tag.split('>').next().unwrap_or_default();
            assert!(
                head.contains("src=") || head.contains("application/ld+json"),
                "{name}: <script{head}>"
            );
        }
    }
}

#[test]
fn every_link_inside_the_site_leads_somewhere() {
    assert_links_live(build(None).path());
}

#[test]
fn lists_longer_than_a_page_go_on_behind_their_pager() {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    repeat(dir.path(), "cases/village-2024.md", 100);
    repeat(dir.path(), "knowledge/kitchen/oil-pan-fire.en.md", 100);
    repeat(dir.path(), "knowledge/kitchen/oil-pan-fire.md", 100);
    let library = dir.path().display().to_string();
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().display().to_string();
    let output = run(&["build", "--unchecked", "--library", &library, "--out", &target]);
    assert!(output.status.success(), "{}", stderr(&output));
    assert_links_live(out.path());
    for base in ["/cases/", "/cases/place/自建房/", "/en/"] {
        assert!(page(out.path(), &format!("{base}page/2/")).contains("rel=\"prev\""), "{base}");
    }
}

/// Copies the document `path` under `count` other names.
fn repeat(library: &Path, path: &str, count: usize) {
    let text = std::fs::read_to_string(library.join(path)).expect("a document");
    let (stem, ending) = path.split_once('.').expect("an ending");
    for number in 0..count {
        std::fs::write(library.join(format!("{stem}-{number}.{ending}")), &text).expect("written");
    }
}

fn assert_links_live(out: &Path) {
    let live: BTreeSet<&str> = BTreeSet::from(["/chat", "/subscribe", "/verify", "/desk"]);
    for (name, html) in pages(out) {
        for href in html.split(" href=\"").chain(html.split(" src=\"")).skip(1) {
            let target = href.split('"').next().unwrap_or_default();
            let path = target.split(['#', '?']).next().unwrap_or_default();
            if !path.starts_with('/') || path.starts_with("//") || live.contains(path) {
                continue;
            }
            let file = out.join(path.trim_start_matches('/'));
            assert!(
                file.is_file() || file.join("index.html").is_file(),
                "{name} links to {target}"
            );
        }
    }
}

fn pages(out: &Path) -> Vec<(String, String)> {
    fn walk(dir: &Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(dir).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                found.push((
                    path.display().to_string(),
                    std::fs::read_to_string(&path).expect("text"),
                ));
            }
        }
    }
    let mut found = Vec::new();
    walk(out, &mut found);
    assert!(found.len() > 10);
    found
}

#[test]
fn drafts_are_not_published() {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    let path = dir.path().join("cases/village-2024.md");
    let text = std::fs::read_to_string(&path).expect("the case");
    std::fs::write(&path, text.replace("reviewed =", "draft = true\nreviewed =")).expect("written");
    let out = build(Some(&dir.path().display().to_string()));
    assert!(!out.path().join("cases/village-2024").exists());
    assert!(!page(out.path(), "/sitemap.xml").contains("village-2024"));
}

#[test]
fn a_library_with_errors_is_refused_unless_unchecked() {
    let out = tempfile::tempdir().expect("a folder");
    let target = out.path().join("site").display().to_string();
    let refused = run(&["build", "--out", &target, "--library", &fixture("broken")]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(!Path::new(&target).exists());
    let forced = run(&["build", "--out", &target, "--library", &fixture("broken"), "--unchecked"]);
    assert!(forced.status.success(), "{}", stderr(&forced));
}

#[test]
fn a_wrong_public_url_is_wrong_usage() {
    let output = run(&["build", "--out", "/tmp/never", "--public-url", "fire.example"]);
    assert_eq!(output.status.code(), Some(2));
}
