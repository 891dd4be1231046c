//! Robots of group chats.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fenghuo_bot::Clock;
use fenghuo_bot::broadcast::{RobotAccount, RobotKind};
use fenghuo_store::Account;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::county::County;
use crate::support::http::{Request, Response};
use crate::support::outside::Outside;

/// A clock that runs from here on: no full or half hour is near.
fn clock_from(start: &str) -> Clock {
    let start: Timestamp = start.parse().expect("an instant");
    let begun = std::time::Instant::now();
    Clock::new(move || start + SignedDuration::try_from(begun.elapsed()).expect("short"))
}

/// The request that a robot of `kind` gets for a campaign with this body.
fn posted(kind: RobotKind, path: &str, secret: Option<&str>, body: &str) -> Request {
    let county = County::new();
    let platform =
        Outside::start(|_, _| Response::json(200, &json!({ "errcode": 0, "code": 0, "more": 1 })));
    county.outlet(Account::new("robot", "grid"));
    let id = county.send(|draft| {
        draft.urgent = true;
        draft.body = body.to_owned();
    });
    let account = RobotAccount::parse("grid", kind, &platform.url(path), secret).expect("a robot");
    let running = county.run_at(clock_from("2026-11-01T02:10:00Z"), |it| {
        it.robot(account).expect("TLS");
    });
    assert_eq!(county.end(id).sent, 1);
    running.stop();
    platform.requests().swap_remove(0)
}

#[test]
fn wecom_gets_text_of_at_most_2048_bytes_that_ends_with_a_sentence_and_the_address() {
    let body = "睡前关火、关电、关气。出门前再看一眼。".repeat(60);
    let request = posted(RobotKind::WeCom, "/cgi-bin/webhook/send?key=k", None, &body);
    assert_eq!(request.path, "/cgi-bin/webhook/send?key=k");
    let sent = request.json();
    assert_eq!(sent["msgtype"], "text");
    assert_eq!(sent["text"]["mentioned_list"], json!(["@all"]));
    let content = sent["text"]["content"].as_str().expect("text");
    assert!(content.len() <= 2048 && content.len() > 1900, "{} bytes", content.len());
    assert!(content.contains("。\n……\n全文：https://fire.example/notices/"), "{content}");
}

#[test]
fn dingtalk_gets_a_signature_in_the_address() {
    let request = posted(RobotKind::DingTalk, "/robot/send?access_token=t", Some("SECx"), "关火。");
    let url = reqwest::Url::parse(&format!("http://x{}", request.path)).expect("an address");
    let find = |name: &str| {
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.map(|(_, value)| value.into_owned()).expect("a parameter")
    };
    assert_eq!(find("access_token"), "t");
    let stamp: i64 = find("timestamp").parse().expect("milliseconds");
    assert!(stamp > 1_700_000_000_000, "{stamp}");
    assert_eq!(STANDARD.decode(find("sign")).expect("base64").len(), 32);
    let sent = request.json();
    assert_eq!(sent["msgtype"], "markdown");
    assert!(sent["markdown"]["text"].as_str().is_some_and(|text| text.contains("关火")));
    assert_eq!(sent["at"]["isAtAll"], true);
}

#[test]
fn feishu_gets_a_signature_in_the_body() {
    let request = posted(RobotKind::Feishu, "/open-apis/bot/v2/hook/h", Some("secret"), "关火。");
    assert_eq!(request.path, "/open-apis/bot/v2/hook/h");
    let sent = request.json();
    assert_eq!(sent["msg_type"], "text");
    let sign = sent["sign"].as_str().expect("a signature");
    assert_eq!(STANDARD.decode(sign).expect("base64").len(), 32);
    assert_eq!(sent["timestamp"].as_str().expect("seconds").len(), 10);
}

#[test]
fn a_robot_is_silent_around_the_half_hour_and_speaks_after_it() {
    let county = County::new();
    let platform = Outside::start(|_, _| Response::json(200, &json!({ "errcode": 0 })));
    county.outlet(Account::new("robot", "grid"));
    let id = county.send(|_| {});
    let url = platform.url("/");
    let account = RobotAccount::parse("grid", RobotKind::WeCom, &url, None).expect("a robot");
    let running = county.run_at(clock_from("2026-11-01T02:30:56Z"), |it| {
        it.robot(account).expect("TLS");
    });
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(platform.requests().len(), 0, "at half past, and less than a minute after");
    assert_eq!(county.end(id).sent, 1);
    running.stop();
}

#[test]
fn who_was_too_fast_waits_and_who_is_not_understood_is_listed() {
    let county = County::new();
    let platform = Outside::start(|_, before| match before {
        0 => Response::json(200, &json!({ "errcode": 45009, "errmsg": "too fast" })),
        _ => Response { status: 502, kind: "text/html", body: "<html>".into(), cut: false },
    });
    county.outlet(Account::new("robot", "grid"));
    let id = county.send(|_| {});
    let account = RobotAccount::parse("grid", RobotKind::WeCom, &platform.url("/"), None);
    let running = county.run_at(clock_from("2026-11-01T02:10:00Z"), |it| {
        it.robot(account.expect("a robot")).expect("TLS");
    });
    county.wait(id, "put off", |_, progress| progress.retry == 1);
    running.stop();
    let hold = county.block_on(county.store.hold_sender(&Account::new("robot", "grid")));
    let until = hold.expect("taken").expect("ours").blocked_until().expect("it is written down");
    let from: Timestamp = "2026-11-01T02:11:00Z".parse().expect("an instant");
    assert!(until >= from && until < from + SignedDuration::from_secs(20), "{until}");
    // Two minutes later.
    let account = RobotAccount::parse("grid", RobotKind::WeCom, &platform.url("/"), None);
    let running = county.run_at(clock_from("2026-11-01T02:12:30Z"), |it| {
        it.robot(account.expect("a robot")).expect("TLS");
    });
    assert_eq!(county.end(id).unknown, 1);
    running.stop();
    assert_eq!(platform.requests().len(), 2);
}
