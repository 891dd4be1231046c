//! `serve --watch`: a saved document appears, a broken one leaves the last good library standing.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{App, copy, root};

fn library_hash(app: &App) -> String {
    let ready: Value = app.get("/readyz").json().expect("JSON");
    ready["library"].as_str().expect("a hash").to_owned()
}

/// Asks until `done`, or gives up after a minute.
fn until(mut done: impl FnMut() -> bool) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        if done() {
            return true;
        }
        std::thread::yield_now();
    }
    false
}

#[test]
fn a_saved_document_appears_and_a_broken_one_changes_nothing() {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    let app = App::with(&["--watch", "--library", &dir.path().display().to_string()]);
    let path = dir.path().join("knowledge/kitchen/oil-pan-fire.md");
    let good = std::fs::read_to_string(&path).expect("the document");
    let address = "/knowledge/kitchen/oil-pan-fire/";

    let first = library_hash(&app);
    std::fs::write(&path, good.replace("盖锅盖。\n", "盖上大锅盖。\n")).expect("written");
    assert!(until(|| library_hash(&app) != first));
    assert!(app.get(address).text().expect("text").contains("盖上大锅盖"));

    let second = library_hash(&app);
    std::fs::write(&path, "+++\nbroken").expect("written");
    std::fs::write(dir.path().join("knowledge/kitchen/other.md"), good.replace("油锅", "铁锅"))
        .expect("written");
    std::fs::remove_file(dir.path().join("knowledge/kitchen/other.md")).expect("removed");
    assert_eq!(library_hash(&app), second);
    assert!(app.get(address).text().expect("text").contains("盖上大锅盖"));

    std::fs::write(&path, &good).expect("written");
    assert!(until(|| library_hash(&app) == first));
}

#[test]
fn no_request_is_lost_while_the_library_changes() {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    let app = App::with(&["--watch", "--library", &dir.path().display().to_string()]);
    let path = dir.path().join("knowledge/kitchen/oil-pan-fire.md");
    let good = std::fs::read_to_string(&path).expect("the document");
    let (done, asked) = (AtomicBool::new(false), AtomicU32::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                let reply: Value = app.get("/api/v1/ask?q=油锅着火怎么办").json().expect("JSON");
                assert!(
                    reply["text"].as_str().is_some_and(|text| text.contains("锅盖")),
                    "{reply}"
                );
                asked.fetch_add(1, Ordering::Relaxed);
            }
        });
        for round in 0..8 {
            let before = library_hash(&app);
            let changed = good.replace("盖锅盖。\n", &format!("盖锅盖第{round}次。\n"));
            std::fs::write(&path, changed).expect("written");
            assert!(until(|| library_hash(&app) != before));
        }
        done.store(true, Ordering::Release);
    });
    assert!(asked.into_inner() > 8);
}

#[test]
fn answers_follow_a_saved_document() {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    let app = App::with(&["--watch", "--library", &dir.path().display().to_string()]);
    let path = dir.path().join("knowledge/kitchen/oil-pan-fire.md");
    let good = std::fs::read_to_string(&path).expect("the document");
    std::fs::write(&path, good.replace("关火，盖锅盖。", "关火，盖上大锅盖。")).expect("written");
    let question = "/api/v1/search?q=%E6%B2%B9%E9%94%85%E7%9D%80%E7%81%AB";
    assert!(until(|| app.get(question).text().is_ok_and(|text| text.contains("盖上大锅盖"))));
}

#[test]
fn a_page_hears_of_a_change_only_while_somebody_edits() {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    let app = App::with(&["--watch", "--library", &dir.path().display().to_string()]);
    let known = app.get("/-/version").text().expect("text");
    assert_eq!(known, library_hash(&app));
    let page = app.get("/knowledge/kitchen/oil-pan-fire/").text().expect("text");
    assert!(page.contains("/assets/reload-"));
    // Who knows an older one is told at once; who knows this one is kept waiting until there is another.
    assert_eq!(app.get("/-/version?older").text().expect("text"), known);
    let path = dir.path().join("knowledge/kitchen/oil-pan-fire.md");
    let good = std::fs::read_to_string(&path).expect("the document");
    std::fs::write(&path, good.replace("盖锅盖。\n", "盖上大锅盖。\n")).expect("written");
    assert!(until(|| app.get(&format!("/-/version?{known}")).text().is_ok_and(|new| new != known)));

    let others = App::with(&["--library", &dir.path().display().to_string()]);
    assert_eq!(others.get("/-/version").status(), 404);
    assert!(!others.get("/").text().expect("text").contains("/assets/reload-"));
}
