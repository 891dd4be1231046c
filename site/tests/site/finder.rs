//! The lesson finder: with a server by its form, without one by pages a facet.

use axum::http::{Method, StatusCode};

use crate::fixture::{App, BUILT_IN, TODAY, built, site};

fn listed(html: &str) -> Vec<&str> {
    let entries = html.split("<li class=\"entry\"><a href=\"/lessons/").skip(1);
    entries.filter_map(|rest| rest.split('/').next()).collect()
}

#[tokio::test]
async fn the_form_finds_without_script() {
    let app = App::new();
    for (query, expected) in [
        ("grade=4&season=summer&minutes=30&topic=", vec!["village-straw-p46", "summer-p46"]),
        ("grade=0&season=winter", vec!["winter-k"]),
        ("topic=vehicle", vec!["school-bus-p13"]),
        ("grade=0&topic=law", vec![]),
    ] {
        let reply = app.get(&format!("/lessons/find?{query}")).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(listed(&reply.body), expected, "{query}");
    }
    let all = app.get("/lessons/find").await;
    assert_eq!(listed(&all.body).len(), 31);
}

#[tokio::test]
async fn what_was_chosen_stays_chosen_and_leads_to_the_length() {
    let html = App::new().get("/lessons/find?grade=4&minutes=5").await.body;
    assert!(html.contains("<option value=\"4\" selected>4 年级</option>"));
    assert!(html.contains("#五分钟\" data-minutes=\"5\" class=\"chosen\""), "{html}");
    assert!(html.contains("noindex"));
}

#[tokio::test]
async fn a_choice_that_means_nothing_is_said_and_left_out() {
    let app = App::new();
    for query in
        ["grade=99", "grade=x", "season=hot", "minutes=7", "topic=%3Cscript%3E", "grade=4&grade=-1"]
    {
        let reply = app.get(&format!("/lessons/find?{query}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{query}");
        assert!(reply.body.contains("看不懂选的"), "{query}");
        assert!(!reply.body.contains("<script>"), "{query}");
    }
    assert_eq!(app.get("/lessons/find?x=1&&=&grade").await.status, StatusCode::OK);
}

#[tokio::test]
async fn files_are_saved_and_pages_are_shown() {
    let app = App::new();
    for (path, mime, saved) in [
        ("/lessons/summer-p46/summer-p46.epub", "application/epub+zip", true),
        ("/lessons/summer-p46/summer-p46-scorm.zip", "application/zip", true),
        ("/lessons/summer-p46/summer-p46-a4.html", "text/html; charset=utf-8", true),
        ("/lessons/summer-p46/summer-p46-gift.txt", "text/plain; charset=utf-8", true),
        ("/lessons/season/summer/summer-lessons.zip", "application/zip", true),
        ("/lessons/calendar.ics", "text/calendar; charset=utf-8", false),
        ("/calendar.ics", "text/calendar; charset=utf-8", false),
        ("/lessons/summer-p46/slides/", "text/html; charset=utf-8", false),
    ] {
        let reply = app.get(path).await;
        assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, mime), "{path}");
        assert_eq!(reply.header("content-disposition") == "attachment", saved, "{path}");
        let tag = reply.header("etag").to_owned();
        let again = app.send(Method::GET, path, &[("if-none-match", &tag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[test]
fn without_a_server_every_facet_is_a_page_and_the_form_waits_for_script() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    let html = &files["lessons/index.html"];
    assert!(html.contains("class=\"finder js-only\""));
    let vehicle = listed(&files["lessons/topic/vehicle/index.html"]).len();
    assert_eq!(vehicle, 1);
    assert!(files["sitemap.xml"].contains("https://fire.example/lessons/topic/vehicle/</loc>"));
    assert!(!files["sitemap.xml"].contains("/slides/"));
}

#[test]
fn a_season_page_offers_its_bundle() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    for (season, title) in [("summer", "暑期消防安全课"), ("winter", "寒假消防安全课")]
    {
        let html = &files[&format!("lessons/season/{season}/index.html")];
        assert!(html.contains(&format!("<h1>{title}</h1>")), "{season}");
        let file = format!("lessons/season/{season}/{season}-lessons.zip");
        assert!(html.contains(&format!("href=\"/{file}\"")), "{season}");
        assert!(files.contains_key(&file), "{season}");
        assert!(files["lessons/index.html"].contains(title), "{season}");
    }
}
