//! Search: the page, its index for hosts without a server, and the API behind it.

use axum::http::StatusCode;
use serde_json::Value;

use crate::fixture::{App, BUILT_IN, TODAY, built, site};

#[tokio::test]
async fn the_api_finds_passages_one_a_document() {
    let found = App::new().get("/api/v1/search?q=油锅着火&limit=5").await.json();
    let items = found["items"].as_array().expect("items");
    assert_eq!(items.len(), 5);
    assert_eq!(items[0]["kind"], "knowledge");
    assert!(items[0]["url"].as_str().is_some_and(|url| url.starts_with("https://fire.example/")));
    let mut documents: Vec<&str> = items.iter().filter_map(|item| item["doc"].as_str()).collect();
    documents.sort_unstable();
    documents.dedup();
    assert_eq!(documents.len(), 5);
}

#[tokio::test]
async fn the_api_says_what_is_wrong_with_a_query() {
    let app = App::new();
    for (path, parameter) in [
        ("/api/v1/search", "q"),
        ("/api/v1/search?q=x&limit=0", "limit"),
        ("/api/v1/search?q=x&colour=red", "colour"),
    ] {
        let reply = app.get(path).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(reply.json()["parameter"], parameter, "{path}");
    }
}

#[test]
fn the_index_names_every_document_and_the_page_asks_for_its_version() {
    let files = built(&site(BUILT_IN.clone(), TODAY));
    let base: Value = serde_json::from_str(&files["search-index/base.json"]).expect("JSON");
    let docs = base["docs"].as_array().expect("documents");
    assert_eq!(docs.len(), BUILT_IN.documents().len());
    let version = base["v"].as_str().and_then(|version| version.get(..10)).expect("a hash");
    assert!(files["search/index.html"].contains(&format!("data-version=\"{version}\"")));
}

#[tokio::test]
async fn an_index_file_with_its_version_is_kept_for_ever() {
    let app = App::new();
    let kept = app.get("/search-index/p7.json?v=1234567890").await;
    assert_eq!(kept.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(app.get("/search-index/p7.json").await.header("cache-control"), "no-cache");
    assert_eq!(app.get("/search-index/p999.json").await.status, StatusCode::NOT_FOUND);
}
