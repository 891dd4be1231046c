//! The open data: what the API promises, the page that shows it, and cases as a table.

use serde_json::Value;

use crate::support::App;

#[test]
fn every_documented_address_answers_its_example() {
    let app = App::start();
    let reply = app.get("/openapi.json");
    assert_eq!(reply.headers()["access-control-allow-origin"], "*");
    let document: Value = reply.json().expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().expect("paths");
    for (path, methods) in paths.iter().filter(|(_, methods)| methods["get"].is_object()) {
        let id = if path.starts_with("/api/v1/lessons") { "summer-p46" } else { "guides/trapped" };
        let needs_query = path.ends_with("/search") || path.ends_with("/ask");
        let query = if needs_query { "?q=%E6%B2%B9%E9%94%85" } else { "" };
        let address = path.replace("{id}", id).replace("{code}", "A7K9M2");
        // Nothing has been sent yet: a message of this code is not there, and that is documented too.
        let expected = if path.ends_with("/notices/{code}") { 404 } else { 200 };
        let reply = app.get(&format!("{address}{query}"));
        assert_eq!(reply.status(), expected, "{path}: {methods}");
        assert!(methods["get"]["responses"][expected.to_string()].is_object(), "{path}");
    }
}

#[test]
fn people_read_about_it_on_a_page() {
    let app = App::start();
    let page = app.get("/open-data/").text().expect("text");
    for shown in ["/api/v1/cases.csv", "OpenAPI 3.1", "例如 kitchen"] {
        assert!(page.contains(shown), "{shown}");
    }
    assert!(app.get("/").text().expect("text").contains("href=\"/open-data/\""));
}

#[test]
fn cases_come_as_a_table_narrowed_like_the_list() {
    let app = App::start();
    let table = app.get("/api/v1/cases.csv?year=2024");
    assert_eq!(table.headers()["content-type"], "text/csv; charset=utf-8");
    let tag = table.headers()["etag"].clone();
    let text = table.text().expect("text");
    let rows: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert!(rows[0].starts_with("id,type,title,date,place"));
    assert!(rows.len() > 1 && rows[1..].iter().all(|row| row.contains("2024-")), "{text}");
    let list: Value = app.get("/api/v1/cases?year=2024&limit=100").json().expect("JSON");
    assert_eq!(list["total"].as_u64(), u64::try_from(rows.len() - 1).ok());
    let request = app.request("GET", "/api/v1/cases.csv?year=2024").header("if-none-match", tag);
    assert_eq!(request.send().expect("an answer").status(), 304);
}

#[test]
fn filters_of_cases_are_refused_elsewhere_and_checked() {
    let app = App::start();
    for (address, status) in [
        ("/api/v1/cases?type=hazard", 200),
        ("/api/v1/cases?type=flood", 400),
        ("/api/v1/cases?year=24", 400),
        ("/api/v1/lessons?year=2024", 400),
        ("/api/v1/documents?type=fire", 400),
    ] {
        assert_eq!(app.get(address).status(), status, "{address}");
    }
}
