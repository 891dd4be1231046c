//! A notice on its way to one resident, and what she does with its code: read as a chat.

use serde_json::json;

use crate::campaign::beside;
use crate::support::root;
use crate::support::telegram::{Bot, Mode, Phone};

const TEXT: &str = "今天刮大风，{{ place }}的乡亲不要在外面烧东西。出门前关火、关电。\n";

#[test]
fn who_subscribes_gets_the_notice_and_its_code_is_verified() {
    let library = root().join("bot/tests/library").display().to_string();
    let bot = Bot::with(Mode::Polling, "", &["--library", &library]);
    let desk = beside(&bot);
    desk.officials();
    let mut phone = Phone::new(&bot, 5002);
    phone.say("/start t-chengguan").tap("家庭").tap("同意");

    // Her quiet hours must not decide what this test sees.
    phone.tap("免打扰时间").tap("随时都可以发");
    let new = ["campaign", "new", "--title", "大风天防火", "--file", "-", "--region", "chengguan"];
    let id = desk.create(&new, TEXT);
    desk.release(&id);
    phone.overhear();
    desk.wait_until_done(&id);
    let code = desk.status(&id)["campaign"]["code"].as_str().expect("a code").to_owned();
    phone.say(&format!("查证 {code}")).say("/notices");
    let web = bot.app().post("/api/v1/chat", &json!({ "text": format!("查证 {code}") }));
    assert!(web["text"].as_str().is_some_and(|text| text.contains("大风天防火")), "{web}");

    let withdrawal = desk.create(&["campaign", "withdraw", &id, "--reason", "演练发错了"], "");
    desk.release(&withdrawal);
    phone.overhear();
    desk.wait_until_done(&withdrawal);
    phone.say(&format!("/verify {code}")).say("/forget").say(&format!("查证 {code}"));

    let withdrawn =
        desk.status(&withdrawal)["campaign"]["code"].as_str().expect("a code").to_owned();
    let log = phone.log().replace(&code, "〈编号〉").replace(&withdrawn, "〈编号二〉");
    insta::assert_snapshot!(without_dates(&log));
    bot.api.assert_no_faults();
}

/// The campaign was sent today, whenever that is.
fn without_dates(log: &str) -> String {
    let dated = |line: &str| line.contains('月') && line.contains('日') || line.contains("202");
    let hide = |line: &str| {
        let mut hidden = String::new();
        for c in line.chars() {
            match c.is_ascii_digit() {
                true if hidden.ends_with('#') => {}
                true => hidden.push('#'),
                false => hidden.push(c),
            }
        }
        hidden
    };
    let lines = log.lines().map(|line| if dated(line) { hide(line) } else { line.to_owned() });
    lines.collect::<Vec<_>>().join("\n")
}
