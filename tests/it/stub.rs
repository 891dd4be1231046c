//! `fenghuo new` and `calendar`.

use crate::support::{copy, fixture, root, run, stderr, stdout};

#[test]
fn every_stub_passes_the_check_and_stays_unpublished() {
    let dir = copy(&root().join("tests/fixtures/minimal"));
    let library = dir.path().display().to_string();
    for (kind, slug) in [
        ("knowledge", "kitchen/stub"),
        ("case", "stub"),
        ("guide", "stub"),
        ("lesson", "stub"),
        ("quiz", "stub"),
        ("checklist", "stub"),
        ("notice", "stub"),
        ("bulletin", "stub"),
        ("board", "stub"),
        ("page", "stub"),
    ] {
        let output = run(&["new", kind, slug, "--library", &library]);
        assert!(output.status.success(), "{kind}: {}", stderr(&output));
        assert_eq!(
            run(&["new", kind, slug, "--library", &library]).status.code(),
            Some(2),
            "{kind} twice"
        );
    }
    // The fixture knows two topics and one audience; the built-in library knows all that the stubs name.
    for name in ["topics.toml", "audiences.toml"] {
        std::fs::copy(root().join("content/library").join(name), dir.path().join(name))
            .expect("a copy");
    }
    let check = run(&["check", "--library", &library]);
    assert!(check.status.success(), "{}", stdout(&check));
    assert!(stderr(&check).starts_with("11 documents"), "{}", stderr(&check));
}

#[test]
fn names_that_are_no_addresses_are_refused() {
    for (kind, slug) in [
        ("knowledge", "kitchen/Ölpfanne"),
        ("knowledge", "alone"),
        ("page", "../../etc/x"),
        ("poem", "x"),
    ] {
        assert_eq!(
            run(&["new", kind, slug, "--library", &fixture("minimal")]).status.code(),
            Some(2),
            "{kind} {slug}"
        );
    }
}

#[test]
fn the_calendar_lists_fixed_and_lunar_days_of_a_year() {
    let output = stdout(&run(&["calendar", "--year", "2026", "--library", &fixture("minimal")]));
    let days: Vec<&str> = output.lines().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(days, ["2026-11-07", "2026-11-09"]);
    let ours = stdout(&run(&["calendar", "--year", "2027"]));
    assert!(ours.contains("2027-04-05") || ours.contains("清明"), "{ours}");
}
