//! Official accounts: mass sends, template messages, customer service messages.

use fenghuo_bot::broadcast::{WeChatBroadcast, WeChatQuota, WeChatTemplate, WeChatWay};
use fenghuo_store::Account;
use serde_json::{Value, json};

use super::county::County;
use crate::support::http::{Request, Response};
use crate::support::outside::Outside;

/// A platform that gives tokens and answers the rest as told; the tokens count up.
fn platform(answer: impl Fn(&Request, usize) -> Value + Send + Sync + 'static) -> Outside {
    let tokens = std::sync::atomic::AtomicUsize::new(0);
    Outside::start(move |request, before| {
        if request.path.starts_with("/cgi-bin/stable_token") {
            let count = tokens.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let token = format!("token-{count}");
            return Response::json(200, &json!({ "access_token": token, "expires_in": 7200 }));
        }
        Response::json(200, &answer(request, before))
    })
}

fn account(platform: &Outside, way: WeChatWay, quota: WeChatQuota) -> WeChatBroadcast {
    WeChatBroadcast {
        name: "main".to_owned(),
        app_id: "wx2c2769f8efd9abc2".to_owned(),
        app_secret: "s3cret".to_owned(),
        api_url: Some(platform.url("")),
        way,
        quota,
    }
}

fn wechat() -> Account {
    Account::new("wechat", "main")
}

fn openids(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|number| format!("o{number:027}"))
}

fn calls(platform: &Outside, path: &str) -> Vec<Request> {
    let mut calls = platform.requests();
    calls.retain(|request| request.path.starts_with(path));
    calls
}

#[test]
fn a_mass_send_is_one_request_and_its_repeat_is_known_by_the_key() {
    let county = County::new();
    county.follow(&wechat(), openids(2500));
    let platform = platform(|_, before| match before {
        // The first token is no longer good; then it has been sent, but the answer is none.
        1 => json!({ "errcode": 40001, "errmsg": "invalid credential" }),
        3 => json!("not understood"),
        _ => json!({ "errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": 77 }),
    });
    let id = county.send(|_| {});
    let account = account(&platform, WeChatWay::Mass, WeChatQuota::Monthly(4));
    let running = county.run(|it| it.wechat(account).expect("TLS"));
    let progress = county.end(id);
    running.stop();
    assert_eq!((progress.sent, progress.unknown, progress.failed), (2500, 0, 0));
    let calls = calls(&platform, "/cgi-bin/message/mass/send?");
    assert_eq!(calls.len(), 3);
    assert!(calls[0].path.ends_with("access_token=token-0"), "{}", calls[0].path);
    assert!(calls[1].path.ends_with("access_token=token-1"), "{}", calls[1].path);
    for call in &calls {
        let body = call.json();
        assert_eq!(body["touser"].as_array().expect("openids").len(), 2500);
        let key = body["clientmsgid"].as_str().expect("a key");
        assert_eq!((key.len(), key), (32, calls[0].json()["clientmsgid"].as_str().expect("a key")));
    }
}

#[test]
fn an_account_whose_quota_is_used_up_waits_for_the_next_period() {
    let county = County::new();
    county.follow(&wechat(), openids(2));
    let platform = platform(|_, _| json!({ "errcode": 0, "msg_id": 1 }));
    let way = || account(&platform, WeChatWay::Mass, WeChatQuota::Monthly(1));
    let one = county.send(|_| {});
    let running = county.run(|it| it.wechat(way()).expect("TLS"));
    assert_eq!(county.end(one).sent, 2);
    let two = county.send(|_| {});
    county.wait(two, "put off", |_, progress| progress.retry == 2);
    running.stop();
    assert_eq!(calls(&platform, "/cgi-bin/message/mass/send").len(), 1);
}

#[test]
fn a_mass_send_whose_answer_was_none_is_asked_about_though_the_quota_is_used_up() {
    let county = County::new();
    county.follow(&wechat(), openids(2));
    let platform = platform(|_, before| match before {
        1 => json!("not understood"),
        _ => json!({ "errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": 77 }),
    });
    let account = account(&platform, WeChatWay::Mass, WeChatQuota::Monthly(1));
    let id = county.send(|_| {});
    let running = county.run(|it| it.wechat(account).expect("TLS"));
    assert_eq!(county.end(id).sent, 2);
    running.stop();
    assert_eq!(calls(&platform, "/cgi-bin/message/mass/send?").len(), 2);
}

#[test]
fn a_template_message_carries_its_key_and_short_fields() {
    let county = County::new();
    county.follow(&wechat(), openids(3));
    let platform = platform(|_, _| json!({ "errcode": 0, "errmsg": "ok", "msgid": 200_228_332 }));
    let template = WeChatTemplate {
        id: "TEMPLATE".to_owned(),
        title: "thing1".to_owned(),
        code: Some("character_string2".to_owned()),
        expires: Some("time3".to_owned()),
    };
    let id = county.send(|draft| draft.title = "冬季取暖防火安全提示请全体居民注意查收".repeat(2));
    let account = account(&platform, WeChatWay::Template(template), WeChatQuota::Daily(100_000));
    let running = county.run(|it| it.wechat(account).expect("TLS"));
    assert_eq!(county.end(id).sent, 3);
    running.stop();
    let calls = calls(&platform, "/cgi-bin/message/template/send?");
    let keys: std::collections::HashSet<String> =
        calls.iter().map(|call| call.json()["client_msg_id"].to_string()).collect();
    assert_eq!((calls.len(), keys.len()), (3, 3));
    let body = calls[0].json();
    let title = body["data"]["thing1"]["value"].as_str().expect("a title");
    assert_eq!(title.chars().count(), 20);
    let time = body["data"]["time3"]["value"].as_str().expect("a time");
    assert_eq!(time.len(), "2026-12-01 12:00".len(), "{time}");
}

#[test]
fn customer_service_reaches_whom_it_may_and_says_whom_not() {
    let county = County::new();
    county.follow(&wechat(), openids(3));
    let platform = platform(|request, _| {
        let errcode = match request.json()["touser"].as_str() {
            Some("o000000000000000000000000001") => 45015,
            Some("o000000000000000000000000002") => 43004,
            _ => 0,
        };
        json!({ "errcode": errcode })
    });
    let id = county.send(|_| {});
    let account = account(&platform, WeChatWay::Service, WeChatQuota::Daily(1000));
    let running = county.run(|it| it.wechat(account).expect("TLS"));
    let progress = county.end(id);
    running.stop();
    assert_eq!((progress.sent, progress.failed), (1, 2));
    let active = |chat: &str| {
        let found = county.block_on(county.store.subscriber(&wechat().address(chat)));
        found.expect("read").expect("there").active
    };
    assert!(active("o000000000000000000000000001"));
    assert!(!active("o000000000000000000000000002"));
}
