//! The editors' page: what is named there and what is not.

use std::collections::BTreeMap;

use jiff::civil::date;

use crate::fixture::{BUILT_IN, TODAY, built, library, site};

/// A case whose last section says `text`; `extra` stands in its front matter.
fn case(title: &str, extra: &str, text: &str) -> String {
    let section = |name: &str| format!("## {name}\n\n写清楚。\n\n");
    let sections: String = ["经过", "原因", "责任", "整改"].into_iter().map(section).collect();
    format!(
        "+++\ntitle = \"{title}\"\nsummary = \"一场火。\"\naudience = [\"resident\"]\n\
         topics = [\"kitchen\"]\ntype = \"fire\"\ndate = 2024-01-02\nplace = \"县城\"\n\
         category = \"住宅\"\ncause = \"电线\"\nfigures = \"final\"\n{extra}\n+++\n\n\
         {sections}## 教训\n\n{text}\n"
    )
}

fn reviewed(day: &str) -> String {
    format!("reviewed = {day}")
}

fn law(date: &str) -> String {
    format!(
        "reviewed = 2026-11-01\n[[sources]]\ntitle = \"中华人民共和国刑法\"\nissuer = \"全国人大\"\n\
         date = \"{date}\"\nkind = \"law\"\n"
    )
}

fn pages(documents: &[(&str, String)]) -> BTreeMap<String, String> {
    let documents: Vec<(&str, &str)> =
        documents.iter().map(|(path, text)| (*path, text.as_str())).collect();
    built(&site(library(&documents), TODAY))
}

/// Paths of the documents in the table of the finding `key`.
fn found<'a>(files: &'a BTreeMap<String, String>, key: &str) -> Vec<&'a str> {
    let html = &files[&format!("editors/{key}/index.html")];
    html.split("<small>案例 · ").skip(1).filter_map(|rest| rest.split(['<', ' ']).next()).collect()
}

/// What the table of findings counts for `key`.
fn count(files: &BTreeMap<String, String>, key: &str) -> usize {
    let html = &files["editors/index.html"];
    let row = html.split(&format!("href=\"/editors/{key}/\"")).nth(1).expect("a row");
    let cell = row.split("<td>").nth(1).and_then(|rest| rest.split('<').next()).expect("a count");
    cell.parse().expect("a number")
}

#[test]
fn reviews_are_named_when_they_are_overdue_or_soon_due() {
    let files = pages(&[
        ("cases/overdue.md", case("过期", &reviewed("2025-11-08"), "看。")),
        ("cases/today.md", case("今天", &reviewed("2025-11-09"), "看。")),
        ("cases/soon.md", case("将到", &reviewed("2026-01-08"), "看。")),
        ("cases/later.md", case("以后", &reviewed("2026-01-09"), "看。")),
        ("cases/short.md", case("半年", "reviewed = 2026-02-01\nreview_every = 6", "看。")),
    ]);
    assert_eq!(TODAY, date(2026, 11, 9));
    assert_eq!(found(&files, "overdue"), ["cases/short.md", "cases/overdue.md"]);
    assert_eq!(found(&files, "soon"), ["cases/today.md", "cases/soon.md"]);
    assert_eq!((count(&files, "overdue"), count(&files, "soon")), (2, 2));
    let all = &files["editors/index.html"];
    for title in ["过期", "今天", "将到", "以后", "半年"] {
        assert!(all.contains(&format!(">{title}</a>")), "{title}");
    }
}

#[test]
fn a_text_is_unapproved_until_an_office_stands_in_it() {
    let approved = "reviewed = 2026-11-01\nreviewer = \"县消防救援大队\"";
    let files = pages(&[
        ("cases/approved.md", case("审过", approved, "看。")),
        ("cases/open.md", case("没审", &reviewed("2026-11-01"), "看。")),
    ]);
    assert_eq!(found(&files, "unapproved"), ["cases/open.md"]);
    assert!(files["editors/index.html"].contains("县消防救援大队审定"));
}

#[test]
fn only_a_link_from_another_document_saves_from_being_orphaned() {
    let day = reviewed("2026-11-01");
    let files = pages(&[
        ("cases/first.md", case("一", &day, "看[这里](cases/linked)，[自己](cases/first)。")),
        ("cases/linked.md", case("二", &day, "看。")),
    ]);
    assert_eq!(found(&files, "orphaned"), ["cases/first.md"]);
    assert_eq!(count(&files, "orphaned"), 1);
}

#[test]
fn a_law_cited_with_an_older_date_than_elsewhere_is_named_with_both() {
    let files = pages(&[
        ("cases/old.md", case("旧", &law("2020-12-26"), "看。")),
        ("cases/new.md", case("新", &law("2023-12-29"), "看。")),
        ("cases/vague.md", case("只写年", &law("2023"), "看。")),
    ]);
    assert_eq!(found(&files, "sources"), ["cases/old.md"]);
    let html = &files["editors/sources/index.html"];
    assert!(html.contains("中华人民共和国刑法，本页 2020-12-26，别处 2023-12-29"), "{html}");
}

#[test]
fn long_tables_are_cut_and_every_document_stands_in_one() {
    let documents: Vec<(String, String)> = (0..230)
        .map(|i| (format!("cases/c{i:03}.md"), case("火", &reviewed("2026-11-01"), "看。")))
        .collect();
    let documents: Vec<(&str, &str)> =
        documents.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let files = built(&site(library(&documents), TODAY));
    for base in ["editors/", "editors/orphaned/"] {
        let names = ["", "page/2/", "page/3/"].map(|page| format!("{base}{page}index.html"));
        let rows = names.map(|name| files[&name].matches("<small>案例 · ").count());
        assert_eq!(rows, [100, 100, 30], "{base}");
    }
}

#[test]
fn editors_find_their_page_and_search_engines_do_not() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    assert!(files["index.html"].contains("<a href=\"/editors/\">编辑页</a>"));
    assert!(!files["sitemap.xml"].contains("/editors/"));
    let pages = files.iter().filter(|(name, _)| name.starts_with("editors/"));
    for (name, html) in pages {
        assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"), "{name}");
    }
}

#[test]
fn a_finding_without_documents_keeps_its_page() {
    let files = built(&site(library(&[]), TODAY));
    for key in ["overdue", "soon", "unapproved", "orphaned", "sources"] {
        assert_eq!(count(&files, key), 0, "{key}");
        assert!(files[&format!("editors/{key}/index.html")].contains("没有。"), "{key}");
    }
}

#[test]
fn links_that_lead_nowhere_are_named_with_their_line() {
    let link = "看[这里](knowledge/kitchen/nowhere)。";
    let files = pages(&[
        ("cases/broken.md", case("断了", &reviewed("2025-11-01"), link)),
        ("cases/whole.md", case("好的", &reviewed("2025-11-01"), "看。")),
    ]);
    assert_eq!(found(&files, "broken"), ["cases/broken.md"]);
    assert_eq!(count(&files, "broken"), 1);
    let html = &files["editors/broken/index.html"];
    assert!(html.contains("行：没有文章 `knowledge/kitchen/nowhere`"), "{html}");
}

#[test]
fn topics_without_some_kind_of_document_are_named() {
    let files = pages(&[("cases/one.md", case("一场", &reviewed("2025-11-01"), "看。"))]);
    let html = &files["editors/index.html"];
    assert!(html.contains("知识、课程、自查表、测验</td>"), "{html}");
    // A static copy has no desk; the page of a server leads there, and shows no question of anybody.
    assert!(!html.contains("/desk/gaps"));
}
