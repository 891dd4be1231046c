//! Routes: tags, slashes, old addresses, 404, search.

use axum::http::{Method, StatusCode};

use crate::fixture::App;

#[tokio::test]
async fn a_page_is_reached_with_and_without_its_slash() {
    let app = App::new();
    assert_eq!(app.get("/knowledge/").await.status, StatusCode::OK);
    for (path, target) in [
        ("/knowledge", "/knowledge/"),
        ("/knowledge?x=1", "/knowledge/?x=1"),
        ("/knowledge/index.html", "/knowledge/"),
        ("/sitemap.xml/", "/sitemap.xml"),
        ("/topics/", "/knowledge/"),
    ] {
        let reply = app.get(path).await;
        assert_eq!(
            (reply.status, reply.header("location")),
            (StatusCode::PERMANENT_REDIRECT, target),
            "{path}"
        );
    }
    assert_eq!(app.get("/search").await.status, StatusCode::OK);
    assert_eq!(app.get("/search/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_the_reader_has_is_not_sent_again() {
    let app = App::new();
    let first = app.get("/").await;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with('"') && first.header("cache-control") == "no-cache");
    let second = app.send(Method::GET, "/", &[("if-none-match", &etag)]).await;
    assert_eq!((second.status, second.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn head_says_the_length_and_sends_nothing() {
    let app = App::new();
    let (get, head) = (app.get("/").await, app.send(Method::HEAD, "/", &[]).await);
    assert_eq!(head.status, StatusCode::OK);
    assert_eq!(head.header("content-length"), get.body.len().to_string());
    assert!(head.body.is_empty());
}

#[tokio::test]
async fn assets_are_kept_for_ever() {
    let app = App::new();
    let home = app.get("/").await.body;
    let style = home.split("href=\"/assets/").nth(1).and_then(|rest| rest.split('"').next());
    let reply = app.get(&format!("/assets/{}", style.expect("a style sheet"))).await;
    assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
}

#[tokio::test]
async fn what_is_not_there_is_404_with_numbers_to_call() {
    let app = App::new();
    for path in
        ["/nothing", "/nothing/", "/%ff", "/../etc/passwd", "//evil.example", "/media/none.svg"]
    {
        let reply = app.get(path).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
        assert!(reply.body.contains("tel:119"), "{path}");
    }
    assert_eq!(
        app.send(Method::POST, "/knowledge/", &[]).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn search_reflects_nothing_unescaped() {
    let app = App::new();
    for query in [
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
        "%22%3E%3Cimg%20src%3Dx%3E",
        "%00%ff",
        "%7B%7B7*7%7D%7D",
    ] {
        let reply = app.get(&format!("/search?q={query}")).await;
        assert_eq!(reply.status, StatusCode::OK, "{query}");
        assert!(
            !reply.body.contains("<script>alert") && !reply.body.contains("<img src=x"),
            "{query}"
        );
    }
    let long = "火".repeat(3000);
    assert_eq!(
        app.get(&format!("/search?q={}", "%E7%81%AB".repeat(long.chars().count()))).await.status,
        StatusCode::OK
    );
}
