//! Lists of lessons by school year and by season.

use std::collections::BTreeMap;

use fenghuo_content::Content;

use crate::fixture::{BUILT_IN, TODAY, built, library, site};

fn lesson(grades: &str, season: &str) -> String {
    let section = |name: &str| format!("## {name}\n\n记住 119。\n\n");
    let parts: String =
        ["一分钟", "五分钟", "三十分钟", "告家长书", "练习单"].into_iter().map(section).collect();
    format!(
        "+++\ntitle = \"课 {grades}\"\nsummary = \"一课。\"\naudience = [\"teacher\"]\n\
         topics = [\"school\"]\nseason = {season}\nreviewed = 2026-11-01\ngrades = {grades}\n\
         objectives = [\"会打 119\"]\n+++\n\n{parts}"
    )
}

/// Ids of the lessons in the list at `name`.
fn listed(files: &BTreeMap<String, String>, name: &str) -> Vec<String> {
    let html = &files[&format!("lessons/{name}index.html")];
    let entries = html.split("<li class=\"entry\"><a href=\"/lessons/").skip(1);
    entries.filter_map(|rest| rest.split('/').next()).map(str::to_owned).collect()
}

#[test]
fn a_lesson_stands_once_in_the_list_of_each_of_its_years() {
    let documents = [
        ("lessons/small.md", lesson("[0, 4, 4]", "[\"all\"]")),
        ("lessons/big.md", lesson("[4, 12]", "[\"all\"]")),
    ];
    let documents = documents.each_ref().map(|(path, text)| (*path, text.as_str()));
    let files = built(&site(library(&documents), TODAY));
    assert_eq!(listed(&files, "grade/0/"), ["small"]);
    assert_eq!(listed(&files, "grade/4/"), ["small", "big"]);
    assert_eq!(listed(&files, "grade/12/"), ["big"]);
    assert!(!files.contains_key("lessons/grade/5/index.html"));
    assert!(!files.contains_key("lessons/season/summer/index.html"));
}

#[test]
fn a_season_lists_the_lessons_made_for_it() {
    let documents = [
        ("lessons/always.md", lesson("[1]", "[\"all\"]")),
        ("lessons/july.md", lesson("[1]", "[7]")),
        ("lessons/spring.md", lesson("[1]", "[4]")),
        ("lessons/new-year.md", lesson("[1]", "[1, 6]")),
    ];
    let documents = documents.each_ref().map(|(path, text)| (*path, text.as_str()));
    let files = built(&site(library(&documents), TODAY));
    assert_eq!(listed(&files, "season/summer/"), ["july", "new-year"]);
    assert_eq!(listed(&files, "season/winter/"), ["new-year"]);
    assert!(!files.contains_key("lessons/season/spring/index.html"));
}

#[test]
fn every_year_with_lessons_is_linked_and_in_the_sitemap() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    let mut addresses: Vec<String> =
        ["summer", "winter"].map(|season| format!("/lessons/season/{season}/")).into();
    for document in BUILT_IN.documents() {
        if let Content::Lesson(lesson) = &document.content {
            addresses.extend(lesson.grades.iter().map(|grade| format!("/lessons/grade/{grade}/")));
        }
    }
    assert!(addresses.len() > 12);
    for address in addresses {
        assert!(files["lessons/index.html"].contains(&format!("href=\"{address}\"")), "{address}");
        let location = format!("<loc>https://fire.example{address}</loc>");
        assert!(files["sitemap.xml"].contains(&location), "{address}");
    }
}
