//! `fenghuo check`: exit status, format, freshness, going live.

use crate::support::{copy, fixture, root, run, stderr, stdout};

#[test]
fn the_built_in_library_is_clean() {
    let output = run(&["check"]);
    assert_eq!(stdout(&output).lines().collect::<Vec<_>>(), [""; 0], "neither errors nor warnings");
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

/// The small library with one knowledge document more, whose front matter holds `extra`.
fn with(extra: &str, body: &str) -> tempfile::TempDir {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    let text = format!(
        "+++\ntitle = \"加的\"\nsummary = \"摘要。\"\naudience = [\"resident\"]\ntopics = [\"kitchen\"]\n\
         answer = \"关火。\"\nquestions = [\"加一\", \"加二\", \"加三\"]\nurgency = \"learn\"\n{extra}\n+++\n\n{body}\n"
    );
    std::fs::write(dir.path().join("knowledge/kitchen/added.md"), text).expect("written");
    dir
}

const LAW: &str = "[[sources]]\ntitle = \"中华人民共和国治安管理处罚法\"\nissuer = \"全国人大常委会\"\n\
                   date = \"2025-06-27\"\nkind = \"law\"";

#[test]
fn freshness_names_overdue_reviews_changed_laws_and_documents_nothing_leads_to() {
    for (reviewed, overdue, changed) in
        [("2000-01-01\nreview_every = 120", true, 1), ("2099-01-01", false, 0)]
    {
        let dir = with(&format!("reviewed = {reviewed}\n\n{LAW}"), "正文。");
        let library = dir.path().display().to_string();
        let output = run(&["check", "--freshness", "--json", "--library", &library]);
        let line = stdout(&output)
            .lines()
            .find(|line| line.contains("added.md"))
            .expect("listed")
            .to_owned();
        let entry: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(entry["overdue"], overdue);
        assert_eq!(entry["orphaned"], true);
        assert_eq!(entry["law_changed"].as_array().map(Vec::len), Some(changed));
        assert_eq!(output.status.code(), Some(i32::from(overdue)));
        let plain = run(&["check", "--freshness", "--library", &library]);
        assert_eq!(stdout(&plain).contains("法律变了：治安管理处罚法"), changed > 0);
        assert!(stderr(&plain).contains("never approved"));
    }
}

#[test]
fn what_a_document_was_allowed_is_named_with_its_reason() {
    let allow = "reviewed = 2099-01-01\n\n[[allow]]\nrule = \"slogan\"\nreason = \"引用标语\"";
    let dir = with(&format!("{allow}\n\n{LAW}"), "墙上写着警钟长鸣。");
    let output = run(&["check", "--library", &dir.path().display().to_string()]);
    assert!(output.status.success(), "{}", stdout(&output));
    assert!(stderr(&output).contains("knowledge/kitchen/added.md: note[allow]: slogan: 引用标语"));
}

#[test]
fn a_folder_that_is_not_there_is_wrong_usage() {
    let output = run(&["check", "--library", "/no/such/folder"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("/no/such/folder"));
}
