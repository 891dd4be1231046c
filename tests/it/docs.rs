//! What the documents promise is there: every path they name exists.

use crate::support::root;

/// Code spans that look like paths of the repository.
fn paths(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|span| {
            let fine = span.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
            let rooted = [
                "content/", "search/", "store/", "site/", "bot/", "src/", "tests/", "docs/",
                "benches/",
            ];
            fine && rooted.iter().any(|start| span.starts_with(start)) && !span.contains("..")
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_path_named_in_the_documents_exists() {
    let mut named = 0;
    for document in [
        "README.md",
        "README.zh-CN.md",
        "CHANGELOG.md",
        "docs/ARCHITECTURE.md",
        "docs/AUTHORING.md",
        "docs/OPERATIONS.md",
        "docs/BENCHMARKS.md",
    ] {
        let text = std::fs::read_to_string(root().join(document)).expect(document);
        for path in paths(&text) {
            named += 1;
            assert!(root().join(&path).exists(), "{document} names {path}");
        }
    }
    assert!(named > 10, "only {named} paths are named");
}

#[test]
fn the_map_stays_short() {
    let map = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("the map");
    assert!(map.lines().count() <= 200);
}

#[test]
fn both_readmes_give_the_two_commands() {
    for name in ["README.md", "README.zh-CN.md"] {
        let text = std::fs::read_to_string(root().join(name)).expect(name);
        assert!(text.contains("cargo run --release") && text.contains("./tests/run.sh"), "{name}");
    }
}
