//! One process speaks for an account; what it commits under a lost hold is refused.

use fenghuo_store::{Account, Error};

use crate::fixture::{Fixture, noon, seconds, telegram, update};

contract! {
    the_place_in_the_stream_is_committed_with_the_batch,
    a_hold_that_was_taken_over_commits_nothing,
    silence_the_channel_asked_for_is_remembered,
    accounts_are_held_apart,
}

async fn the_place_in_the_stream_is_committed_with_the_batch(fixture: Fixture) {
    let store = fixture.open().await;
    let hold = store.hold(&telegram()).await.expect("asked").expect("free");
    assert_eq!((hold.next(), hold.epoch()), (None, 1));
    let batch = vec![update("7", "a"), update("8", "a")];
    store.receive_polled(&hold, batch, 9, noon()).await.expect("received");
    store.close().await;
    let store = fixture.open().await;
    let hold = store.hold(&telegram()).await.expect("asked").expect("free");
    assert_eq!((hold.next(), hold.epoch()), (Some(9), 2));
    assert_eq!(store.inbox_counts().await.expect("counts").received, 2);
}

async fn a_hold_that_was_taken_over_commits_nothing(fixture: Fixture) {
    let first = fixture.open().await;
    let old = first.hold(&telegram()).await.expect("asked").expect("free");
    let second = fixture.open().await;
    if !fixture.is_file() {
        // Its holder lives, so nobody else gets it until it lets go.
        assert!(second.hold(&telegram()).await.expect("asked").is_none());
        first.let_go(&old).await.expect("let go");
    }
    let new = second.hold(&telegram()).await.expect("asked").expect("free");
    assert!(second.is_held(&new).await.expect("asked"));
    assert!(!first.is_held(&old).await.expect("asked"));
    let late = first.receive_polled(&old, vec![update("1", "a")], 2, noon()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    assert!(matches!(first.block_account(&old, noon()).await, Err(Error::Stale)));
    assert_eq!(second.inbox_counts().await.expect("counts").total(), 0);
}

async fn silence_the_channel_asked_for_is_remembered(fixture: Fixture) {
    let store = fixture.open().await;
    let hold = store.hold(&telegram()).await.expect("asked").expect("free");
    store.block_account(&hold, seconds(30)).await.expect("noted");
    store.let_go(&hold).await.expect("let go");
    let hold = store.hold(&telegram()).await.expect("asked").expect("free");
    assert_eq!(hold.blocked_until(), Some(seconds(30)));
}

async fn accounts_are_held_apart(fixture: Fixture) {
    let store = fixture.open().await;
    let main = store.hold(&telegram()).await.expect("asked").expect("free");
    let other = Account::new("telegram", "other");
    store.hold(&other).await.expect("asked").expect("free");
    assert!(store.is_held(&main).await.expect("asked"));
}
