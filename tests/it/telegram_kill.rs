//! `kill -9` under load: every update ends answered or listed, and what came twice is the same text
//! of a request that was in flight, and listed.
//!
//! `FENGHUO_TEST_KILLS` sets how often (10 by default; `tests/kill/run.sh` does 200).

use std::io::Write;
use std::time::{Duration, Instant};

use fenghuo_store::{Account, InboxCounts, InboxEntry, Location, Store};
use serde_json::json;

use crate::store::schema;
use crate::support::telegram::{Bot, Mode, message};
use crate::support::{fixture, stdout};

/// Updates pushed before each kill.
const LOAD: usize = 24;
const QUESTIONS: [&str; 4] = ["灭火器怎么用", "我家着火了", "/quiz", "今天天气"];

#[test]
fn after_kill_9_every_update_is_answered_or_listed() {
    let mut bot = Bot::with(Mode::Polling, "", &["--library", &fixture("minimal")]);
    let updates = kill_under_load(&mut bot);
    let data = bot.stop();
    check(&bot, &updates, &Location::file(data.path().join("fenghuo.db")));
}

#[test]
fn the_same_on_postgres() {
    let Some(url) = schema("kill") else { return };
    let lines = format!("[database]\nurl = \"{url}\"");
    let mut bot = Bot::with(Mode::Polling, &lines, &["--library", &fixture("minimal")]);
    let updates = kill_under_load(&mut bot);
    bot.stop();
    check(&bot, &updates, &Location::parse(&url).expect("an address"));
}

/// Kills the server again and again while it answers; the chat and number of each update.
fn kill_under_load(bot: &mut Bot) -> Vec<(i64, i64)> {
    let kills: usize =
        std::env::var("FENGHUO_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(10);
    let mut updates = Vec::new();
    for kill in 0..kills {
        let before = sent(bot);
        for _ in 0..LOAD {
            let chat = 100_000 + i64::try_from(updates.len()).expect("few");
            let text = QUESTIONS[updates.len() % QUESTIONS.len()];
            updates.push((chat, bot.api.push(message(chat, json!({ "text": text })))));
        }
        // At another point of the work each time: after none, some or most have been sent.
        let point = before + kill * 7 % LOAD;
        bot.api.wait("some replies", |calls| {
            calls.iter().filter(|call| call.method == "sendmessage").count() >= point
        });
        let data = bot.kill();
        bot.serve(data);
    }
    for (chat, _) in &updates {
        bot.api.wait_message(*chat, 1);
    }
    wait_until_nothing_waits(bot);
    updates
}

/// What was delivered but not noted when its process died comes once more.
fn wait_until_nothing_waits(bot: &Bot) {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let shown = stdout(&bot.run(&["inbox"]));
        if shown.contains("waiting 0,") {
            return;
        }
        assert!(Instant::now() < until, "{shown}");
    }
}

fn sent(bot: &Bot) -> usize {
    bot.api.count(|call| call.method == "sendmessage")
}

fn check(bot: &Bot, updates: &[(i64, i64)], location: &Location) {
    let (counts, entries) = read(updates, location);
    let total = u64::try_from(updates.len()).expect("few");
    assert_eq!((counts.total(), counts.pending()), (total, 0), "{counts:?}");
    assert_eq!(counts.answered + counts.unknown, total, "{counts:?}");
    let (mut repeated, mut listed) = (0, 0);
    for ((chat, _), entry) in updates.iter().zip(&entries) {
        let texts = bot.api.messages(*chat);
        assert!(!texts.is_empty(), "chat {chat} was never answered");
        assert!(texts.iter().all(|message| *message == texts[0]), "chat {chat}: {texts:#?}");
        listed += usize::from(entry.repeats > 0);
        if texts.len() > 1 {
            repeated += 1;
            assert!(entry.repeats > 0, "chat {chat} got {} messages, {entry:?}", texts.len());
        }
    }
    bot.api.assert_no_faults();
    let _ = writeln!(
        std::io::stderr(),
        "{total} updates, {} answered, {} unknown; {listed} listed as in flight, {repeated} came twice",
        counts.answered,
        counts.unknown
    );
}

fn read(updates: &[(i64, i64)], location: &Location) -> (InboxCounts, Vec<InboxEntry>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::connect(location).await.expect("a store");
        let counts = store.inbox_counts().await.expect("counts");
        let account = Account::new("telegram", "main");
        let mut entries = Vec::new();
        for (_, update) in updates {
            let found = store.find_update(&account, &update.to_string()).await.expect("read");
            entries.push(found.expect("every update is in the inbox").0);
        }
        store.close().await;
        (counts, entries)
    })
}
