//! Lessons over the API, as a school portal pulls them every night.

use axum::http::{Method, StatusCode};

use crate::fixture::App;

#[tokio::test]
async fn a_lesson_in_a_list_links_to_all_its_formats() {
    let app = App::new();
    let list = app
        .get("/api/v1/lessons?season=summer&grade=4&minutes=30&audience=school&topic=people")
        .await;
    let item = list.json()["items"].as_array().expect("items")[0].clone();
    let links = item["links"].as_object().expect("links").clone();
    let names: Vec<&str> = links.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "a4",
            "epub",
            "gift",
            "ics",
            "letter_page",
            "page",
            "quiz_page",
            "scorm",
            "slides",
            "slides_page",
            "worksheet_page",
            "zip",
        ]
    );
    for (name, url) in links {
        let path = url.as_str().and_then(|url| url.strip_prefix("https://fire.example"));
        assert_eq!(app.get(path.expect("public")).await.status, StatusCode::OK, "{name}");
    }
    assert_eq!(item["version"].as_str().map(str::len), Some(12));
    assert_eq!(item["part"]["minutes"], 30);
}

#[tokio::test]
async fn pages_of_the_list_hold_every_lesson_once() {
    let app = App::new();
    let mut next = Some("/api/v1/lessons?season=summer&limit=7".to_owned());
    let (mut seen, mut total) = (std::collections::BTreeSet::new(), 0);
    while let Some(path) = next {
        let list = app.get(&path).await.json();
        total = list["total"].as_u64().expect("a total");
        for item in list["items"].as_array().expect("items") {
            assert!(seen.insert(item["id"].as_str().expect("an id").to_owned()), "{}", item["id"]);
        }
        next = list["next"].as_str().map(str::to_owned);
    }
    assert_eq!(seen.len() as u64, total);
    assert!(seen.contains("lessons/summer-p46") && !seen.contains("lessons/winter-p46"));
}

#[tokio::test]
async fn an_unchanged_list_is_not_sent_again() {
    let app = App::new();
    let path = "/api/v1/lessons?season=summer&grade=4";
    let tag = app.get(path).await.header("etag").to_owned();
    let again = app.send(Method::GET, path, &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn one_lesson_comes_whole_by_either_name() {
    let app = App::new();
    let lesson = app.get("/api/v1/lessons/summer-p46").await.json();
    assert_eq!(lesson["id"], "lessons/summer-p46");
    for part in ["one_minute", "five_minutes", "thirty_minutes", "letter", "worksheet"] {
        assert!(
            lesson["parts"][part]["text"].as_str().is_some_and(|text| text.len() > 50),
            "{part}"
        );
    }
    let questions = lesson["quiz_questions"].as_array().expect("questions");
    assert_eq!(questions.len(), 10);
    for question in questions {
        let options = question["options"].as_array().expect("options");
        assert!(options.iter().any(|option| option["right"] == true), "{question}");
    }
    assert!(lesson["privacy"].as_str().is_some_and(|text| text.contains("不保存学生资料")));
    let long = app.get("/api/v1/lessons/lessons/summer-p46").await;
    assert_eq!(long.json()["hash"], lesson["hash"]);
    let tag = long.header("etag").to_owned();
    let again =
        app.send(Method::GET, "/api/v1/lessons/summer-p46", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    for missing in ["nothing", "quizzes/drill", "lessons", "%00"] {
        let reply = app.get(&format!("/api/v1/lessons/{missing}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{missing}");
        assert_eq!(reply.header("content-type"), "application/problem+json", "{missing}");
    }
}

#[tokio::test]
async fn a_faulty_parameter_is_named_with_its_valid_values() {
    let app = App::new();
    for (query, parameter, valid) in [
        ("season=hot", "season", "summer"),
        ("grade=13", "grade", "0–12"),
        ("grade=vier", "grade", "0–12"),
        ("minutes=7", "minutes", "30"),
        ("minutes=", "minutes", "30"),
        ("audience=nobody", "audience", "school"),
        ("topic=nothing", "topic", "kitchen"),
        ("limit=0", "limit", "1–100"),
        ("offset=-1", "offset", "0–1000000"),
        ("lang=fr", "lang", "zh"),
        ("colour=red", "colour", "season"),
    ] {
        let reply = app.get(&format!("/api/v1/lessons?{query}")).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
        let problem = reply.json();
        assert_eq!(problem["parameter"], parameter, "{query}: {problem}");
        let known = problem["valid"].as_array().expect("valid values");
        assert!(known.iter().any(|value| value == valid), "{query}: {problem}");
        assert!(
            problem["detail"].as_str().is_some_and(|text| text.contains(parameter)),
            "{problem}"
        );
    }
    let elsewhere = app.get("/api/v1/documents?grade=4").await.json();
    assert_eq!(elsewhere["parameter"], "grade");
    assert!(elsewhere.get("valid").is_none());
}
