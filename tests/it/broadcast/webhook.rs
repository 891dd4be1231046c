//! Systems of the county that hear of campaigns.

use fenghuo_bot::broadcast::WebhookAccount;
use fenghuo_store::Account;
use serde_json::json;

use super::county::County;
use crate::support::http::Response;
use crate::support::outside::Outside;

const SECRET: &str = "0123456789abcdef";

#[test]
fn a_webhook_is_signed_and_repeated_word_for_word_under_one_key() {
    let county = County::new();
    let system = Outside::start(|_, before| match before {
        0 => Response { status: 500, kind: "text/plain", body: "oops".into(), cut: false },
        // It has arrived, and the answer breaks off.
        1 => Response { cut: true, ..Response::json(200, &json!({ "ok": "a long answer" })) },
        _ => Response::json(200, &json!({})),
    });
    county.outlet(Account::new("webhook", "county"));
    let id = county.send(|_| {});
    let url = system.url("/hook");
    let account = WebhookAccount::parse("county", &url, SECRET, true).expect("a webhook");
    let running = county.run(|it| it.webhook(account).expect("TLS"));
    let progress = county.end(id);
    running.stop();
    assert_eq!((progress.sent, progress.unknown), (1, 0));
    let requests = system.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests {
        assert_eq!(request.path, "/hook");
        assert_eq!(request.body, requests[0].body);
        let key = request.header("idempotency-key").expect("a key");
        assert_eq!(key, request.json()["id"].as_str().expect("a key"));
        let stamp = request.header("x-fenghuo-timestamp").expect("a time");
        let body = String::from_utf8(request.body.clone()).expect("UTF-8");
        let expected = signed(&format!("{stamp}.{body}"));
        assert_eq!(request.header("x-fenghuo-signature"), Some(expected.as_str()));
    }
    let body = requests[0].json();
    assert_eq!(body["campaign"], id.to_string());
    assert!(body["text"].as_str().expect("text").contains("睡前关火"));
}

/// HMAC-SHA256 by another hand: openssl's.
fn signed(message: &str) -> String {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut openssl = Command::new("openssl")
        .args(["dgst", "-sha256", "-hmac", SECRET])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("openssl");
    openssl.stdin.take().expect("piped").write_all(message.as_bytes()).expect("written");
    let output = openssl.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    format!("sha256={}", text.trim().rsplit(' ').next().expect("a digest"))
}
