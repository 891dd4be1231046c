//! What the documents promise is there: every path they name exists, every rule is explained.

use std::collections::BTreeSet;
use std::path::Path;

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
        "docs/LIBRARY.md",
    ] {
        let text = std::fs::read_to_string(root().join(document)).expect(document);
        for path in paths(&text) {
            named += 1;
            assert!(root().join(&path).exists(), "{document} names {path}");
        }
    }
    assert!(named > 10, "only {named} paths are named");
}

/// Ids of rules as the source of the crate `content` writes them: words with hyphens, in quotes.
fn rule_ids(dir: &Path, ids: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rule_ids(&path, ids);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let is_id = |word: &&str| {
                word.contains('-')
                    && word.starts_with(|c: char| c.is_ascii_lowercase())
                    && word
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                    && !word.ends_with('-')
            };
            ids.extend(code.split('"').filter(is_id).map(str::to_owned));
        }
    }
}

#[test]
fn every_rule_is_explained_to_editors() {
    let text = std::fs::read_to_string(root().join("docs/AUTHORING.md")).expect("the guide");
    let mut ids: BTreeSet<String> =
        ["alias", "contradiction", "danger", "promise", "slogan"].map(String::from).into();
    rule_ids(&root().join("content/src"), &mut ids);
    assert!(ids.len() > 150, "only {} rules are found", ids.len());
    let missing: Vec<_> = ids.iter().filter(|id| !text.contains(&format!("`{id}`"))).collect();
    assert!(missing.is_empty(), "AUTHORING.md does not explain {missing:?}");
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
