//! Subscriptions: by chat at once, by e-mail after the address has confirmed.

use fenghuo_store::{
    Account, Address, Change, ConfirmToken, LeaveToken, Quiet, Store, SubscriberId, Subscription,
};

use crate::fixture::{Fixture, later, noon, telegram};

contract! {
    a_subscription_is_changed_in_place_and_keeps_its_id,
    leaving_deletes_the_address,
    one_who_blocked_us_is_inactive_until_she_subscribes_again,
    a_chat_that_moved_takes_its_subscription_along,
    a_token_confirms_once_and_only_in_time,
    a_look_at_the_confirmation_changes_nothing,
}

fn subscription(region: &str) -> Subscription {
    let quiet = Some(Quiet { from: 22 * 60, until: 7 * 60 });
    Subscription { region: region.into(), role: Some("home".into()), language: "zh".into(), quiet }
}

fn subscribe(bits: u128, address: &Address, region: &str) -> Change {
    Change::Subscribe {
        id: SubscriberId::from_bits(bits),
        leave: LeaveToken::from_bits(bits),
        address: address.clone(),
        subscription: subscription(region),
    }
}

async fn apply(store: &Store, change: Change) {
    store.apply(vec![change], noon()).await.expect("applied");
}

async fn a_subscription_is_changed_in_place_and_keeps_its_id(fixture: Fixture) {
    let store = fixture.open().await;
    let address = telegram().address("4711");
    apply(&store, subscribe(1, &address, "chengguan")).await;
    apply(&store, subscribe(2, &address, "qilihe")).await;
    let found = store.subscriber(&address).await.expect("asked").expect("subscribed");
    assert_eq!(found.id, SubscriberId::from_bits(1));
    assert_eq!(found.subscription, subscription("qilihe"));
    assert_eq!((found.consented, found.active), (noon(), true));
    let by_token = store.subscriber_by_token(&LeaveToken::from_bits(1)).await.expect("asked");
    assert_eq!(by_token, Some(found));
    assert_eq!(store.subscriber_by_token(&LeaveToken::from_bits(2)).await.expect("asked"), None);
    let counts = store.subscriber_counts().await.expect("counted");
    assert_eq!(counts, [("qilihe".to_owned(), Some("home".to_owned()), 1)]);
}

async fn leaving_deletes_the_address(fixture: Fixture) {
    let store = fixture.open().await;
    let address = telegram().address("4711");
    apply(&store, subscribe(1, &address, "chengguan")).await;
    apply(&store, Change::Leave { address: address.clone() }).await;
    assert_eq!(store.subscriber(&address).await.expect("asked"), None);
    apply(&store, Change::Leave { address }).await;
}

async fn one_who_blocked_us_is_inactive_until_she_subscribes_again(fixture: Fixture) {
    let store = fixture.open().await;
    let address = telegram().address("4711");
    apply(&store, subscribe(1, &address, "chengguan")).await;
    apply(&store, Change::SetActive { address: address.clone(), active: false }).await;
    assert!(!store.subscriber(&address).await.expect("asked").expect("kept").active);
    assert!(store.subscriber_counts().await.expect("counted").is_empty());
    apply(&store, subscribe(2, &address, "chengguan")).await;
    assert!(store.subscriber(&address).await.expect("asked").expect("kept").active);
}

async fn a_chat_that_moved_takes_its_subscription_along(fixture: Fixture) {
    let store = fixture.open().await;
    let (from, to) = (telegram().address("-1"), telegram().address("-1001"));
    let relocate = Change::Relocate { from: from.clone(), to: to.clone() };
    apply(&store, subscribe(1, &from, "chengguan")).await;
    apply(&store, relocate.clone()).await;
    let moved = store.subscriber(&to).await.expect("asked").expect("moved");
    assert_eq!(moved.id, SubscriberId::from_bits(1));
    // Where someone is subscribed at the new address already, that subscription stands.
    apply(&store, subscribe(2, &from, "qilihe")).await;
    apply(&store, relocate).await;
    assert_eq!(store.subscriber(&to).await.expect("asked"), Some(moved));
    assert_eq!(store.subscriber(&from).await.expect("asked"), None);
}

async fn a_token_confirms_once_and_only_in_time(fixture: Fixture) {
    let store = fixture.open().await;
    let address = Account::new("email", "main").address("li@example.com");
    for (bits, expires) in [(1, later(1)), (2, later(48))] {
        let token = ConfirmToken::from_bits(bits);
        let wanted = subscription("chengguan");
        store.request_confirmation(&token, &address, &wanted, expires).await.expect("kept");
    }
    let confirm = |bits: u128| {
        let (id, leave) = (SubscriberId::from_bits(bits), LeaveToken::from_bits(bits));
        let (store, token) = (store.clone(), ConfirmToken::from_bits(bits));
        async move { store.confirm(&token, id, leave, later(1)).await.expect("asked") }
    };
    assert_eq!(store.subscriber(&address).await.expect("asked"), None);
    assert_eq!(confirm(1).await, None, "too late");
    assert_eq!(confirm(3).await, None, "never given out");
    let (one, other) = tokio::join!(confirm(2), confirm(2));
    assert_eq!(one.iter().chain(&other).count(), 1, "two clicks confirm once");
    assert_eq!(confirm(2).await, None, "used");
    let found = store.subscriber(&address).await.expect("asked").expect("subscribed");
    assert_eq!(found.consented, later(1));
}

async fn a_look_at_the_confirmation_changes_nothing(fixture: Fixture) {
    let store = fixture.open().await;
    let address = Account::new("email", "main").address("li@example.com");
    let token = ConfirmToken::from_bits(1);
    let wanted = subscription("chengguan");
    store.request_confirmation(&token, &address, &wanted, later(1)).await.expect("kept");
    for _ in 0..2 {
        let pending = store.pending_confirmation(&token, noon()).await.expect("asked");
        assert_eq!(pending, Some((address.clone(), wanted.clone())));
    }
    assert_eq!(store.subscriber(&address).await.expect("asked"), None);
}
