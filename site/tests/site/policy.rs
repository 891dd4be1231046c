//! Pages obey the strict content policy and the limits of size.

use crate::fixture::{BUILT_IN, TODAY, built, site};

/// Every tag of `html`, without its brackets; JSON-LD is no tag.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').skip(1).filter_map(|rest| rest.split('>').next())
}

#[test]
fn no_page_has_inline_style_script_or_handler() {
    for (name, html) in built(&site(BUILT_IN.clone(), TODAY)) {
        if !name.ends_with(".html") {
            continue;
        }
        for tag in tags(&html) {
            assert!(!tag.starts_with("style"), "{name}: {tag}");
            let attributes: Vec<&str> = tag.split('"').step_by(2).collect();
            for attribute in attributes {
                let word = attribute.trim_end_matches('=').rsplit(' ').next().unwrap_or_default();
                let faulty =
                    attribute.ends_with('=') && (word == "style" || word.starts_with("on"));
                assert!(!faulty, "{name}: {tag}");
            }
            if tag.starts_with("script") {
                assert!(
                    tag.contains("src=") || tag.contains("application/ld+json"),
                    "{name}: {tag}"
                );
            }
        }
    }
}

#[test]
fn pages_have_one_main_heading_a_language_and_a_title() {
    for (name, html) in built(&site(BUILT_IN.clone(), TODAY)) {
        if !name.ends_with(".html") || html.contains("http-equiv=\"refresh\"") {
            continue;
        }
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert!(html.contains("<html lang=\"") && html.contains("<title>"), "{name}");
        assert!(html.contains("href=\"tel:119\""), "{name}");
    }
}

#[test]
fn ids_are_unique_on_every_page() {
    for (name, html) in built(&site(BUILT_IN.clone(), TODAY)) {
        if !name.ends_with(".html") {
            continue;
        }
        let mut seen = std::collections::BTreeSet::new();
        for id in html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(seen.insert(id), "{name}: `{id}` twice");
        }
    }
}

#[test]
fn nothing_is_fetched_from_elsewhere() {
    for (name, html) in built(&site(BUILT_IN.clone(), TODAY)) {
        for start in ["src=\"http", "src=\"//", "rel=\"stylesheet\" href=\"http"] {
            assert!(!html.contains(start), "{name}: {start}");
        }
    }
}

#[test]
fn the_first_page_with_style_and_script_stays_below_sixty_kilobytes() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    let size = |start: &str, end: &str| {
        let found = files.iter().find(|(name, _)| name.starts_with(start) && name.ends_with(end));
        found.expect("the file is there").1.len()
    };
    let (style, script) = (size("assets/site", ".css"), size("assets/site", ".js"));
    assert!(style <= 26 * 1024 && script <= 15 * 1024, "{style} {script}");
    let first = files["index.html"].len() + style + script + files["icon.svg"].len();
    assert!(first <= 60 * 1024, "{first}");
}
