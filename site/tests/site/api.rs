//! The read-only API.

use axum::http::{Method, StatusCode};

use crate::fixture::App;

#[tokio::test]
async fn a_list_has_items_a_total_and_the_next_page() {
    let app = App::new();
    let reply = app.get("/api/v1/documents?kind=knowledge&limit=2").await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    let list = reply.json();
    assert_eq!(list["items"].as_array().map(Vec::len), Some(2));
    assert!(list["total"].as_u64() > Some(2));
    assert_eq!(list["next"], "/api/v1/documents?kind=knowledge&limit=2&offset=2");
    let next = app.get(list["next"].as_str().expect("an address")).await.json();
    assert_ne!(next["items"][0]["id"], list["items"][0]["id"]);
}

#[tokio::test]
async fn lists_are_narrowed() {
    let app = App::new();
    for (path, field, expected) in [
        ("/api/v1/documents?kind=case&limit=1", "kind", "case"),
        ("/api/v1/cases?limit=1", "kind", "case"),
        ("/api/v1/checklists?limit=1", "kind", "checklist"),
        ("/api/v1/lessons?season=summer&audience=school&limit=1", "kind", "lesson"),
        ("/api/v1/documents?topic=gas&kind=guide", "kind", "guide"),
    ] {
        let list = app.get(path).await.json();
        if let Some(first) = list["items"].get(0) {
            assert_eq!(first[field], expected, "{path}");
        }
    }
}

#[tokio::test]
async fn the_last_page_has_no_next() {
    let list = App::new().get("/api/v1/documents?kind=guide&limit=100").await.json();
    assert!(list["next"].is_null());
}

#[tokio::test]
async fn faulty_requests_get_a_problem() {
    let app = App::new();
    for (path, status) in [
        ("/api/v1/documents?limit=1000", StatusCode::BAD_REQUEST),
        ("/api/v1/documents?colour=red", StatusCode::BAD_REQUEST),
        ("/api/v1/documents?season=hot", StatusCode::BAD_REQUEST),
        ("/api/v1/lessons?minutes=7", StatusCode::BAD_REQUEST),
        ("/api/v1/documents/knowledge/none", StatusCode::NOT_FOUND),
        ("/api/v1/nothing", StatusCode::NOT_FOUND),
    ] {
        let reply = app.get(path).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(reply.json()["status"], status.as_u16(), "{path}");
    }
}

#[tokio::test]
async fn one_document_comes_whole_and_tagged() {
    let app = App::new();
    let path = "/api/v1/documents/guides/trapped";
    let first = app.get(path).await;
    let document = first.json();
    assert_eq!(document["id"], "guides/trapped");
    assert!(document["passages"].as_array().is_some_and(|passages| passages.len() > 2));
    let etag = first.header("etag").to_owned();
    let second = app.send(Method::GET, path, &[("if-none-match", &etag)]).await;
    assert_eq!(second.status, StatusCode::NOT_MODIFIED);
}
