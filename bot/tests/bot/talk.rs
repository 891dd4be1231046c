//! What a conversation promises: danger first, nothing lost, nothing taken for something else.

use fenghuo_bot::conversation::{
    Block, Effect, Lookup, Message, Quiet, Reach, ReplyKind, Session, Subscription, Verified,
    deep_link,
};
use fenghuo_content::Code;
use fenghuo_content::published::State;
use fenghuo_content::{Kind, Library, Setting};

use crate::fixture::{Chat, now, of};

fn kind(chat: &Chat) -> ReplyKind {
    chat.reply.as_ref().expect("something was said").kind
}

#[test]
fn danger_comes_first_whatever_the_session_is_about() {
    for start in ["g:trapped", "q:kitchen", "k:home", "l:lessons:upper:0", "l:cases:0", "menu"] {
        let mut chat = Chat::new();
        chat.send(start).say("救命着火了");
        assert_eq!(kind(&chat), ReplyKind::Emergency, "{start}");
        assert!(chat.text().starts_with("马上打119"), "{start}");
        assert!(chat.effects.is_empty(), "{start}");
    }
}

#[test]
fn danger_ends_a_quiz_and_leads_into_its_guide() {
    let mut chat = Chat::new();
    chat.send("q:kitchen").say("我家着火了").tap("一步步做：着火了出不去怎么办");
    assert_eq!(kind(&chat), ReplyKind::Guide);
    chat.send("go");
    assert!(!chat.text().contains("第 1 题"));
}

#[test]
fn a_label_of_a_guide_is_an_answer_even_where_it_sounds_like_danger() {
    let mut chat = Chat::new();
    chat.send("g:trapped").say("门烫");
    assert!(chat.text().contains("用湿布堵门缝"));
}

#[test]
fn a_question_inside_a_guide_is_answered_and_the_guide_goes_on() {
    let mut chat = Chat::new();
    chat.send("g:trapped:hot-door").say("油锅着火了怎么办");
    assert_eq!(kind(&chat), ReplyKind::Answer);
    assert!(chat.text().contains("盖上锅盖"));
    chat.tap("继续：着火了出不去怎么办");
    assert!(chat.text().contains("门烫，留在屋里"));
}

#[test]
fn a_button_of_yesterday_opens_its_step_in_a_fresh_session() {
    let mut chat = Chat::new();
    chat.send("g:trapped:hot-door");
    assert!(chat.text().contains("用湿布堵门缝"));
    assert!(!chat.text().contains("返回上一步"));
}

#[test]
fn stale_and_forged_choices_get_a_polite_reply() {
    for id in [
        "",
        "x",
        "d:knowledge/none",
        "d:../../etc/passwd",
        "g:none",
        "q:none:0:0",
        "k:none:0:y",
        "l:lessons:none:0",
        "l:cases:~000000000000:0",
        "<script>",
        "火",
        "f:y:000000000000",
    ] {
        let mut chat = Chat::new();
        chat.send(id);
        assert_eq!(kind(&chat), ReplyKind::Help, "{id}");
        assert!(chat.effects.is_empty(), "{id}");
    }
}

#[test]
fn a_question_of_a_quiz_counts_once() {
    let mut chat = Chat::new();
    chat.send("q:kitchen").send("q:kitchen:0:0").send("q:kitchen:0:0").send("q:kitchen:0:1");
    assert!(chat.text().contains("第 2 题，共 2 题"));
    chat.say("1 2");
    assert!(chat.text().contains("共 2 题，答对 2 题"), "{}", chat.text());
}

#[test]
fn an_item_of_a_check_counts_once_and_the_worst_fault_is_the_risk() {
    let mut chat = Chat::new();
    chat.send("k:home").send("k:home:0:n").send("k:home:0:n").send("k:home:1:s").send("k:home:2:n");
    let text = chat.text();
    assert!(text.contains("查了 2 项，不符合 2 项，跳过 1 项"), "{text}");
    assert!(text.contains("总的风险：高"), "{text}");
    assert!(text.contains("1. （高）楼道没有停放电动车：推到室外停放点。"), "{text}");
}

#[test]
fn marks_that_belong_to_no_session_start_from_the_beginning() {
    for (id, expected) in [("q:kitchen:1:0", "第 1 题"), ("k:home:2:n", "第 1 项")] {
        let mut chat = Chat::new();
        chat.send(id);
        assert!(chat.text().contains("从头开始"), "{id}");
        assert!(chat.text().contains(expected), "{id}");
    }
}

#[test]
fn a_vote_counts_once() {
    let mut chat = Chat::new();
    chat.say("油锅着火了怎么办");
    let id = chat.id_of("没用");
    chat.send(&id).send(&id);
    let votes: Vec<_> = chat.effects.iter().collect();
    assert_eq!(votes.len(), 1);
    assert!(matches!(votes[0], Effect::Feedback { doc, helpful: false, .. }
        if doc == "knowledge/kitchen/oil-pan-fire"));
}

#[test]
fn a_vote_can_be_typed() {
    let mut chat = Chat::new();
    chat.say("油锅着火了怎么办").say("有用");
    assert!(matches!(chat.effects[..], [Effect::Feedback { helpful: true, .. }]));
}

#[test]
fn only_unanswered_questions_are_gaps() {
    for (text, gap) in [
        ("今天股票会涨吗", true),
        ("油锅着火了怎么办", false),
        ("我家着火了", false),
        ("你好", false),
        ("？？？", false),
        ("", false),
        ("帮助", false),
    ] {
        let mut chat = Chat::new();
        chat.say(text);
        let filed = chat.effects.iter().any(|effect| matches!(effect, Effect::FileGap(_)));
        assert_eq!(filed, gap, "{text}: {}", chat.text());
    }
}

#[test]
fn a_gap_carries_no_telephone_number() {
    let mut chat = Chat::new();
    chat.say("股票老师电话13812345678靠谱吗");
    assert!(matches!(&chat.effects[..], [Effect::FileGap(gap)]
        if !gap.question.as_str().contains("138") && !gap.key.contains("138")));
}

#[test]
fn the_first_message_may_be_a_number_of_the_menu() {
    let mut chat = Chat::new();
    chat.say("1");
    assert_eq!(kind(&chat), ReplyKind::List);
}

#[test]
fn a_session_of_an_edited_document_starts_again() {
    let mut chat = Chat::new();
    chat.send("q:kitchen").send("q:kitchen:0:0");
    let edited = chat.session.write().replace("\"hash\":\"", "\"hash\":\"0");
    chat.session = Session::read(Some(&edited));
    chat.say("继续");
    assert!(chat.text().contains("从头开始") && chat.text().contains("第 1 题"), "{}", chat.text());
}

#[test]
fn a_session_about_a_document_that_is_gone_ends() {
    for start in ["g:trapped", "q:kitchen", "k:home"] {
        let mut chat = Chat::new();
        chat.send(start);
        chat.world = of(Library::default());
        chat.say("继续");
        assert_eq!(kind(&chat), ReplyKind::Help, "{start}");
        chat.say("退出");
    }
}

#[test]
fn an_expired_notice_is_never_shown_as_current() {
    let mut chat = Chat::new().with_notice("notices/winter", now());
    chat.say("提示");
    assert!(!chat.text().contains("冬季用火提示"));
    assert!(!chat.say("菜单").text().contains("应季提示"));
}

#[test]
fn every_document_opens_and_leads_to_its_page() {
    let mut chat = Chat::new();
    let world = chat.world.clone();
    for document in world.library.documents() {
        chat.send(&format!("d:{}", document.id));
        let reply = chat.reply.as_ref().expect("a reply");
        assert_ne!(reply.kind, ReplyKind::Help, "{}", document.id);
        assert_eq!(reply.approval, Some(document.approval()), "{}", document.id);
        let walks = [Kind::Guide, Kind::Quiz, Kind::Checklist].contains(&document.kind());
        let linked = reply
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Link { href, .. } if *href == document.address()));
        assert!(walks || linked, "{}", document.id);
    }
}

#[test]
fn a_message_of_10_000_characters_is_searched_for_danger_to_its_end() {
    let mut chat = Chat::new();
    chat.say(&format!("{}我家着火了", "天气很好。".repeat(1_900)));
    assert_eq!(kind(&chat), ReplyKind::Emergency);
    chat.say(&"天气很好。".repeat(10_000));
    assert_eq!(kind(&chat), ReplyKind::Help);
}

/// A chat on a channel that can write to its people, who is subscribed or not.
fn reachable(own: Option<Subscription>) -> Chat {
    let mut chat = Chat::new();
    chat.facts.reach = Reach::Private;
    chat.facts.subscription = own;
    chat
}

fn subscribed() -> Subscription {
    Subscription { region: "chengguan".into(), role: Setting::Home, quiet: Some(Quiet::NIGHT) }
}

#[test]
fn nobody_is_subscribed_before_she_has_read_what_is_stored() {
    let mut chat = reachable(None);
    chat.say("订阅").tap("城关镇").tap("农村（村民、村干部）");
    assert!(chat.effects.is_empty());
    for promise in ["存什么", "做什么用", "怎么退出", "清除"] {
        assert!(chat.text().contains(promise), "{promise}");
    }
    chat.tap("同意，订阅");
    let wanted = Subscription { role: Setting::Village, ..subscribed() };
    assert_eq!(chat.effects, [Effect::Subscribe(wanted)]);
}

#[test]
fn leaving_takes_one_tap_and_is_possible_on_every_channel() {
    let mut chat = reachable(Some(subscribed()));
    chat.say("我的订阅").tap("退订");
    assert_eq!(chat.effects, [Effect::Unsubscribe]);
    assert!(!chat.text().contains("我的订阅"));
    let mut group = Chat::new();
    group.facts.subscription = Some(subscribed());
    group.say("退订");
    assert_eq!(group.effects, [Effect::Unsubscribe]);
}

#[test]
fn other_quiet_hours_keep_township_and_role() {
    let mut chat = reachable(Some(subscribed()));
    chat.say("免打扰").tap("随时都可以发");
    assert_eq!(chat.effects, [Effect::Subscribe(Subscription { quiet: None, ..subscribed() })]);
}

#[test]
fn forgetting_says_what_is_gone() {
    let mut chat = reachable(Some(subscribed()));
    chat.say("清除");
    assert_eq!(chat.effects, [Effect::Forget]);
    for gone in ["城关镇", "家庭", "编号", "同意的记录"] {
        assert!(chat.text().contains(gone), "{gone}");
    }
}

#[test]
fn a_page_offers_no_subscription_and_a_group_leads_to_a_chat_of_ones_own() {
    let mut page = Chat::new();
    assert!(!page.say("菜单").text().contains("订阅"));
    assert!(page.say("订阅").text().contains("没法给你发通知"));
    let mut group = Chat::new();
    group.facts.reach = Reach::Group { link: "https://t.me/bot?start=subscribe".into() };
    assert!(group.say("订阅").text().contains("https://t.me/bot?start=subscribe"));
    assert!(group.send("s:y:chengguan:home").effects.is_empty());
}

#[test]
fn forged_and_outdated_steps_subscribe_nobody() {
    for id in ["s:y:nowhere:home", "s:y:county:boss", "s:t:nowhere", "s:q:22-7", "s:q", "s:x"] {
        let mut chat = reachable(None);
        chat.send(id);
        assert!(chat.effects.is_empty(), "{id}");
    }
}

#[test]
fn links_on_posters_open_what_they_name() {
    for (payload, expected) in [
        ("t-chengguan", "城关镇"),
        ("g-trapped", "用手背试门"),
        ("q-kitchen", "第 1 题"),
        ("k-home", "第 1 项"),
        ("v-A1B2C3", "A1B2C3"),
        ("subscribe", "哪个乡镇"),
        ("t-nowhere", "过时"),
        ("nonsense", "我回答消防安全的问题"),
        ("", "我回答消防安全的问题"),
    ] {
        let mut chat = reachable(None);
        match deep_link(payload) {
            Message::Text(text) => chat.say(&text),
            Message::Choice(id) => chat.send(&id),
        };
        assert!(chat.text().contains(expected), "{payload}: {}", chat.text());
    }
}

#[test]
fn a_code_is_told_genuine_forged_expired_or_not_known_now() {
    let found = Verified {
        issuer: "示范县消防救援大队".into(),
        kind: "安全提示".into(),
        title: "大风天不烧荒".into(),
        at: now(),
        expires: now() + jiff::SignedDuration::from_hours(1),
        standing: State::Current,
        url: "/notices/wind/".into(),
    };
    let taken_back = Verified { standing: State::Ended(Code::draw(1)), ..found.clone() };
    let expired = Verified { expires: now(), ..found.clone() };
    for (lookup, expected) in [
        (Lookup::Found(found), "是真的"),
        (Lookup::Found(expired), "已经过期"),
        (Lookup::Found(taken_back), "已经撤回"),
        (Lookup::Unknown, "没有查到"),
        (Lookup::Misread, "不会是我们的编号"),
        (Lookup::Impossible, "现在查不了"),
    ] {
        let mut chat = reachable(None);
        chat.facts.lookup = lookup;
        chat.say("查证").say("a1b2c3");
        assert!(
            chat.text().contains("A1B2C3") && chat.text().contains(expected),
            "{}",
            chat.text()
        );
    }
}

#[test]
fn a_word_of_six_letters_is_a_code_only_right_after_the_question() {
    let mut chat = reachable(None);
    chat.say("查证").say("菜单").say("stoves");
    assert!(!chat.text().contains("STOVES"));
}

#[test]
fn the_last_answer_can_be_rated_later() {
    let mut chat = reachable(None);
    assert!(chat.say("/feedback").text().contains("先问一个问题"));
    chat.say("油锅着火了怎么办").say("/feedback").tap("没用");
    assert!(matches!(chat.effects[..], [Effect::Feedback { helpful: false, .. }]));
}

#[test]
fn a_number_means_what_was_shown_last_not_the_quiz_before_it() {
    let mut chat = Chat::new();
    chat.say("测验").say("1").say("电动车怎么充电才安全").say("继续");
    assert!(chat.text().contains("第 1 题"), "{}", chat.log());
    chat.say("电动车怎么充电才安全").say("1");
    assert!(!chat.text().contains('题') || chat.text().contains("第 1 题"), "{}", chat.log());
    chat.say("继续").say("2");
    assert!(chat.text().contains("第 2 题"), "{}", chat.log());
}
