//! What must be absent, proved: dependencies between the crates, clocks, printing, environment (ARCHITECTURE.md).

use std::path::Path;
use std::process::Command;

use crate::support::root;

/// Names of all crates that `package` needs at run time.
fn needs(package: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
            "-p",
            package,
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// Crates that `package` names itself.
fn names(package: &str) -> String {
    let manifest = root().join(package).join("Cargo.toml");
    let text = std::fs::read_to_string(manifest).expect("a manifest");
    let start = text.find("[dependencies]").expect("dependencies");
    text[start..].split("\n[").next().unwrap_or_default().to_owned()
}

#[test]
fn content_needs_no_network_and_no_database() {
    let needs = needs("fenghuo-content");
    for absent in ["tokio", "reqwest", "hyper", "axum", "sqlx", "tantivy", "jieba-rs"] {
        assert!(!needs.contains(&absent.to_owned()), "content needs {absent}");
    }
}

#[test]
fn each_heavy_crate_is_named_by_one_of_ours_only() {
    for (heavy, owner) in [
        ("tantivy", "search"),
        ("jieba-rs", "search"),
        ("ferrous-opencc", "search"),
        ("sqlx", "store"),
        ("teloxide", "bot"),
        ("lettre", "bot"),
        ("pulldown-cmark", "content"),
        ("tyme4rs", "content"),
    ] {
        for package in ["content", "search", "store", "site", "bot", "."] {
            let named = names(package).contains(&format!("\n{heavy}"));
            assert!(!named || package == owner, "{package} names {heavy}");
        }
    }
}

#[test]
fn site_knows_neither_store_nor_bot() {
    let needs = needs("fenghuo-site");
    assert!(!needs.contains(&"fenghuo-store".to_owned()));
    assert!(!needs.contains(&"fenghuo-bot".to_owned()));
    assert!(!names("store").contains("fenghuo-"));
    assert!(!names("content").contains("fenghuo-"));
}

#[test]
fn banned_crates_are_not_there() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("a lock file");
    for banned in ["teloxide_tests", "native-tls", "openssl-sys"] {
        assert!(!lock.contains(&format!("name = \"{banned}\"")), "{banned}");
    }
    let sqlite =
        lock.split("name = \"libsqlite3-sys\"\nversion = \"").nth(1).expect("SQLite is there");
    let minor: u32 = sqlite.split('.').nth(1).and_then(|n| n.parse().ok()).expect("a version");
    assert!(minor >= 37, "libsqlite3-sys 0.{minor}");
}

#[test]
fn only_the_binary_reads_clock_and_environment_prints_or_exits() {
    let banned = [
        "std::env::var",
        "env::var(",
        "process::exit",
        "println!",
        "SystemTime::now",
        "Timestamp::now",
        "Zoned::now",
        "unsafe {",
    ];
    for package in ["content", "search", "store", "site", "bot"] {
        for (path, text) in sources(&root().join(package).join("src")) {
            let shipped = text.split("[cfg(test)]").next().unwrap_or_default();
            let is_kernel = path.contains("search/src/encoder/kernel/");
            for word in banned {
                let allowed = is_kernel && word == "unsafe {";
                assert!(allowed || !shipped.contains(word), "{path} has `{word}`");
            }
        }
    }
}

fn sources(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).expect("text")));
        }
    }
    found
}

#[test]
fn no_file_of_ours_is_longer_than_the_house_allows() {
    for package in ["content/src", "search/src", "store/src", "site/src", "bot/src", "src"] {
        for (path, text) in sources(&root().join(package)) {
            assert!(text.lines().count() <= 500, "{path} has {} lines", text.lines().count());
            assert!(text.starts_with("//!"), "{path} does not say what it is for");
        }
    }
}
