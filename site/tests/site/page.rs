//! What single pages show and what they must not.

use jiff::civil::date;

use crate::fixture::{BUILT_IN, TODAY, built, library, site};

const NOTICE: &str = r#"+++
title = "消防日：全家走一次"
summary = "走一次逃生路。"
audience = ["resident"]
topics = ["figures"]
reviewed = 2026-11-01
when = "11-09"
severity = "minor"
expires_after = "72h"
[[sources]]
title = "中华人民共和国消防法"
issuer = "全国人民代表大会常务委员会"
date = "2021-04-29"
kind = "law"
+++

今晚全家走一次：从床上到门外。记住 119。

## 广播稿

今晚全家走一次。
"#;

const KNOWLEDGE: &str = r#"+++
title = "油锅 <着火> 怎么办"
summary = "关火、盖锅盖 & 不泼水。"
audience = ["resident"]
topics = ["kitchen"]
season = ["all"]
reviewed = 2026-11-01
aliases = ["/old/oil/"]
answer = """
1. 关火。
2. 盖上锅盖。
3. 压不住就出去，打 119。
"""
questions = ["油锅着火怎么办", "锅里起火怎么办", "炒菜烧起来了"]
urgency = "now"
[[sources]]
title = "中华人民共和国消防法"
issuer = "全国人民代表大会常务委员会"
date = "2021-04-29"
kind = "law"
+++

## 常见误区 {#myth}

- ✗ 误区：油锅着火泼水。 ✓ 正确：关火，盖锅盖。

[打电话](tel:119)，[问一问](/chat)。
"#;

fn page(documents: &[(&str, &str)], name: &str) -> String {
    built(&site(library(documents), TODAY)).remove(name).unwrap_or_default()
}

#[test]
fn a_notice_is_shown_in_its_window_and_never_after() {
    let documents = [("notices/fire-day.md", NOTICE)];
    for (today, shown) in [
        (date(2026, 11, 8), false),
        (date(2026, 11, 9), true),
        (date(2026, 11, 11), true),
        (date(2026, 11, 12), false),
    ] {
        let files = built(&site(library(&documents), today));
        for name in ["index.html", "notices/index.html"] {
            assert_eq!(
                files[name].contains("data-expires=\"2026-11-12T00:00:00+08:00\""),
                shown,
                "{today} {name}"
            );
        }
        assert_eq!(files["feeds/notices.atom"].contains("<entry>"), shown, "{today}");
        assert_eq!(files["notices/fire-day/index.html"].contains("现在正是时候"), shown, "{today}");
    }
}

#[test]
fn a_draft_is_not_published() {
    let draft = KNOWLEDGE.replace("reviewed =", "draft = true\nreviewed =");
    let files = built(&site(library(&[("knowledge/kitchen/oil.md", &draft)]), TODAY));
    assert!(!files.contains_key("knowledge/kitchen/oil/index.html"));
    assert!(files.values().all(|text| !text.contains("油锅 &lt;着火")));
}

#[test]
fn titles_are_escaped_everywhere() {
    let html = page(&[("knowledge/kitchen/oil.md", KNOWLEDGE)], "knowledge/kitchen/oil/index.html");
    assert!(
        html.contains("<h1>油锅 &lt;着火&gt; 怎么办</h1>")
            || html.contains("<h1>油锅 &#60;着火&#62; 怎么办</h1>"),
        "{html}"
    );
    assert!(!html.contains("<着火>"));
}

#[test]
fn a_wrong_belief_never_stands_without_its_correction() {
    let html = page(&[("knowledge/kitchen/oil.md", KNOWLEDGE)], "knowledge/kitchen/oil/index.html");
    let myth =
        html.split("<div class=\"myth\">").nth(1).and_then(|rest| rest.split("</div>").next());
    let myth = myth.expect("the myth is one element");
    assert!(
        myth.contains("✗ 误区")
            && myth.contains("油锅着火泼水")
            && myth.contains("✓ 正确")
            && myth.contains("盖锅盖")
    );
}

#[test]
fn a_static_host_links_to_no_chat() {
    let html = page(&[("knowledge/kitchen/oil.md", KNOWLEDGE)], "knowledge/kitchen/oil/index.html");
    assert!(!html.contains("href=\"/chat"));
    assert!(html.contains("href=\"tel:119\""));
}

#[test]
fn an_old_address_leads_on_without_a_server() {
    let html = page(&[("knowledge/kitchen/oil.md", KNOWLEDGE)], "old/oil/index.html");
    assert!(html.contains("url=/knowledge/kitchen/oil/"), "{html}");
}

#[test]
fn a_variant_names_its_other_language() {
    let english = KNOWLEDGE
        .replace("油锅 <着火> 怎么办", "Oil fire")
        .replace("aliases = [\"/old/oil/\"]\n", "");
    let documents =
        [("knowledge/kitchen/oil.md", KNOWLEDGE), ("knowledge/kitchen/oil.en.md", &english)];
    let files = built(&site(library(&documents), TODAY));
    for name in ["knowledge/kitchen/oil/index.html", "en/knowledge/kitchen/oil/index.html"] {
        assert!(
            files[name].contains(
                "hreflang=\"en\" href=\"https://fire.example/en/knowledge/kitchen/oil/\""
            ),
            "{name}"
        );
        assert!(
            files[name].contains(
                "hreflang=\"zh-CN\" href=\"https://fire.example/knowledge/kitchen/oil/\""
            ),
            "{name}"
        );
    }
    assert!(files["en/index.html"].contains("Oil fire"));
}

#[test]
fn an_empty_library_still_gives_a_site() {
    let files = built(&site(library(&[]), TODAY));
    for name in
        ["index.html", "knowledge/index.html", "cases/index.html", "404.html", "sitemap.xml"]
    {
        assert!(files.contains_key(name), "{name}");
    }
}

#[test]
fn every_page_of_a_document_says_how_far_it_is_approved() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    for document in BUILT_IN.documents() {
        let html = &files[&format!("{}index.html", document.address().trim_start_matches('/'))];
        assert!(html.contains("class=\"approval\""), "{}", document.id);
    }
}

#[test]
fn every_total_of_a_bulletin_names_its_column_and_none_is_scrolled_to() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    let html = &files["bulletins/2026-10/index.html"];
    let (_, table) =
        html.split_once("<h2>2026年10月</h2><table class=\"stack totals\">").expect("totals");
    let (table, _) = table.split_once("</table>").expect("the table ends");
    let (head, rows) = table.split_once("<tbody>").expect("the table has a body");
    let columns = head.split("<th scope=\"col\">").filter_map(|rest| rest.split_once("</th>"));
    let columns: Vec<&str> = columns.map(|(name, _)| name).skip(1).collect();
    assert_eq!(columns, ["本月", "比上月", "比去年同月"]);
    assert_eq!(rows.matches("<tr>").count(), 4);
    for row in rows.split("<tr>").skip(1) {
        let labels = row.split("<td data-label=\"").skip(1);
        let labels: Vec<&str> = labels.filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(labels, columns, "{row}");
    }
}
