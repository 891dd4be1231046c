//! `fenghuo pack`: a lesson as a file, and what is said when there is none.

use crate::support::{fixture, run, stderr, stdout};

#[test]
fn a_pack_is_written_under_the_name_asked_for_or_to_standard_output() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("课.epub").display().to_string();
    let library = fixture("minimal");
    let written =
        run(&["pack", "stove", "--format", "epub", "--out", &file, "--library", &library]);
    assert!(written.status.success(), "{}", stderr(&written));
    let bytes = std::fs::read(&file).expect("the book");
    let args = ["pack", "lessons/stove", "--format", "epub", "--out", "-", "--library", &library];
    let printed = run(&args);
    assert_eq!(printed.stdout, bytes);
    assert!(stderr(&printed).is_empty());
}

#[test]
fn a_pack_names_the_site_it_comes_from() {
    let args = [
        "pack",
        "summer-p46",
        "--format",
        "gift",
        "--out",
        "-",
        "--public-url",
        "https://fire.example/",
    ];
    let text = stdout(&run(&args));
    assert!(text.contains("https://fire.example/lessons/summer-p46/"), "{text}");
    let wrong = run(&["pack", "summer-p46", "--format", "gift", "--public-url", "fire.example"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn the_crisis_copy_is_one_file_and_needs_no_format() {
    let library = fixture("minimal");
    let copy = stdout(&run(&["pack", "crisis", "--out", "-", "--library", &library]));
    assert!(copy.starts_with("<!DOCTYPE html>") && copy.contains("离线本"), "{copy:.200}");
    let args = ["pack", "crisis", "--format", "zip", "--out", "-", "--library", &library];
    assert_eq!(run(&args).status.code(), Some(2));
    let none = run(&["pack", "stove", "--out", "-", "--library", &library]);
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn what_cannot_be_packed_is_refused_with_a_reason() {
    let library = fixture("minimal");
    for (lesson, format, out, code, reason) in [
        ("nothing", "zip", "-", 2, "lessons/stove"),
        ("season/summer", "zip", "-", 2, "no lesson is named"),
        ("stove", "pdf", "-", 2, "possible values"),
        ("stove", "zip", "/no/such/folder/x.zip", 3, "cannot write the pack"),
    ] {
        let args = ["pack", lesson, "--format", format, "--out", out, "--library", &library];
        let output = run(&args);
        assert_eq!(output.status.code(), Some(code), "{lesson} {format}");
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    }
    let broken = fixture("broken");
    let output = run(&["pack", "any", "--format", "zip", "--out", "-", "--library", &broken]);
    assert_eq!(output.status.code(), Some(1), "a library with errors gives no packs");
}
