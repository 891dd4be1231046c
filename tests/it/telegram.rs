//! Telegram end to end: the real binary against a fake Bot API, by polling and by webhook.

use fenghuo_store::{Account, InboxState, Listed, Store};
use serde_json::json;
use tempfile::TempDir;

use crate::support::bot_api::Fail;
use crate::support::telegram::{Bot, Mode, Phone, SECRET, edited, message, standing, tap};
use crate::support::{run, stdout};

/// What the store in `data` holds, once the server has ended.
fn store<T>(data: &TempDir, look: impl AsyncFnOnce(Store) -> T) -> T {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&data.path().join("fenghuo.db")).await.expect("a store");
        let found = look(store.clone()).await;
        store.close().await;
        found
    })
}

fn main_account() -> Account {
    Account::new("telegram", "main")
}

#[test]
fn from_first_hello_to_forgetting() {
    let bot = Bot::start(Mode::Polling);
    let mut phone = Phone::new(&bot, 5001);
    phone
        .say("/start")
        .say("油锅着火了怎么办")
        .tap("有用")
        // A guide, with danger in between.
        .say("/guides")
        .tap("着火了出不去")
        .say("我家着火了")
        // A quiz.
        .say("/quiz")
        .tap("厨房")
        .say("退出")
        // A subscription, by the QR code of a township.
        .say("/start t-chengguan")
        .tap("家庭")
        .tap("同意")
        .tap("免打扰时间")
        .tap("21点")
        .say("我的订阅")
        // A notice that may be forged.
        .say("/verify")
        .say("A7K9M2")
        // Leaving.
        .say("/forget")
        .say("我的订阅");
    insta::assert_snapshot!(phone.log());
    bot.api.assert_no_faults();
}

#[test]
fn updates_by_webhook_are_on_disk_before_200_and_answered_once() {
    let mut bot = Bot::start(Mode::Webhook);
    bot.api.wait("the webhook", |calls| calls.iter().any(|call| call.method == "setwebhook"));
    let update = bot.api.number(message(7, json!({ "text": "油锅着火了怎么办" })));
    assert_eq!(bot.post(&update, "wrong"), 401);
    assert_eq!(bot.post(&update, ""), 401);
    assert_eq!(bot.post(&update, SECRET), 200);
    assert_eq!(bot.post(&update, SECRET), 200);
    bot.api.wait_message(7, 1);
    let other = bot.app().request("POST", "/in/telegram/other").json(&update);
    assert_eq!(other.send().expect("an answer").status().as_u16(), 404);
    let data = bot.stop();
    assert_eq!(bot.api.messages(7).len(), 1);
    let counts = store(&data, async |store| store.inbox_counts().await.expect("counts"));
    assert_eq!((counts.total(), counts.answered), (1, 1));
    let set = bot.api.calls().into_iter().find(|call| call.method == "setwebhook").expect("set");
    assert_eq!(set.body["url"], "https://fire.example/in/telegram/main");
    assert_eq!(set.body["secret_token"], SECRET);
    assert!(
        set.body["allowed_updates"].as_array().expect("a list").contains(&json!("my_chat_member"))
    );
    bot.api.assert_no_faults();
}

#[test]
fn what_cannot_be_read_is_kept_and_listed() {
    let mut bot = Bot::start(Mode::Webhook);
    let raw = |body: &str| {
        let request = bot.app().request("POST", "/in/telegram/main");
        let request =
            request.header("x-telegram-bot-api-secret-token", SECRET).body(body.to_owned());
        let answer = request.send().expect("an answer");
        // What follows on a connection whose body was refused would be lost.
        let ends = answer.headers().get("connection").is_some_and(|value| value == "close");
        assert_eq!(ends, answer.status() == 413);
        answer.status().as_u16()
    };
    assert_eq!(raw("no JSON"), 200);
    assert_eq!(raw("no JSON"), 200);
    assert_eq!(raw("[]"), 200);
    assert_eq!(raw(r#"{"update_id": 9}"#), 200);
    assert_eq!(raw(&"x".repeat(2 * 1024 * 1024)), 413);
    let mut broken = message(8, json!({ "text": "你好" }));
    broken["message"]["date"] = json!("soon");
    assert_eq!(bot.post(&bot.api.number(broken.clone()), SECRET), 200);
    // Even of such a message the words are looked at.
    broken["message"]["text"] = json!("我家着火了");
    assert_eq!(bot.post(&bot.api.number(broken), SECRET), 200);
    assert!(bot.api.wait_message(8, 1)["text"].as_str().expect("text").contains("119"));
    let data = bot.stop();
    let counts = store(&data, async |store| store.inbox_counts().await.expect("counts"));
    assert_eq!((counts.unparsed, counts.answered, counts.pending()), (4, 1, 0));
}

#[test]
fn kinds_and_fields_of_a_newer_telegram_do_no_harm() {
    let bot = Bot::start(Mode::Polling);
    bot.api.push(json!({ "telepathy": { "chat": { "id": 6, "type": "private" } } }));
    let mut update = message(6, json!({ "text": "油锅着火了怎么办", "aura": { "colour": "red" } }));
    update["about_message"] = json!({ "x": 1 });
    bot.api.fail(Fail::UnknownFields);
    bot.api.push(update);
    bot.api.wait_message(6, 1);
    bot.api.push(message(6, json!({ "text": "着火了怎么报警" })));
    bot.api.wait_message(6, 2);
    assert_eq!(bot.api.messages(6).len(), 2);
    bot.api.assert_no_faults();
}

#[test]
fn pictures_voices_and_places_are_answered_kindly() {
    let bot = Bot::start(Mode::Polling);
    let mut phone = Phone::new(&bot, 9);
    let file = json!({ "file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1, "mime_type": "audio/ogg" });
    phone
        .send(message(9, json!({ "photo": [file] })), "〈照片〉")
        .send(message(9, json!({ "voice": file })), "〈语音〉")
        .send(
            message(9, json!({ "location": { "latitude": 36.0, "longitude": 103.0 } })),
            "〈位置〉",
        )
        .send(
            message(9, json!({ "contact": { "phone_number": "1", "first_name": "马" } })),
            "〈名片〉",
        );
    for text in ["图片我看不懂", "语音我听不懂", "位置", "请打字问一句"] {
        assert!(phone.log().contains(text), "{}", phone.log());
    }
    // The words below a picture are read.
    bot.api.push(message(9, json!({ "photo": [file], "caption": "我家着火了" })));
    assert!(bot.api.wait_message(9, 5)["text"].as_str().expect("text").contains("119"));
    bot.api.assert_no_faults();
}

#[test]
fn in_a_group_only_who_names_the_bot_is_answered_and_danger_always() {
    let bot = Bot::start(Mode::Polling);
    let group = -100_500;
    bot.api.push(standing(group, "left", "member"));
    assert!(
        bot.api.wait_message(group, 1)["text"]
            .as_str()
            .expect("text")
            .contains("@fenghuo_test_bot")
    );
    bot.api.push(message(group, json!({ "text": "大家好，今天开会" })));
    bot.api.push(message(group, json!({ "text": "@fenghuo_test_bot 油锅着火了怎么办" })));
    let reply = bot.api.wait_message(group, 2);
    assert!(reply["text"].as_str().expect("text").contains("锅盖"), "{reply}");
    assert_eq!(reply["reply_parameters"]["message_id"], 77);
    bot.api.push(message(group, json!({ "text": "救命着火了" })));
    assert!(bot.api.wait_message(group, 3)["text"].as_str().expect("text").contains("119"));
    bot.api.push(message(group, json!({ "text": "/subscribe@fenghuo_test_bot" })));
    let alone = bot.api.wait_message(group, 4);
    assert!(alone["text"].as_str().expect("text").contains("t.me/fenghuo_test_bot"), "{alone}");
    bot.api.push(message(group, json!({ "text": "/help@other_bot" })));
    bot.api.push(message(group, json!({ "text": "/help" })));
    bot.api.wait_message(group, 5);
    bot.api.assert_no_faults();
}

#[test]
fn an_edited_message_is_answered_only_where_it_is_danger() {
    let bot = Bot::start(Mode::Polling);
    bot.api.push(edited(10, json!({ "text": "油锅着火了怎么办啊" })));
    bot.api.push(edited(10, json!({ "text": "我家着火了" })));
    assert!(bot.api.wait_message(10, 1)["text"].as_str().expect("text").contains("119"));
    assert_eq!(bot.api.messages(10).len(), 1);
}

#[test]
fn a_tap_is_acknowledged_once_and_then_answered() {
    let bot = Bot::start(Mode::Polling);
    bot.api.push(tap(11, "l:guides:0"));
    bot.api.push(tap(11, "forged; DROP TABLE"));
    bot.api.wait_message(11, 2);
    let calls = bot.api.calls();
    let order: Vec<&str> = calls
        .iter()
        .filter(|call| call.body["chat_id"] == 11 || call.method == "answercallbackquery")
        .map(|call| call.method.as_str())
        .collect();
    assert_eq!(order, ["answercallbackquery", "sendmessage", "answercallbackquery", "sendmessage"]);
    bot.api.assert_no_faults();
}

#[test]
fn who_blocks_the_bot_gets_nothing_until_she_unblocks_it() {
    let mut bot = Bot::start(Mode::Polling);
    Phone::new(&bot, 12).say("/start t-chengguan").tap("农村").tap("同意");
    let active = |data: &TempDir| {
        let address = main_account().address("12");
        store(data, async |store| {
            store.subscriber(&address).await.expect("read").map(|found| found.active)
        })
    };
    // By her own deed …
    bot.api.push(standing(12, "member", "kicked"));
    bot.api.push(message(12, json!({ "text": "/help" })));
    bot.api.wait_message(12, 4);
    let data = bot.stop();
    assert_eq!(active(&data), Some(false));
    bot.serve(data);
    bot.api.push(standing(12, "kicked", "member"));
    bot.api.push(message(12, json!({ "text": "/help" })));
    bot.api.wait_message(12, 5);
    let data = bot.stop();
    assert_eq!(active(&data), Some(true));
    // … or learnt from the refusal of a message.
    bot.serve(data);
    bot.api.fail(Fail::Blocked);
    bot.api.push(message(12, json!({ "text": "你好" })));
    bot.api.wait("the refusal", |calls| calls.iter().any(|call| !call.delivered));
    bot.api.wait_confirmed();
    let data = bot.stop();
    assert_eq!(active(&data), Some(false));
    let failed = store(&data, async |store| {
        store.inbox(Listed::State(InboxState::Failed), 0, 9).await.expect("listed")
    });
    assert_eq!(failed.len(), 1);
    assert!(failed[0].reason.as_deref().is_some_and(|reason| reason.contains("blocked")));
}

#[test]
fn a_group_that_moves_is_followed() {
    let bot = Bot::start(Mode::Polling);
    bot.api.fail(Fail::Migrate(-100_999));
    bot.api.push(message(-5, json!({ "text": "/help" })));
    let reply = bot.api.wait_message(-100_999, 1);
    let first = bot.api.calls().into_iter().find(|call| call.body["chat_id"] == -5).expect("tried");
    assert_eq!(first.body["text"], reply["text"]);
    bot.api.push(message(-6, json!({ "migrate_to_chat_id": -100_888 })));
    bot.api.push(message(-100_888, json!({ "text": "/help" })));
    bot.api.wait_message(-100_888, 1);
    bot.api.assert_no_faults();
}

#[test]
fn a_429_is_waited_for_and_other_chats_are_not_held_up() {
    let bot = Bot::start(Mode::Polling);
    bot.api.fail(Fail::TooMany(1));
    bot.api.push(message(13, json!({ "text": "你好" })));
    bot.api.wait("the refusal", |calls| calls.iter().any(|call| !call.delivered));
    bot.api.push(message(14, json!({ "text": "你好" })));
    bot.api.wait_message(14, 1);
    bot.api.wait_message(13, 1);
    assert_eq!(bot.api.messages(13).len(), 1);
}

#[test]
fn what_may_have_arrived_is_repeated_word_for_word_and_listed() {
    let mut bot = Bot::start(Mode::Polling);
    for (chat, fail) in
        [(15, Fail::ResetMidReply), (16, Fail::BadGatewayAfterDelivery), (17, Fail::BadGateway)]
    {
        bot.api.fail(fail);
        bot.api.push(message(chat, json!({ "text": "油锅着火了怎么办" })));
        let attempts = |calls: &[crate::support::bot_api::Call]| {
            calls.iter().filter(|call| call.body["chat_id"] == chat).count() == 2
        };
        bot.api.wait("the repetition", attempts);
    }
    let data = bot.stop();
    for chat in [15, 16, 17] {
        let calls = bot.api.calls();
        let texts: Vec<&str> = calls
            .iter()
            .filter(|call| call.body["chat_id"] == chat)
            .filter_map(|call| call.body["text"].as_str())
            .collect();
        assert_eq!(texts.len(), 2);
        assert_eq!(texts[0], texts[1]);
    }
    let inbox = |arguments: &[&str]| {
        let folder = data.path().display().to_string();
        stdout(&run(&[&["inbox", "--data", &folder], arguments].concat()))
    };
    assert!(inbox(&[]).starts_with("received 3, answered 3, waiting 0,"), "{}", inbox(&[]));
    assert_eq!(inbox(&[]).matches("repeated\ttelegram/main\t").count(), 3, "{}", inbox(&[]));
    assert_eq!(inbox(&["--json"]).matches(r#""list":"repeated""#).count(), 3);
    assert!(!inbox(&["--json"]).contains("油锅"), "no text is shown");
    let repeated =
        store(&data, async |store| store.inbox(Listed::Repeated, 0, 9).await.expect("listed"));
    assert_eq!(repeated.len(), 3);
    assert!(repeated.iter().all(|entry| entry.state == InboxState::Answered && entry.repeats == 1));
}

#[test]
fn messages_of_one_chat_are_answered_in_order() {
    let bot = Bot::start(Mode::Polling);
    for text in ["/quiz", "/check", "/cases", "/lessons", "/guides"] {
        bot.api.push(message(18, json!({ "text": text })));
    }
    bot.api.wait_message(18, 5);
    let heads: Vec<String> = bot
        .api
        .messages(18)
        .iter()
        .map(|m| m["text"].as_str().expect("text").chars().take(4).collect())
        .collect();
    assert_eq!(heads, ["选一套题", "要查哪里", "最近的案", "给哪个年", "现在遇到"]);
}

#[test]
fn danger_is_answered_however_fast_one_asks() {
    let bot = Bot::start(Mode::Polling);
    for _ in 0..60 {
        bot.api.push(message(19, json!({ "text": "今天天气" })));
    }
    bot.api.push(message(19, json!({ "text": "我家着火了" })));
    bot.api.wait("the card", |calls| {
        calls.iter().any(|call| {
            call.body["chat_id"] == 19
                && call.body["text"].as_str().is_some_and(|text| text.starts_with("<b>"))
        })
    });
    let texts: Vec<String> =
        bot.api.messages(19).iter().map(|m| m["text"].as_str().expect("text").to_owned()).collect();
    assert!(texts.len() < 60, "{}", texts.len());
    assert_eq!(texts.iter().filter(|text| text.contains("问得太快了")).count(), 1);
    assert!(texts.last().is_some_and(|text| text.contains("119")));
}

#[test]
fn polling_goes_on_after_every_sort_of_refusal_but_a_wrong_token() {
    let bot = Bot::start(Mode::Polling);
    bot.api.push(message(20, json!({ "text": "你好" })));
    bot.api.wait_message(20, 1);
    bot.api.wait_confirmed();
    bot.api.refuse_poll(409, "Conflict: terminated by other getUpdates request");
    bot.api.refuse_poll(409, "Conflict: can't use getUpdates method while webhook is active");
    bot.api.refuse_poll(500, "Internal Server Error");
    // Ends the request that is open now; the next ones are refused.
    bot.api.push(message(20, json!({ "text": "你好" })));
    bot.api.wait("the webhook removed", |calls| {
        calls.iter().any(|call| call.method == "deletewebhook")
    });
    bot.api.push(message(20, json!({ "text": "你好" })));
    bot.api.wait_message(20, 3);
    bot.api.assert_no_faults();
}

#[test]
fn the_menu_is_set_at_the_start() {
    let bot = Bot::start(Mode::Polling);
    bot.api.wait("the menu", |calls| calls.iter().any(|call| call.method == "setmycommands"));
    let menu =
        bot.api.calls().into_iter().find(|call| call.method == "setmycommands").expect("set");
    let names: Vec<&str> = menu.body["commands"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|c| c["command"].as_str())
        .collect();
    assert!(
        ["subscribe", "stop", "forget", "verify", "quiz"].iter().all(|name| names.contains(name)),
        "{names:?}"
    );
}

#[test]
fn a_refused_token_turns_the_bot_off_and_the_rest_goes_on() {
    let bot = Bot::with_lines(
        Mode::Polling,
        "[telegram.other]\ntoken = \"1:WRONG\"\napi_url = \"{api}\"",
    );
    assert_eq!(bot.app().get("/healthz").status().as_u16(), 200);
    bot.api.push(message(21, json!({ "text": "你好" })));
    bot.api.wait_message(21, 1);
}
