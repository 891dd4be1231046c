//! The web chat: JSON and plain form, guides, gaps, sessions that survive a restart.

use serde_json::{Value, json};

use crate::support::{App, root, run, stdout};

fn say(app: &App, session: &Value, text: &str) -> Value {
    app.post("/api/v1/chat", &json!({ "session": session, "text": text }))
}

#[test]
fn a_danger_gets_its_card_and_leads_into_its_guide() {
    let app = App::start();
    let first = say(&app, &Value::Null, "楼道里都是烟，我们出不去");
    assert_eq!(first["kind"], "emergency");
    assert_eq!(first["blocks"][0]["type"], "card");
    let choices =
        first["blocks"].as_array().expect("blocks").iter().find(|b| b["type"] == "choices");
    let id = choices.expect("choices")["choices"][0]["id"].clone();
    let step = app.post("/api/v1/chat", &json!({ "session": first["session"], "choice": id }));
    assert!(
        step["blocks"].as_array().is_some_and(|b| b.iter().any(|b| b["type"] == "choices")),
        "{step}"
    );
}

#[test]
fn a_session_survives_a_restart() {
    let app = App::start();
    let first = say(&app, &Value::Null, "被困了怎么办");
    let session = first["session"].clone();
    let (_, data) = app.stop();
    let again = App::on(data, &[]);
    assert_eq!(say(&again, &session, "灭火器怎么用")["session"], session);
}

#[test]
fn an_unanswered_question_becomes_a_gap_without_personal_data() {
    let app = App::start();
    let reply = say(&app, &Value::Null, "明天镇上几点发工资，打我电话13912345678");
    assert!(matches!(reply["kind"].as_str(), Some("unknown" | "suggest")), "{reply}");
    let (_, data) = app.stop();
    let gaps = run(&["gaps", "--json", "--data", &data.path().display().to_string()]);
    let line = stdout(&gaps);
    assert!(line.contains("发工资"), "{line}");
    assert!(!line.contains("13912345678"), "{line}");
}

#[test]
fn the_form_works_without_script_and_escapes_what_was_said() {
    let app = App::start();
    let page = app.get("/chat").text().expect("text");
    assert!(page.contains("<form") && page.contains("method=\"post\""), "{page}");
    let reply = app
        .request("POST", "/chat")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("text=%3Cb%3E%E7%81%AD%E7%81%AB%E5%99%A8%E6%80%8E%E4%B9%88%E7%94%A8%3C%2Fb%3E")
        .send()
        .expect("an answer");
    let cookie = reply.headers().get("set-cookie").map(|c| c.to_str().expect("text").to_owned());
    assert!(cookie.is_some_and(|c| c.contains("HttpOnly") && c.contains("SameSite=Lax")));
    let html = match reply.headers().get("location") {
        Some(location) => app.get(location.to_str().expect("text")).text().expect("text"),
        None => reply.text().expect("text"),
    };
    assert!(!html.contains("<b>灭火器"));
}

#[test]
fn feedback_is_counted() {
    let app = App::start();
    let body =
        json!({ "doc": "knowledge/kitchen/oil-pan-fire", "section": "answer", "helpful": true });
    let status = |body: &Value| {
        app.request("POST", "/api/v1/feedback").json(body).send().expect("an answer").status()
    };
    assert!(status(&body).is_success());
    assert!(
        status(&json!({ "doc": "knowledge/none", "section": "answer", "helpful": true }))
            .is_client_error()
    );
}

#[test]
fn get_and_post_ask_agree() {
    let app = App::start();
    let get: Value = app
        .get("/api/v1/ask?q=%E7%81%AD%E7%81%AB%E5%99%A8%E6%80%8E%E4%B9%88%E7%94%A8")
        .json()
        .expect("JSON");
    let post = app.post("/api/v1/ask", &json!({ "q": "灭火器怎么用" }));
    assert_eq!(get["text"], post["text"]);
    assert_eq!(get["hits"][0]["doc"], "knowledge/extinguisher/how-to-use");
}

/// A resident on the website: what she types and taps, and what she sees.
struct Visitor<'a> {
    app: &'a App,
    said: Value,
    log: String,
}

impl Visitor<'_> {
    fn say(&mut self, text: &str) -> &mut Self {
        self.send(json!({ "text": text }), text)
    }

    /// Taps the choice whose label contains `label`.
    fn tap(&mut self, label: &str) -> &mut Self {
        let choices = choices(&self.said);
        let found = choices.iter().find(|(_, text)| text.contains(label));
        let (id, _) = found.unwrap_or_else(|| panic!("no {label} in {choices:?}")).clone();
        self.send(json!({ "choice": id }), &format!("[{label}]"))
    }

    fn send(&mut self, mut body: Value, shown: &str) -> &mut Self {
        body["session"] = self.said["session"].clone();
        self.said = self.app.post("/api/v1/chat", &body);
        let labels: Vec<String> =
            choices(&self.said).into_iter().map(|(_, label)| format!("[{label}]")).collect();
        let text = self.said["text"].as_str().expect("text");
        self.log += &format!("人：{shown}\n\n{text}\n{}\n──────────\n\n", labels.join(" "));
        self
    }
}

/// Id and label of the choices of a reply.
fn choices(said: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let blocks = said["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let choices = blocks.iter().filter_map(|block| block["choices"].as_array()).flatten();
    choices.map(|choice| (text(&choice["id"]), text(&choice["label"]))).collect()
}

#[test]
fn from_first_hello_to_forgetting() {
    let library = root().join("bot/tests/library").display().to_string();
    // By words alone: meaning comes in the background, and a snapshot cannot wait for it.
    let dir = tempfile::tempdir().expect("a folder");
    let config = dir.path().join("fenghuo.toml");
    std::fs::write(&config, "[search]\nsemantic = false\n").expect("written");
    let (config, now) = (config.display().to_string(), "2026-11-10T09:00:00+08:00");
    let app = App::with(&["--config", &config, "--library", &library, "--now", now]);
    let mut visitor = Visitor { app: &app, said: Value::Null, log: String::new() };
    visitor
        .say("你好")
        .say("油锅着火了怎么办")
        .tap("有用")
        // A guide, with danger in between.
        .say("指引")
        .tap("着火了出不去")
        .say("我家着火了")
        .tap("继续")
        // A quiz, and a check of one's own.
        .say("测验")
        .tap("厨房")
        .say("1")
        .say("自查")
        .say("1")
        // The web cannot reach anyone: it says what can.
        .say("订阅")
        // A notice that may be forged.
        .say("查证")
        .say("A7K9M2")
        .say("清除")
        .say("上一步");
    insta::assert_snapshot!(visitor.log);
}
