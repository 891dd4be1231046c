//! The web channel: the API as in the contract, the form without scripts, and bad input.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use fenghuo_bot::{BotState, Clock, Limits, Visitor, router};
use fenghuo_site::Current;
use fenghuo_store::Store;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::fixture::{now, world};

/// The router over a temporary database.
struct App {
    router: Router,
    store: Store,
    _folder: TempDir,
}

/// What came back.
struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl App {
    async fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("a store");
        let current = Current::fixed(world());
        let state = BotState {
            current,
            store: store.clone(),
            clock: Clock::fixed(now()),
            limits: Limits::default(),
        };
        Self { router: router(state), store, _folder: folder }
    }

    async fn send(&self, request: Request<Body>) -> Got {
        let response = self.router.clone().oneshot(request).await.expect("a response");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let body = String::from_utf8(bytes.to_vec()).expect("text");
        Got { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str) -> Got {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    async fn post(&self, path: &str, kind: &str, body: impl Into<Body>) -> Got {
        let request = Request::post(path).header(header::CONTENT_TYPE, kind);
        self.send(request.body(body.into()).expect("a request")).await
    }

    async fn json(&self, path: &str, body: &Value) -> Got {
        self.post(path, "application/json", body.to_string()).await
    }

    async fn form(&self, cookie: &str, body: &str) -> Got {
        let request = Request::post("/chat")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookie);
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    fn cookie(&self) -> String {
        self.header(header::SET_COOKIE).split(';').next().unwrap_or_default().to_owned()
    }
}

#[tokio::test]
async fn a_question_is_answered_as_the_contract_says() {
    let app = App::start().await;
    let by_get = app.get("/api/v1/ask?q=%E6%B2%B9%E9%94%85%E7%9D%80%E7%81%AB%E4%BA%86%E6%80%8E%E4%B9%88%E5%8A%9E").await;
    let by_post = app.json("/api/v1/ask", &json!({"q": "油锅着火了怎么办", "id": "x1"})).await;
    assert_eq!(by_get.status, StatusCode::OK);
    assert_eq!(by_get.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    assert_eq!(by_get.json()["text"], by_post.json()["text"]);
    let answer = by_post.json();
    assert_eq!((&answer["id"], &answer["kind"]), (&json!("x1"), &json!("answer")));
    assert_eq!(answer["q"], "油锅着火了怎么办");
    assert_eq!(answer["hits"][0]["doc"], "knowledge/kitchen/oil-pan-fire");
    assert_eq!(answer["sources"][0]["kind"], "law");
    assert_eq!(answer["reviewed"], "2026-11-01");
    for key in ["danger", "guide", "choices", "took_us"] {
        assert!(answer.get(key).is_some(), "{key}");
    }
}

#[tokio::test]
async fn a_conversation_goes_on_in_its_session() {
    let app = App::start().await;
    let first = app.json("/api/v1/chat", &json!({"choice": "q:kitchen"})).await.json();
    assert_eq!(first["kind"], "quiz");
    assert_eq!(first["session"].as_str().map(str::len), Some(32));
    let said = json!({"session": first["session"], "text": "1"});
    let second = app.json("/api/v1/chat", &said).await.json();
    assert_eq!(second["session"], first["session"]);
    assert!(second["text"].as_str().expect("text").contains("第 2 题"));
    assert_eq!(second["blocks"][0]["type"], "text");
    let elsewhere = app.json("/api/v1/chat", &json!({"text": "继续"})).await.json();
    assert_ne!(elsewhere["session"], first["session"]);
    assert_eq!(elsewhere["kind"], "help");
}

#[tokio::test]
async fn a_session_id_of_ones_own_choice_is_not_taken_over() {
    let app = App::start().await;
    for id in ["0123456789abcdef0123456789abcdef", "x", "", "'; DROP TABLE session; --"] {
        let reply = app.json("/api/v1/chat", &json!({"session": id, "text": "你好"})).await;
        assert_eq!(reply.status, StatusCode::OK, "{id}");
        assert_ne!(reply.json()["session"], id, "{id}");
    }
}

#[tokio::test]
async fn what_the_api_cannot_read_is_a_problem() {
    let app = App::start().await;
    let long = "火".repeat(10_001);
    let huge = "x".repeat(200 * 1024);
    for (path, kind, body, status) in [
        ("/api/v1/ask", "application/json", "{".to_owned(), 400),
        ("/api/v1/ask", "application/json", "{}".to_owned(), 422),
        ("/api/v1/ask", "application/json", json!({"q": 1}).to_string(), 422),
        ("/api/v1/ask", "application/json", json!({"q": long}).to_string(), 413),
        ("/api/v1/ask", "application/json", json!({"q": huge}).to_string(), 413),
        ("/api/v1/ask", "text/plain", "火".to_owned(), 415),
        ("/api/v1/chat", "application/json", "[]".to_owned(), 422),
        ("/api/v1/chat", "application/json", "{}".to_owned(), 422),
        (
            "/api/v1/chat",
            "application/json",
            json!({"text": "a", "choice": "menu"}).to_string(),
            422,
        ),
        ("/api/v1/chat", "application/json", json!({"text": long}).to_string(), 413),
        ("/api/v1/feedback", "application/json", "{}".to_owned(), 422),
        (
            "/api/v1/feedback",
            "application/json",
            json!({"doc": "knowledge/no/such", "helpful": true}).to_string(),
            422,
        ),
    ] {
        let got = app.post(path, kind, body.clone()).await;
        let case = format!("{path} {body:.60}: {}", got.body);
        assert_eq!(got.status.as_u16(), status, "{case}");
        assert_eq!(got.header(header::CONTENT_TYPE), "application/problem+json", "{case}");
        assert_eq!(got.json()["status"], status, "{case}");
    }
    let broken = app.post("/api/v1/ask", "application/json", vec![b'"', 0xff, 0xfe]).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.get("/api/v1/ask").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn hostile_questions_are_answered_and_never_reflected_unescaped() {
    let app = App::start().await;
    for text in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{7*7}} ${7*7} <%= 7 %>",
        "\u{0}\u{1}\u{202e}\u{feff}",
        "👩‍🚒🔥",
        "' OR 1=1 --",
    ] {
        let got = app.json("/api/v1/ask", &json!({"q": text})).await;
        assert_eq!(got.status, StatusCode::OK, "{text}");
        let got = app.json("/api/v1/chat", &json!({"text": text})).await;
        assert_eq!(got.status, StatusCode::OK, "{text}");
        let body = text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let got = app.form("", &format!("text={body}")).await;
        assert_eq!(got.status, StatusCode::OK, "{text}");
        assert!(!got.body.contains("<script>alert") && !got.body.contains("<img src=x"), "{text}");
    }
}

#[tokio::test]
async fn the_form_works_without_scripts() {
    let app = App::start().await;
    let page = app.get("/chat").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("<form id=\"chat-form\"") && page.body.contains("value=\"l:guides:0\"")
    );
    assert!(page.body.contains("应季提示"), "the notice of 9 November is in its window");
    assert_eq!(page.header(header::SET_COOKIE), "", "a visit alone sets no cookie");

    let first = app.form("", "choice=g%3Atrapped").await;
    let cookie = first.cookie();
    assert!(first.header(header::SET_COOKIE).ends_with("HttpOnly; SameSite=Lax; Secure"));
    assert!(first.body.contains("手背试门") && first.body.contains("value=\"g:trapped:hot-door\""));

    let second = app.form(&cookie, "choice=g%3Atrapped%3Ahot-door&text=draft").await;
    assert!(second.body.contains("<p>门烫</p>") && second.body.contains("<li>用湿布堵门缝。</li>"));
    assert_eq!(second.cookie(), cookie);

    let reopened = app.send(
        Request::get("/chat")
            .header(header::COOKIE, &cookie)
            .body(Body::empty())
            .expect("a request"),
    );
    assert!(reopened.await.body.contains("继续：着火了出不去怎么办"));
}

#[tokio::test]
async fn the_form_refuses_politely() {
    let app = App::start().await;
    let long = app.form("", &format!("text={}", "a".repeat(10_001))).await;
    assert_eq!(long.status, StatusCode::OK);
    assert!(long.body.contains("太长了"));
    let huge = app.form("", &format!("text={}", "a".repeat(200 * 1024))).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(huge.body.contains("太长了"));
    let empty = app.form("", "").await;
    assert_eq!(empty.status, StatusCode::OK);
    assert!(empty.body.contains("没有看到文字"));
}

#[tokio::test]
async fn the_script_gets_the_exchange_alone() {
    let app = App::start().await;
    let request = Request::post("/chat")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("x-fragment", "1");
    let got = app.send(request.body(Body::from("text=hi")).expect("a request")).await;
    assert!(got.body.trim_start().starts_with("<article class=\"bubble mine\""));
    assert!(!got.body.contains("<form"));
}

#[tokio::test]
async fn the_page_has_nothing_inline_and_its_assets_are_kept_for_ever() {
    let app = App::start().await;
    let page = app.get("/chat?choice=g:trapped").await.body;
    for forbidden in [" style=", " onclick=", "<style"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    for ending in [".css", ".js"] {
        let end = page.find(&format!("{ending}\"")).map(|at| at + ending.len());
        let assets: Vec<&str> =
            page.split('"').filter(|part| part.contains("/assets/chat-")).collect();
        assert!(end.is_some() && assets.len() == 2, "{assets:?}");
        let address = assets.iter().find(|address| address.ends_with(ending)).expect("an asset");
        let got = app.get(address).await;
        assert_eq!(got.status, StatusCode::OK);
        assert!(got.header(header::CACHE_CONTROL).contains("immutable"));
    }
}

#[tokio::test]
async fn unanswered_questions_and_votes_reach_the_store() {
    let app = App::start().await;
    app.json("/api/v1/ask", &json!({"q": "今天股票会涨吗"})).await;
    app.json("/api/v1/chat", &json!({"text": "今天股票会涨吗？"})).await;
    app.json("/api/v1/chat", &json!({"text": "我家着火了"})).await;
    let gaps = app.store.gaps().await.expect("gaps");
    assert_eq!(gaps.iter().map(|gap| gap.count).collect::<Vec<_>>(), [2]);

    let vote =
        json!({"doc": "knowledge/kitchen/oil-pan-fire", "section": "no-water", "helpful": false});
    assert_eq!(app.json("/api/v1/feedback", &vote).await.status, StatusCode::NO_CONTENT);
    let votes = app.store.feedback().await.expect("feedback");
    assert_eq!((votes[0].section.as_str(), votes[0].unhelpful), ("no-water", 1));
}

#[tokio::test]
async fn a_dead_database_does_not_keep_anyone_from_an_answer() {
    let app = App::start().await;
    app.store.close().await;
    let reply = app.json("/api/v1/chat", &json!({"text": "我家着火了"})).await;
    assert_eq!((reply.status, &reply.json()["kind"]), (StatusCode::OK, &json!("emergency")));
    let vote = json!({"doc": "knowledge/kitchen/oil-pan-fire", "helpful": true});
    let refused = app.json("/api/v1/feedback", &vote).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!refused.body.contains("pool"), "{}", refused.body);
}

#[tokio::test]
async fn many_visitors_at_once_keep_their_own_sessions() {
    let app = Arc::new(App::start().await);
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            let app = Arc::clone(&app);
            let choice = if n % 2 == 0 { "q:kitchen" } else { "k:home" };
            tokio::spawn(async move {
                let first = app.json("/api/v1/chat", &json!({"choice": choice})).await.json();
                let next = json!({"session": first["session"], "text": "1"});
                (choice, app.json("/api/v1/chat", &next).await.json())
            })
        })
        .collect();
    for task in tasks {
        let (choice, reply) = task.await.expect("no panic");
        let expected = if choice == "q:kitchen" { "第 2 题" } else { "第 2 项" };
        assert!(reply["text"].as_str().expect("text").contains(expected), "{choice}");
    }
}

#[tokio::test]
async fn who_asks_too_fast_waits_and_danger_is_answered_all_the_same() {
    let app = App::start().await;
    let visitor = Visitor("192.0.2.7".parse().expect("an address"));
    let ask = async |path: &str, body: Value| {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        let request = request.extension(visitor).body(Body::from(body.to_string()));
        app.send(request.expect("a request")).await
    };
    let mut refused = None;
    for _ in 0..150 {
        refused = Some(ask("/api/v1/ask", json!({ "q": "今天天气" })).await);
    }
    let refused = refused.expect("asked");
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers.contains_key(header::RETRY_AFTER));
    assert_eq!(refused.headers[header::CONTENT_TYPE], "application/problem+json");
    let choice = ask("/api/v1/chat", json!({ "choice": "menu" })).await;
    assert_eq!(choice.status, StatusCode::TOO_MANY_REQUESTS);
    for (path, body) in [
        ("/api/v1/ask", json!({ "q": "我家着火了" })),
        ("/api/v1/chat", json!({ "text": "我家着火了" })),
    ] {
        let danger = ask(path, body).await;
        assert_eq!(danger.status, StatusCode::OK, "{path}");
        assert!(danger.body.contains("119"), "{path}");
    }
    let page = Request::get("/chat?q=hello").extension(visitor).body(Body::empty());
    let page = app.send(page.expect("a request")).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(page.body.contains("问得太快了"));
    // Her neighbour is not held up.
    assert_eq!(app.json("/api/v1/ask", &json!({ "q": "今天天气" })).await.status, StatusCode::OK);
}
