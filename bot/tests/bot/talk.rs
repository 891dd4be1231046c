//! What a conversation promises: danger first, nothing lost, nothing taken for something else.

use fenghuo_bot::conversation::{Block, Effect, ReplyKind, Session};
use fenghuo_content::{Kind, Library};

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
