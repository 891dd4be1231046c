//! `fenghuo check`: exit status, format, freshness, going live.

use crate::support::{copy, fixture, root, run, stderr, stdout};

#[test]
fn the_built_in_library_is_clean() {
    let output = run(&["check"]);
    assert_eq!(
        stdout(&output).lines().filter(|l| l.contains(": error[")).collect::<Vec<_>>(),
        [""; 0]
    );
    assert!(output.status.success());
}

#[test]
fn faults_are_printed_with_path_line_rule_and_advice_and_exit_with_1() {
    let output = run(&["check", "--library", &fixture("broken")]);
    assert_eq!(output.status.code(), Some(1));
    let line =
        stdout(&output).lines().find(|l| l.contains("oil-water.md")).expect("named").to_owned();
    assert!(
        line.starts_with("knowledge/kitchen/oil-water.md:18: error[advice-oil-water]: "),
        "{line}"
    );
    assert!(line.contains(" — "), "{line}");
}

#[test]
fn json_gives_one_object_a_line() {
    let output = run(&["check", "--json", "--library", &fixture("broken")]);
    for line in stdout(&output).lines() {
        let fault: serde_json::Value = serde_json::from_str(line).expect("JSON");
        for key in ["path", "line", "severity", "rule", "message", "help"] {
            assert!(!fault[key].is_null(), "{key} in {line}");
        }
    }
}

#[test]
fn a_county_that_goes_live_needs_a_reviewer_on_every_document() {
    assert!(run(&["check", "--library", &fixture("minimal")]).status.success());
    let output = run(&["check", "--live", "--library", &fixture("minimal")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("error[reviewer-missing]"));
}

#[test]
fn the_setting_require_reviewer_refuses_unreviewed_documents() {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    let path = dir.path().join("library.toml");
    let text = std::fs::read_to_string(&path).expect("settings");
    std::fs::write(&path, format!("require_reviewer = true\n{text}")).expect("written");
    let output = run(&["check", "--library", &dir.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("error[reviewer-missing]"));
}

#[test]
fn freshness_lists_every_document_with_its_next_review() {
    let output = run(&["check", "--freshness", "--json", "--library", &fixture("minimal")]);
    let first: serde_json::Value =
        serde_json::from_str(stdout(&output).lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["due"], "2027-01-01");
}

#[test]
fn a_folder_that_is_not_there_is_wrong_usage() {
    let output = run(&["check", "--library", "/no/such/folder"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("/no/such/folder"));
}
