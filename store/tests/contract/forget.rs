//! `/forget`: nothing that belongs to an address is left, and it is said what there was.

use fenghuo_store::{
    Account, Change, Completion, ConfirmToken, Forgotten, LeaveToken, Outcome, Store, SubscriberId,
    Subscription,
};

use crate::fixture::{Fixture, claim, later, noon, receive, telegram, update};

contract! {
    everything_of_an_address_is_deleted_and_counted,
    the_message_that_asks_is_answered_and_then_erased,
    others_keep_what_is_theirs,
}

fn subscription() -> Subscription {
    let region = "chengguan".to_owned();
    Subscription { region, role: None, language: "zh".to_owned(), quiet: None }
}

async fn fill(store: &Store, chat: &str, bits: u128) {
    let address = telegram().address(chat);
    let changes = vec![
        Change::SaveSession { id: address.session(), state: "state".to_owned() },
        Change::Subscribe {
            id: SubscriberId::from_bits(bits),
            leave: LeaveToken::from_bits(bits),
            address: address.clone(),
            subscription: subscription(),
        },
    ];
    store.apply(changes, noon()).await.expect("applied");
    let token = ConfirmToken::from_bits(bits);
    let kept = store.request_confirmation(&token, &address, &subscription(), later(1)).await;
    kept.expect("kept");
}

const ALL: Forgotten = Forgotten { subscriptions: 1, confirmations: 1, sessions: 1, messages: 1 };

async fn everything_of_an_address_is_deleted_and_counted(fixture: Fixture) {
    let store = fixture.open().await;
    fill(&store, "4711", 1).await;
    receive(&store, &["4711"]).await;
    let claimed = claim(&store, noon()).await.remove(0);
    let reply = Completion { reply: vec!["好".to_owned()], ..Completion::default() };
    store.complete(&claimed, reply, noon()).await.expect("completed");
    store.finish(&claimed, Outcome::Sent, noon()).await.expect("finished");
    let address = telegram().address("4711");
    assert_eq!(store.known(&address).await.expect("asked"), ALL);
    assert_eq!(store.forget(&address, noon()).await.expect("forgotten"), ALL);
    assert!(store.known(&address).await.expect("asked").is_empty());
    assert!(store.forget(&address, noon()).await.expect("forgotten").is_empty());
    let (entry, parts) = store.find_update(&telegram(), "1").await.expect("asked").expect("kept");
    assert!(parts.is_empty(), "the text is gone");
    assert!(entry.reply_hash.is_some(), "its hash stays");
}

async fn the_message_that_asks_is_answered_and_then_erased(fixture: Fixture) {
    let store = fixture.open().await;
    fill(&store, "4711", 1).await;
    receive(&store, &["4711"]).await;
    let claimed = claim(&store, noon()).await.remove(0);
    let address = claimed.address.clone();
    let completion = Completion {
        reply: vec!["已删除".to_owned()],
        changes: vec![Change::Forget { address: address.clone() }],
        ..Completion::default()
    };
    let forgotten = store.complete(&claimed, completion, noon()).await.expect("completed");
    assert_eq!(forgotten, [ALL]);
    // A message that comes after it is a new one.
    store.receive(&telegram(), vec![update("2", "4711")], noon()).await.expect("received");
    store.finish(&claimed, Outcome::Sent, noon()).await.expect("finished");
    let left = Forgotten { messages: 1, ..Forgotten::default() };
    assert_eq!(store.known(&address).await.expect("asked"), left);
    assert_eq!(claim(&store, noon()).await.len(), 1);
}

async fn others_keep_what_is_theirs(fixture: Fixture) {
    let store = fixture.open().await;
    fill(&store, "4711", 1).await;
    fill(&store, "4712", 2).await;
    store.forget(&telegram().address("4711"), noon()).await.expect("forgotten");
    let elsewhere = Account::new("telegram", "other").address("4712");
    assert!(store.forget(&elsewhere, noon()).await.expect("forgotten").is_empty());
    let other = telegram().address("4712");
    let left = Forgotten { messages: 0, ..ALL };
    assert_eq!(store.known(&other).await.expect("asked"), left);
}
