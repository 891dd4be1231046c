//! `fenghuo eval`: floors that only rise, and how it fails.

use serde_json::Value;

use crate::support::{fixture, root, run, skipped, stderr, stdout};

fn golden_files() -> Vec<String> {
    let mut files: Vec<String> = std::fs::read_dir(root().join("tests/golden"))
        .expect("golden files")
        .map(|entry| entry.expect("an entry").path().display().to_string())
        .filter(|path| path.ends_with(".jsonl") && !path.ends_with("/held.jsonl"))
        .filter(|path| !path.ends_with("/unseen.jsonl"))
        .collect();
    files.sort();
    files
}

/// Asks `files` and holds the shares against the floors in the file of that name.
fn stays_above(files: &[String], floors: &str, least: u64) {
    let mut args: Vec<&str> = vec!["eval", "--json"];
    args.extend(files.iter().map(String::as_str));
    let floors = std::fs::read_to_string(root().join("tests/golden").join(floors)).expect("floors");
    args.push("--floor");
    args.extend(floors.split_whitespace());
    let output = run(&args);
    assert!(output.status.success(), "{}", stderr(&output));
    let report: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let total = report["all"]["total"].as_u64().unwrap_or_default();
    assert!(total >= least, "{}", report["all"]);
}

#[test]
fn golden_questions_stay_above_their_floors() {
    stays_above(&golden_files(), "floors.txt", 150);
}

/// Written from titles alone; nothing was mended after its first run.
#[test]
fn unseen_questions_stay_above_their_floors() {
    let unseen = root().join("tests/golden/unseen.jsonl").display().to_string();
    stays_above(&[unseen], "unseen-floors.txt", 200);
}

/// Written from titles alone and never learned from.
#[test]
fn held_out_questions_stay_above_their_floors() {
    let held = root().join("tests/golden/held.jsonl").display().to_string();
    stays_above(&[held], "held-floors.txt", 300);
}

#[test]
fn a_floor_above_the_result_exits_with_1() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("golden.jsonl");
    std::fs::write(
        &file,
        r#"{"id":"x","q":"灭火器怎么用","expect":"answer","must":[["没有这句话"]]}"#,
    )
    .expect("written");
    let file = file.display().to_string();
    assert_eq!(run(&["eval", &file, "--floor", "answer=.5"]).status.code(), Some(1));
    assert_eq!(run(&["eval", &file]).status.code(), Some(0));
}

#[test]
fn unreadable_lines_and_patterns_are_wrong_usage() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("golden.jsonl");
    for line in [
        "{",
        r#"{"id":"x","q":"问","expect":"answer","must":[["("]]}"#,
        r#"{"id":"x","q":"问","expect":"maybe"}"#,
    ] {
        std::fs::write(&file, line).expect("written");
        let output = run(&["eval", &file.display().to_string()]);
        assert_eq!(output.status.code(), Some(2), "{line}: {}", stderr(&output));
    }
    assert_eq!(run(&["eval", &fixture("none.jsonl")]).status.code(), Some(2));
}

/// The public Chinese sets of `../shared/retrieval`, where they are at hand.
#[test]
fn plain_retrieval_reaches_what_was_measured_on_public_sets() {
    let shared = root().join("../shared/retrieval");
    let path = |name: &str| shared.join(name).display().to_string();
    if !shared.is_dir() {
        skipped("../shared/retrieval is not here");
        return;
    }
    let output = run(&[
        "eval",
        "--docs",
        &path("xquad_docs.jsonl"),
        "--queries",
        &path("xquad_queries.jsonl"),
    ]);
    let scores: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    assert!(scores["recall_at_1"].as_f64().is_some_and(|recall| recall >= 0.92), "{scores}");
}
