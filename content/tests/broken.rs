//! Every fault an editor can make is named with file, line and rule; `tests/fixtures/broken` holds one a file.

use std::path::Path;

use fenghuo_content::{Diagnostic, Files, Library};

const EXPECTED: &[(&str, u32, &str)] = &[
    ("boards/bad-target.md", 7, "front-value"),
    ("bulletins/bad-region.csv", 2, "unknown-region"),
    ("bulletins/bad-row.csv", 2, "csv-row"),
    ("bulletins/no-column.csv", 1, "csv-column"),
    ("bulletins/no-csv.md", 1, "csv-missing"),
    ("cases/no-lesson.md", 1, "section-missing"),
    ("checklists/no-fix.md", 19, "checklist-note"),
    ("checklists/no-level.md", 19, "checklist-level"),
    ("guides/loop.md", 11, "guide-loop"),
    ("guides/loop.md", 17, "guide-loop"),
    ("guides/no-id.md", 11, "guide-choice"),
    ("guides/no-id.md", 17, "guide-step-id"),
    ("guides/unreachable.md", 15, "guide-unreachable"),
    ("knowledge/kitchen/Bad_Name.md", 1, "file-name"),
    ("knowledge/kitchen/alias.md", 7, "alias"),
    ("knowledge/kitchen/bad-anchor.md", 18, "md-anchor"),
    ("knowledge/kitchen/bad-link.md", 18, "md-link"),
    ("knowledge/kitchen/broken-toml.md", 3, "front-toml"),
    ("knowledge/kitchen/code-block.md", 18, "md-code"),
    ("knowledge/kitchen/colour.md", 18, "warning-colour"),
    ("knowledge/kitchen/control.md", 2, "file-control"),
    ("knowledge/kitchen/dead-anchor.md", 18, "link-anchor"),
    ("knowledge/kitchen/dead-link.md", 18, "link-document"),
    ("knowledge/kitchen/deep-nesting.md", 18, "md-depth"),
    ("knowledge/kitchen/few-questions.md", 8, "front-empty"),
    ("knowledge/kitchen/foreign-url.md", 11, "source-url"),
    ("knowledge/kitchen/gbk.md", 3, "file-encoding"),
    ("knowledge/kitchen/inline-html.md", 18, "md-html"),
    ("knowledge/kitchen/long-answer.md", 7, "too-long"),
    ("knowledge/kitchen/long-summary.md", 3, "too-long"),
    ("knowledge/kitchen/missing-title.md", 1, "front-missing"),
    ("knowledge/kitchen/no-119.md", 7, "missing-119"),
    ("knowledge/kitchen/no-alt.md", 18, "md-image-alt"),
    ("knowledge/kitchen/no-fence.md", 1, "front-fence"),
    ("knowledge/kitchen/no-image.md", 18, "media-missing"),
    ("knowledge/kitchen/no-source.md", 1, "source-missing"),
    ("knowledge/kitchen/oil-water.md", 18, "advice-oil-water"),
    ("knowledge/kitchen/open-fence.md", 1, "front-fence"),
    ("knowledge/kitchen/outdated-law.md", 18, "law-air-pollution"),
    ("knowledge/kitchen/raw-html.md", 18, "md-html"),
    ("knowledge/kitchen/remote-image.md", 18, "md-image"),
    ("knowledge/kitchen/same-anchor.md", 22, "md-anchor-twice"),
    ("knowledge/kitchen/top-heading.md", 18, "md-h1"),
    ("knowledge/kitchen/twice-b.md", 1, "question-twice"),
    ("knowledge/kitchen/unknown-key.md", 7, "front-unknown-key"),
    ("knowledge/kitchen/unknown-topic.md", 1, "unknown-name"),
    ("knowledge/kitchen/wrong-date.md", 6, "front-value"),
    ("knowledge/kitchen/wrong-type.md", 5, "front-value"),
    ("media/script.svg", 2, "media-svg"),
    ("notices/bad-when.md", 7, "notice-when"),
    ("notices/no-script.md", 1, "section-missing"),
    ("odd/kitchen/x.md", 1, "file-folder"),
    ("quizzes/no-right.md", 10, "quiz-no-right"),
    ("stray.txt", 1, "file-unused"),
];

const LEXICON: &[(&str, u32, &str)] = &[
    ("lexicon/emergencies.toml", 4, "lexicon-conflict"),
    ("lexicon/emergencies.toml", 8, "lexicon-twice"),
    ("lexicon/emergencies.toml", 9, "lexicon-empty"),
    ("lexicon/emergencies.toml", 9, "lexicon-set"),
    ("lexicon/emergencies.toml", 17, "lexicon-conflict"),
    ("lexicon/emergencies.toml", 18, "lexicon-set"),
    ("lexicon/emergencies.toml", 19, "lexicon-empty"),
    ("lexicon/emergencies.toml", 23, "lexicon-conflict"),
    ("lexicon/emergencies.toml", 23, "lexicon-empty"),
    ("lexicon/synonyms.toml", 3, "lexicon-empty"),
    ("lexicon/synonyms.toml", 6, "lexicon-empty"),
    ("lexicon/synonyms.toml", 6, "lexicon-twice"),
    ("lexicon/synonyms.toml", 8, "lexicon-conflict"),
    ("lexicon/words.txt", 2, "lexicon-word"),
    ("lexicon/words.txt", 3, "lexicon-word"),
    ("lexicon/words.txt", 4, "lexicon-twice"),
    ("lexicon/words.txt", 5, "lexicon-word"),
    ("lexicon/words.txt", 6, "lexicon-word"),
    ("lexicon/words.txt", 7, "words"),
];

fn load(fixture: &str) -> (Library, Vec<Diagnostic>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(fixture);
    Library::load(&Files::read(&path).expect("the fixture is there"))
}

#[test]
fn every_broken_file_is_named_with_its_line_and_nothing_else_is() {
    let (_, faults) = load("broken");
    let found: Vec<(&str, u32, &str)> =
        faults.iter().map(|fault| (fault.path.as_str(), fault.line, fault.rule)).collect();
    for expected in EXPECTED {
        assert!(
            found.contains(expected),
            "missing {expected:?}, found {:?}",
            of(&found, expected.0)
        );
    }
    for fault in &found {
        assert!(EXPECTED.contains(fault), "unexpected {fault:?}");
    }
    assert!(faults.iter().all(|fault| !fault.help.is_empty()), "every fault says what to do");
}

#[test]
fn every_fault_of_the_lexicon_is_named_with_its_line() {
    let (_, faults) = load("broken-lexicon");
    let of_lexicon = faults.iter().filter(|fault| fault.path.starts_with("lexicon/"));
    let mut found: Vec<(&str, u32, &str)> =
        of_lexicon.map(|fault| (fault.path.as_str(), fault.line, fault.rule)).collect();
    found.sort_unstable();
    assert_eq!(found, LEXICON);
}

fn of<'a>(found: &'a [(&str, u32, &str)], path: &str) -> Vec<&'a (&'a str, u32, &'a str)> {
    found.iter().filter(|fault| fault.0 == path).collect()
}

#[test]
fn a_document_of_each_kind_loads_without_a_fault() {
    let (library, faults) = load("minimal");
    assert_eq!(faults, []);
    let kinds: std::collections::BTreeSet<_> =
        library.documents().iter().map(fenghuo_content::Document::kind).collect();
    assert_eq!(kinds.len(), 10);
}

#[test]
fn symbolic_links_and_oversized_files_are_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("/etc/hostname", dir.path().join("leak.md")).expect("a link");
    std::os::unix::fs::symlink(dir.path(), dir.path().join("cycle")).expect("a link");
    std::fs::write(dir.path().join("huge.md"), vec![b'x'; 5 * 1024 * 1024 + 1]).expect("a file");
    let (_, faults) = Library::load(&Files::read(dir.path()).expect("a folder"));
    for (path, rule) in
        [("leak.md", "file-symlink"), ("cycle", "file-symlink"), ("huge.md", "file-too-large")]
    {
        assert!(faults.iter().any(|f| f.path == path && f.rule == rule), "{path}");
    }
}
