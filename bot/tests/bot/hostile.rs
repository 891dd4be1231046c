//! Whatever comes in: nothing panics, and what goes out stays within its sizes.

use fenghuo_bot::conversation::{Block, Facts, Message, Reach, Reply, Session, respond};
use proptest::prelude::*;

use crate::fixture::{now, world};

fn check(reply: &Reply) -> Result<(), TestCaseError> {
    prop_assert!(!reply.blocks.is_empty() && reply.blocks.len() <= 14);
    prop_assert!(reply.text().chars().count() <= 6_000);
    for choice in reply.choices() {
        prop_assert!(choice.id.is_ascii() && (1..=64).contains(&choice.id.len()), "{}", choice.id);
        prop_assert!((1..=40).contains(&choice.label.chars().count()), "{}", choice.label);
    }
    for block in &reply.blocks {
        match block {
            Block::Text { text } => prop_assert!(!text.is_empty() && text.chars().count() <= 1_500),
            Block::Steps { items } => prop_assert!((1..=20).contains(&items.len())),
            Block::Card { lines } => prop_assert!((1..=8).contains(&lines.len())),
            Block::Choices { choices } => prop_assert!((1..=12).contains(&choices.len())),
            Block::Link { .. } | Block::Image { .. } => {}
        }
    }
    Ok(())
}

fn choice() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "menu",
        "quit",
        "back",
        "go",
        "forget",
        "l:guides:0",
        "l:quizzes:0",
        "l:checks:0",
        "l:grades:0",
        "l:cases:0",
        "l:kinds:0",
        "l:notices:0",
        "l:lessons:upper:0",
        "g:trapped",
        "g:trapped:hot-door",
        "q:kitchen",
        "q:kitchen:0:0",
        "q:kitchen:1:0",
        "q:kitchen:1:1",
        "q:kitchen:1:ok",
        "k:home",
        "k:home:0:n",
        "k:home:1:y",
        "k:home:2:s",
        "d:knowledge/ebike/charge",
        "d:cases/house",
        "s",
        "s:t:chengguan",
        "s:r:chengguan:home",
        "s:y:chengguan:home",
        "s:x",
        "s:q",
        "s:q:22-7",
        "v",
        "f",
    ])
    .prop_map(str::to_owned);
    prop_oneof![
        8 => known,
        1 => "[a-z]:[a-z~]{0,8}:[0-9]{0,20}:[a-z0-9]{0,3}",
        1 => any::<String>(),
    ]
}

fn text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "1",
        "2",
        "3",
        "9",
        "1 2",
        "ab",
        "退出",
        "上一步",
        "继续",
        "帮助",
        "有用",
        "没用",
        "符合",
        "不符合",
        "我家着火了",
        "油锅着火了怎么办",
        "今天天气",
        "门烫",
        "/quiz",
        "/check",
    ])
    .prop_map(str::to_owned);
    prop_oneof![4 => known, 1 => any::<String>(), 1 => "[\u{4e00}-\u{9fff}，。？ ]{0,40}"]
}

fn message() -> impl Strategy<Value = Message> {
    prop_oneof![text().prop_map(Message::Text), choice().prop_map(Message::Choice)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_conversation_stays_within_its_sizes(messages in prop::collection::vec(message(), 1..25)) {
        let world = world();
        let facts = Facts { reach: Reach::Private, ..Facts::default() };
        let mut session = Session::default();
        for message in &messages {
            let turn = respond(&world, session, &facts, message, now());
            check(&turn.reply)?;
            let json = turn.session.write();
            prop_assert!(json.len() <= 32 * 1024);
            prop_assert_eq!(&Session::read(Some(&json)), &turn.session);
            session = turn.session;
        }
    }

    #[test]
    fn any_stored_session_is_answered(
        doc in prop::sample::select(vec!["quizzes/kitchen", "checklists/home", "guides/trapped", "x", ""]),
        marks in "[rwynsx]{0,40}",
        step in "[a-z-]{0,10}",
        ticked in any::<u32>(),
        message in message(),
    ) {
        let world = world();
        let hash = world.library.find(doc).map_or("", |document| &document.hash);
        for state in [
            format!(r#"{{"quiz":{{"doc":"{doc}","hash":"{hash}","marks":"{marks}","ticked":{ticked}}}}}"#),
            format!(r#"{{"check":{{"doc":"{doc}","hash":"{hash}","marks":"{marks}"}}}}"#),
            format!(r#"{{"guide":{{"doc":"{doc}","step":"{step}","path":["{step}"]}}}}"#),
        ] {
            let json = format!(r#"{{"version":1,"state":{state},"offered":[],"answers":[]}}"#);
            let session = Session::read(Some(&json));
            prop_assert_ne!(&session, &Session::default());
            check(&respond(&world, session, &Facts::default(), &message, now()).reply)?;
        }
    }
}
