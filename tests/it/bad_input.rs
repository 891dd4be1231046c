//! What nobody should send: answered or refused politely, never reflected unescaped, never a 5xx.

use serde_json::{Value, json};

use crate::support::App;

fn hostile() -> Vec<String> {
    vec![
        String::new(),
        " \t\n".to_owned(),
        "火".repeat(10_000),
        "？！……".to_owned(),
        "🔥🔥🔥🚒".to_owned(),
        "a\u{0}b\u{7}c\u{200b}\u{202e}火".to_owned(),
        "<script>alert(1)</script>".to_owned(),
        "{{ 7*7 }} {% for x in y %} ${7*7} #{7*7}".to_owned(),
        "' OR 1=1; DROP TABLE session; --".to_owned(),
        "+title:* AND (body:\"火\" OR [a TO z])^9 ~".to_owned(),
        "\u{fffd}\u{feff}\u{10ffff}".to_owned(),
    ]
}

#[test]
fn hostile_questions_are_answered_or_refused_politely() {
    let app = App::start();
    for question in hostile() {
        let shown: String = question.chars().take(20).collect();
        for (path, body) in [
            ("/api/v1/ask", json!({ "q": question })),
            ("/api/v1/chat", json!({ "text": question })),
        ] {
            let reply = app.request("POST", path).json(&body).send().expect("an answer");
            assert!(reply.status().as_u16() < 500, "{path} {shown}: {}", reply.status());
            let text = reply.text().expect("text");
            let shape: Value = serde_json::from_str(&text).expect("JSON");
            assert!(
                !shape["text"].as_str().unwrap_or_default().contains("<script>"),
                "{path} {shown}"
            );
        }
    }
}

#[test]
fn danger_is_found_at_the_end_of_ten_thousand_characters() {
    let app = App::start();
    let question = format!("{}我家着火了快来救命", "今天天气很好，".repeat(1400));
    let question: String = question.chars().collect();
    assert!(question.chars().count() <= 10_000);
    assert_eq!(app.post("/api/v1/ask", &json!({ "q": question }))["kind"], "emergency");
}

#[test]
fn bad_requests_get_problems() {
    let app = App::start();
    let too_long = json!({ "q": "火".repeat(10_001) }).to_string();
    for (method, path, body) in [
        ("POST", "/api/v1/ask", "{".to_owned()),
        ("POST", "/api/v1/ask", "{}".to_owned()),
        ("POST", "/api/v1/ask", too_long),
        ("POST", "/api/v1/ask", format!("{{\"q\":\"{}\"}}", "x".repeat(140_000))),
        ("POST", "/api/v1/chat", "[]".to_owned()),
        ("POST", "/api/v1/feedback", "{\"doc\":1}".to_owned()),
        ("PUT", "/api/v1/ask", String::new()),
        ("GET", "/api/v1/ask", String::new()),
        ("GET", "/api/v1/documents?limit=nonsense", String::new()),
    ] {
        let reply = app
            .request(method, path)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .expect("an answer");
        assert!(reply.status().is_client_error(), "{method} {path}: {}", reply.status());
        assert_eq!(reply.headers()["content-type"], "application/problem+json", "{method} {path}");
        let problem: Value = reply.json().expect("JSON");
        assert!(problem["title"].is_string() && problem["status"].is_u64(), "{problem}");
    }
}

#[test]
fn forged_choices_and_sessions_are_met_politely() {
    let app = App::start();
    for body in [
        json!({ "choice": "g:none:none" }),
        json!({ "choice": "x".repeat(300) }),
        json!({ "choice": "q:../../etc/passwd" }),
        json!({ "session": "not-hex", "text": "你好" }),
        json!({ "session": "0".repeat(32), "text": "你好" }),
    ] {
        let reply = app.request("POST", "/api/v1/chat").json(&body).send().expect("an answer");
        assert!(reply.status().as_u16() < 500, "{body}: {}", reply.status());
    }
}

#[test]
fn strange_paths_are_not_found() {
    let app = App::start();
    for path in [
        "/../Cargo.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/media/../library.toml",
        "/%00",
        "/%ff%fe",
        "//evil.example/",
        "/knowledge//",
    ] {
        let status = app.get(path).status().as_u16();
        assert!(matches!(status, 400..=499) || status == 308, "{path}: {status}");
    }
}
