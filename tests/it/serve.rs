//! `fenghuo serve`: headers, caching, redirects, health, privacy of the log, start and stop.

use std::process::Stdio;

use serde_json::Value;

use crate::support::{App, fenghuo, fixture, run, stderr};

#[test]
fn pages_have_tags_and_strict_headers() {
    let app = App::start();
    let page = app.get("/");
    assert_eq!(page.status(), 200);
    let header = |name: &str| page.headers()[name].to_str().expect("text").to_owned();
    assert!(header("content-security-policy").contains("default-src 'self'"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    let tag = header("etag");
    let again = app.request("GET", "/").header("if-none-match", tag).send().expect("an answer");
    assert_eq!(again.status(), 304);
    let small =
        app.request("GET", "/").header("accept-encoding", "gzip").send().expect("an answer");
    assert_eq!(small.headers()["content-encoding"], "gzip");
    assert!(small.headers()["etag"].to_str().expect("text").starts_with("W/"));
    let weak = small.headers()["etag"].clone();
    let again = app.request("GET", "/").header("if-none-match", weak).send().expect("an answer");
    assert_eq!(again.status(), 304);
}

#[test]
fn addresses_work_with_and_without_their_slash() {
    let app = App::start();
    assert_eq!(app.get("/knowledge/kitchen/oil-pan-fire/").status(), 200);
    let bare = app.get("/knowledge/kitchen/oil-pan-fire");
    assert_eq!(bare.status(), 308);
    assert_eq!(bare.headers()["location"], "/knowledge/kitchen/oil-pan-fire/");
    assert_eq!(app.request("HEAD", "/").send().expect("an answer").status(), 200);
    let missing = app.get("/no/such/page/");
    assert_eq!(missing.status(), 404);
    assert!(missing.text().expect("text").contains("119"));
}

#[test]
fn health_readiness_and_metrics_are_told() {
    let app = App::start();
    assert_eq!(app.get("/healthz").text().expect("text"), "ok\n");
    let ready: Value = app.get("/readyz").json().expect("JSON");
    assert_eq!(ready["ready"], true);
    assert_eq!(ready["library"].as_str().map(str::len), Some(64));
    let metrics = app.get("/metrics").text().expect("text");
    assert!(metrics.contains("fenghuo_http_requests_total"), "{metrics}");
}

#[test]
fn search_works_on_the_server_without_script() {
    let app = App::start();
    let html = app.get("/search?q=%E7%81%AD%E7%81%AB%E5%99%A8").text().expect("text");
    assert!(html.contains("/knowledge/extinguisher/"), "{html}");
    let hostile = app.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text().expect("text");
    assert!(!hostile.contains("<script>alert"));
}

#[test]
fn lessons_are_found_by_season_grade_and_audience() {
    let app = App::start();
    let lessons: Value = app
        .get("/api/v1/lessons?season=summer&grade=4&minutes=30&audience=school")
        .json()
        .expect("JSON");
    assert!(lessons["total"].as_u64().is_some_and(|total| total > 0), "{lessons}");
    assert!(lessons["items"].is_array());
    let wrong = app.get("/api/v1/lessons?grade=99");
    assert_eq!(wrong.status(), 400);
    assert_eq!(wrong.headers()["content-type"], "application/problem+json");
}

#[test]
fn a_second_serve_on_one_database_is_refused() {
    let app = App::start();
    let data = app.data.path().display().to_string();
    let second = run(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
    assert_eq!(second.status.code(), Some(3));
    assert!(stderr(&second).contains("another `serve`"), "{}", stderr(&second));
}

#[test]
fn it_stops_gracefully_and_starts_again_on_its_data() {
    let app = App::start();
    let (well, data) = app.stop();
    assert!(well);
    let again = App::on(data, &[]);
    assert_eq!(again.get("/healthz").status(), 200);
}

#[test]
fn the_log_holds_neither_questions_nor_addresses() {
    let data = tempfile::tempdir().expect("a folder");
    let log = data.path().join("log");
    let file = std::fs::File::create(&log).expect("a file");
    let data_arg = data.path().display().to_string();
    let mut child = fenghuo(&["serve", "--listen", "127.0.0.1:0", "--data", &data_arg])
        .stderr(Stdio::from(file))
        .spawn()
        .expect("the binary starts");
    let address = loop {
        let text = std::fs::read_to_string(&log).expect("the log");
        if let Some(at) = text.find("\"address\":\"") {
            break text[at + 11..].split('"').next().expect("an address").to_owned();
        }
        assert!(child.try_wait().expect("a state").is_none(), "the server ended: {text}");
        std::thread::yield_now();
    };
    let client = reqwest::blocking::Client::new();
    let body = serde_json::json!({ "q": "我家住柳河村电话13912345678灭火器怎么用" });
    client.post(format!("http://{address}/api/v1/ask")).json(&body).send().expect("an answer");
    client.get(format!("http://{address}/search?q=secretword")).send().expect("an answer");
    child.kill().expect("it ends");
    child.wait().expect("it ends");
    let text = std::fs::read_to_string(&log).expect("the log");
    assert!(text.contains("\"request\""), "{text}");
    for private in ["柳河村", "13912345678", "secretword"] {
        assert!(!text.contains(private), "{private}");
    }
}

#[test]
fn wrong_usage_and_configuration_exit_with_2() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("fenghuo.toml");
    std::fs::write(&file, "[server]\nport = 1\n").expect("written");
    let config = file.display().to_string();
    for args in [
        vec!["serve", "--config", &config],
        vec!["serve", "--config", "/no/such/file"],
        vec!["serve", "--listen", "0.0.0.0:0", "--now", "2026-01-01"],
        vec!["serve", "--now", "yesterday"],
        vec!["nonsense"],
    ] {
        assert_eq!(run(&args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn a_library_with_errors_does_not_start_unless_unchecked() {
    let library = fixture("broken");
    assert_eq!(run(&["serve", "--library", &library]).status.code(), Some(1));
    let app = App::with(&["--library", &library, "--unchecked"]);
    assert_eq!(app.get("/").status(), 200);
}

#[test]
fn seasonal_notices_follow_the_clock() {
    let library = fixture("minimal");
    let november = App::with(&["--library", &library, "--now", "2026-11-09"]);
    let june = App::with(&["--library", &library, "--now", "2026-06-09"]);
    let shown = |app: &App| app.get("/").text().expect("text").contains("/notices/winter/");
    assert!(shown(&november));
    assert!(!shown(&june));
}

#[test]
fn a_page_that_is_ready_is_answered_as_the_router_answers_it() {
    let app = App::start();
    let ask = |method: &str, path: &str, with: &[(&str, &str)]| {
        let request = app.request(method, path);
        let request =
            with.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.send().expect("an answer");
        let headers: Vec<(String, String)> = answer
            .headers()
            .iter()
            .filter(|(name, _)| name.as_str() != "date")
            .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
            .collect();
        let headers: std::collections::BTreeMap<_, _> = headers.into_iter().collect();
        (answer.status(), headers, answer.bytes().expect("a body"))
    };
    let gzip = ("accept-encoding", "gzip");
    for path in [
        "/knowledge/kitchen/oil-pan-fire/",
        "/cases/",
        "/lessons/summer-p46/",
        "/media/door-test.svg",
    ] {
        for with in [vec![], vec![gzip]] {
            let first = ask("GET", path, &with);
            assert_eq!(first.0, 200, "{path}");
            assert!(first.1.contains_key("content-security-policy"), "{path}");
            assert_eq!(ask("GET", path, &with), first, "{path}");
            let head = ask("HEAD", path, &with);
            assert_eq!((head.0, &head.1, head.2.len()), (first.0, &first.1, 0), "{path}");
            let tag = first.1["etag"].clone();
            let known: Vec<(&str, &str)> =
                with.iter().copied().chain([("if-none-match", tag.as_str())]).collect();
            assert_eq!(ask("GET", path, &known).0, 304, "{path}");
        }
    }
    // What others answer stays theirs, however often it was asked for.
    assert_eq!(ask("POST", "/cases/", &[]).0, 405);
    for _ in 0..2 {
        let found = app.get("/search/?q=%E7%81%AD%E7%81%AB%E5%99%A8").text().expect("text");
        assert!(found.contains("找到的内容"));
    }
    let metrics = app.get("/metrics").text().expect("text");
    let line = metrics
        .lines()
        .find(|line| line.contains("static") && line.contains("\"200\"") && line.contains("GET"));
    assert!(line.is_some(), "{metrics}");
}
