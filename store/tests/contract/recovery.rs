//! What a process had claimed when it died.

use fenghuo_store::{
    AfterDeath, Completion, Error, InboxState, Listed, Outcome, Recovered, Store, Then,
};

use crate::fixture::{Fixture, claim, ids, noon, receive, seconds, telegram};

contract! {
    after_a_death_handled_updates_are_handled_again_and_replies_repeated_as_stored,
    after_a_death_replies_on_their_way_may_be_left_unknown,
    a_living_process_keeps_its_claims,
    a_claim_held_too_long_is_taken_back,
}

/// Four updates: one claimed, one with its reply stored, one on its way, one half delivered.
async fn leave_behind(store: &Store) -> Vec<fenghuo_store::Claimed> {
    receive(store, &["a", "b", "c", "d"]).await;
    let claimed = claim(store, noon()).await;
    for (n, then) in [(1, Then::Queue), (2, Then::Send), (3, Then::Send)] {
        let reply = vec![format!("{n}-1"), format!("{n}-2")];
        let completion = Completion { reply, then, ..Completion::default() };
        store.complete(&claimed[n], completion, noon()).await.expect("completed");
    }
    store.confirm_parts(&claimed[3], 1).await.expect("confirmed");
    claimed
}

async fn after_a_death_handled_updates_are_handled_again_and_replies_repeated_as_stored(
    fixture: Fixture,
) {
    let dead = fixture.open().await;
    let before = leave_behind(&dead).await;
    dead.close().await;
    let store = fixture.open().await;
    let recovered =
        store.recover(&telegram(), AfterDeath::Repeat, noon()).await.expect("recovered");
    assert_eq!(recovered, Recovered { returned: 1, repeated: 2, ..Recovered::default() });
    let claimed = claim(&store, noon()).await;
    assert_eq!(ids(&claimed), ["1", "2", "3", "4"]);
    assert_eq!(claimed[0].reply, None);
    assert_eq!(claimed[2].reply, Some(vec!["2-1".to_owned(), "2-2".to_owned()]));
    let repeats: Vec<_> = claimed.iter().map(|c| (c.repeats, c.sent_parts)).collect();
    assert_eq!(repeats, [(0, 0), (0, 0), (1, 0), (1, 1)]);
    let listed = store.inbox(Listed::Repeated, 0, 10).await.expect("listed");
    assert_eq!(listed.iter().map(|e| e.update_id.as_str()).collect::<Vec<_>>(), ["3", "4"]);
    // The dead come back: nothing they had in hand is theirs any more.
    let late = store.finish(&before[2], Outcome::Sent, noon()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
}

async fn after_a_death_replies_on_their_way_may_be_left_unknown(fixture: Fixture) {
    let dead = fixture.open().await;
    leave_behind(&dead).await;
    dead.close().await;
    let store = fixture.open().await;
    let recovered = store.recover(&telegram(), AfterDeath::Leave, noon()).await.expect("recovered");
    assert_eq!(recovered, Recovered { returned: 1, unknown: 2, ..Recovered::default() });
    let unknown = store.inbox(Listed::State(InboxState::Unknown), 0, 9).await.expect("listed");
    assert_eq!(unknown.iter().map(|e| e.update_id.as_str()).collect::<Vec<_>>(), ["3", "4"]);
    assert_eq!(ids(&claim(&store, noon()).await), ["1", "2"]);
}

async fn a_living_process_keeps_its_claims(fixture: Fixture) {
    let store = fixture.open().await;
    let claimed = leave_behind(&store).await;
    // On the server another process looks; of a file there is only one.
    let other = if fixture.is_file() { store.clone() } else { fixture.open().await };
    let recovered = other.recover(&telegram(), AfterDeath::Leave, noon()).await.expect("asked");
    assert_eq!(recovered, Recovered::default());
    store.finish(&claimed[2], Outcome::Sent, noon()).await.expect("finished");
}

async fn a_claim_held_too_long_is_taken_back(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let first = claim(&store, noon()).await.remove(0);
    let policy = AfterDeath::Repeat;
    let early = store.recover(&telegram(), policy, seconds(59)).await.expect("asked");
    assert_eq!(early, Recovered::default());
    let late = store.recover(&telegram(), policy, seconds(61)).await.expect("asked");
    assert_eq!(late.returned, 1);
    let second = claim(&store, seconds(61)).await.remove(0);
    let lost = store.complete(&first, Completion::default(), seconds(61)).await;
    assert!(matches!(lost, Err(Error::Stale)), "{lost:?}");
    store.complete(&second, Completion::default(), seconds(61)).await.expect("completed");
}
