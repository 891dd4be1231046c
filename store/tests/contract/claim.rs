//! Who gets which updates: chats in order, one process a chat.

use std::collections::{HashMap, HashSet};

use fenghuo_store::{Account, Completion, Outcome, Store};
use tokio::task::JoinSet;

use crate::fixture::{Fixture, claim, ids, noon, receive, telegram, update};

contract! {
    updates_of_one_chat_are_claimed_together_in_order,
    a_chat_somebody_is_busy_with_is_left_alone,
    a_long_queue_of_one_chat_does_not_hold_up_the_others,
    a_flood_of_busy_chats_does_not_hide_a_free_one,
    accounts_are_apart,
    one_update_is_claimed_alone_only_when_it_is_first,
    many_claimants_share_the_work_and_keep_the_order_of_each_chat,
    an_ear_hears_what_comes_in_after_it_was_made,
}

async fn updates_of_one_chat_are_claimed_together_in_order(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["b", "a", "b", "a"]).await;
    let runs = store.claim(&telegram(), 10, noon()).await.expect("claimed");
    let runs: Vec<_> = runs.iter().map(|run| ids(&run.updates)).collect();
    assert_eq!(runs, [["1", "3"], ["2", "4"]]);
}

async fn a_chat_somebody_is_busy_with_is_left_alone(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let first = claim(&store, noon()).await;
    let more = vec![update("2", "a"), update("3", "b")];
    store.receive(&telegram(), more, noon()).await.expect("received");
    assert_eq!(ids(&claim(&store, noon()).await), ["3"]);
    store.complete(&first[0], Completion::default(), noon()).await.expect("completed");
    assert_eq!(ids(&claim(&store, noon()).await), ["2"]);
}

async fn a_long_queue_of_one_chat_does_not_hold_up_the_others(fixture: Fixture) {
    let store = fixture.open().await;
    let mut chats = vec!["flood"; 500];
    chats.push("quiet");
    receive(&store, &chats).await;
    let runs = store.claim(&telegram(), 2, noon()).await.expect("claimed");
    assert_eq!(runs.len(), 2);
    assert_eq!(ids(&runs[1].updates), ["501"]);
    assert!(runs[0].updates.len() < 500, "a run is bounded");
}

/// So many that a claim does not see past them by age.
async fn a_flood_of_busy_chats_does_not_hide_a_free_one(fixture: Fixture) {
    let store = fixture.open().await;
    let mut chats = Vec::new();
    for _ in 0..1300 {
        chats.extend(["flood", "torrent"]);
    }
    chats.extend(["quiet", "calm", "quiet"]);
    receive(&store, &chats).await;
    assert_eq!(store.claim(&telegram(), 2, noon()).await.expect("claimed").len(), 2);
    let runs = store.claim(&telegram(), 9, noon()).await.expect("claimed");
    let runs: Vec<_> = runs.iter().map(|run| ids(&run.updates)).collect();
    assert_eq!(runs, [vec!["2601", "2603"], vec!["2602"]]);
    assert!(store.claim(&telegram(), 9, noon()).await.expect("claimed").is_empty());
}

async fn accounts_are_apart(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let other = Account::new("telegram", "other");
    let received = store.receive(&other, vec![update("1", "a")], noon()).await.expect("received");
    assert!(received[0].new);
    assert_eq!(claim(&store, noon()).await.len(), 1);
    assert_eq!(store.claim(&other, 10, noon()).await.expect("claimed").len(), 1);
}

async fn one_update_is_claimed_alone_only_when_it_is_first(fixture: Fixture) {
    let store = fixture.open().await;
    let both = vec![update("1", "a"), update("2", "a")];
    let rows = store.receive(&telegram(), both, noon()).await.expect("received");
    assert!(store.claim_row(rows[1].row, noon()).await.expect("asked").is_none());
    let first = store.claim_row(rows[0].row, noon()).await.expect("asked").expect("free");
    assert!(store.claim_row(rows[1].row, noon()).await.expect("asked").is_none());
    assert!(store.claim(&telegram(), 9, noon()).await.expect("claimed").is_empty());
    store.complete(&first, Completion::default(), noon()).await.expect("completed");
    let second = store.claim_row(rows[1].row, noon()).await.expect("asked");
    assert_eq!(second.expect("free").update_id, "2");
    assert!(store.claim_row(999_999, noon()).await.expect("asked").is_none());
}

/// What the claimants saw: order of each chat, and who was in it.
#[derive(Default)]
struct Seen {
    order: HashMap<String, Vec<u32>>,
    busy: HashSet<String>,
}

async fn many_claimants_share_the_work_and_keep_the_order_of_each_chat(fixture: Fixture) {
    const UPDATES: u32 = 300;
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Seen::default()));
    let store = fixture.open().await;
    let mut tasks = JoinSet::new();
    for writer in 0..3 {
        let store = store.clone();
        tasks.spawn(async move {
            for n in (0..UPDATES).filter(|n| n % 3 == writer) {
                let chat = format!("chat {}", n % 3 * 4 + n % 4);
                let updates = vec![update(&n.to_string(), &chat)];
                store.receive(&telegram(), updates, noon()).await.expect("received");
            }
        });
    }
    for _ in 0..4 {
        // On the server each is a process of its own; of a file there is one.
        let store = if fixture.is_file() { store.clone() } else { fixture.open().await };
        let seen = std::sync::Arc::clone(&seen);
        tasks.spawn(async move { work(&store, &seen, UPDATES).await });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("no panic");
    }
    let seen = seen.lock().expect("no panic");
    for (chat, order) in &seen.order {
        assert!(order.is_sorted(), "{chat}: {order:?}");
    }
    assert_eq!(seen.order.values().map(Vec::len).sum::<usize>(), UPDATES as usize);
}

async fn work(store: &Store, seen: &std::sync::Mutex<Seen>, updates: u32) {
    while store.inbox_counts().await.expect("counts").answered < u64::from(updates) {
        for run in store.claim(&telegram(), 3, noon()).await.expect("claimed") {
            let chat = run.updates[0].address.chat.clone();
            assert!(seen.lock().expect("no panic").busy.insert(chat.clone()), "two in {chat}");
            let last = run.updates.len() - 1;
            for (n, claimed) in run.updates.into_iter().enumerate() {
                let number = claimed.update_id.parse().expect("a number");
                seen.lock().expect("no panic").order.entry(chat.clone()).or_default().push(number);
                let reply = Completion { reply: vec!["好".to_owned()], ..Completion::default() };
                store.complete(&claimed, reply, noon()).await.expect("completed");
                // With the last one finished the chat is free, and another may be in it at once.
                if n == last {
                    seen.lock().expect("no panic").busy.remove(&chat);
                }
                store.finish(&claimed, Outcome::Sent, noon()).await.expect("finished");
            }
        }
        tokio::task::yield_now().await;
    }
}

async fn an_ear_hears_what_comes_in_after_it_was_made(fixture: Fixture) {
    let here = fixture.open().await;
    let ear = here.listen();
    let there = if fixture.is_file() { here.clone() } else { fixture.open().await };
    receive(&there, &["a"]).await;
    tokio::time::timeout(std::time::Duration::from_secs(20), ear).await.expect("heard");
}
