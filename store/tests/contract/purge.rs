//! What is kept for a time is gone after it.

use fenghuo_store::{
    Completion, ConfirmToken, InboxState, Listed, Outcome, Purged, Scrubbed, SessionId,
    Subscription,
};

use crate::fixture::{Fixture, claim, later, noon, receive, telegram};

contract! {
    a_session_ends_after_24_hours_even_before_the_purge,
    one_off_questions_go_after_90_days_and_repeated_ones_stay,
    messages_are_erased_24_hours_after_they_were_handled_and_their_hash_stays,
    a_message_nobody_answered_in_a_week_is_listed_and_erased,
    confirmations_go_when_they_are_over,
}

async fn a_session_ends_after_24_hours_even_before_the_purge(fixture: Fixture) {
    let store = fixture.open().await;
    let id = SessionId::from_bits(1);
    store.save_session(&id, "state", noon()).await.expect("saved");
    assert!(store.load_session(&id, later(23)).await.expect("loaded").is_some());
    assert!(store.load_session(&id, later(24)).await.expect("loaded").is_none());
    assert_eq!(store.purge(later(23)).await.expect("purged"), Purged::default());
    assert_eq!(
        store.purge(later(24)).await.expect("purged"),
        Purged { sessions: 1, ..Purged::default() }
    );
}

async fn one_off_questions_go_after_90_days_and_repeated_ones_stay(fixture: Fixture) {
    let store = fixture.open().await;
    for text in ["一次", "两次", "两次"] {
        store.file_gap(&Scrubbed::of(text), text, noon()).await.expect("filed");
    }
    assert_eq!(store.purge(later(90 * 24)).await.expect("purged").gaps, 0);
    assert_eq!(store.purge(later(91 * 24)).await.expect("purged").gaps, 1);
    let gaps = store.gaps().await.expect("gaps");
    assert_eq!(gaps.iter().map(|gap| gap.key.as_str()).collect::<Vec<_>>(), ["两次"]);
}

async fn messages_are_erased_24_hours_after_they_were_handled_and_their_hash_stays(
    fixture: Fixture,
) {
    let store = fixture.open().await;
    receive(&store, &["a", "b"]).await;
    let claimed = claim(&store, noon()).await.remove(0);
    let reply = Completion { reply: vec!["好".to_owned()], ..Completion::default() };
    store.complete(&claimed, reply, noon()).await.expect("completed");
    store.finish(&claimed, Outcome::Sent, later(1)).await.expect("finished");
    assert_eq!(store.purge(later(24)).await.expect("purged").messages, 0);
    assert_eq!(store.purge(later(25)).await.expect("purged").messages, 1);
    let (entry, parts) = store.find_update(&telegram(), "1").await.expect("asked").expect("kept");
    assert!(parts.is_empty());
    assert!(entry.reply_hash.is_some());
    assert!(store.known(&telegram().address("a")).await.expect("asked").is_empty());
    // What still waits keeps its text.
    assert_eq!(store.known(&telegram().address("b")).await.expect("asked").messages, 1);
    // The id stays, so the same update is not taken for a new one.
    let again = vec![crate::fixture::update("1", "a")];
    assert!(!store.receive(&telegram(), again, later(25)).await.expect("received")[0].new);
}

async fn a_message_nobody_answered_in_a_week_is_listed_and_erased(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    assert_eq!(store.purge(later(7 * 24 - 1)).await.expect("purged").unanswered, 0);
    assert_eq!(store.purge(later(7 * 24)).await.expect("purged").unanswered, 1);
    let unknown = store.inbox(Listed::State(InboxState::Unknown), 0, 9).await.expect("listed");
    assert_eq!(unknown.len(), 1);
    assert!(store.known(&telegram().address("a")).await.expect("asked").is_empty());
}

async fn confirmations_go_when_they_are_over(fixture: Fixture) {
    let store = fixture.open().await;
    let region = "chengguan".to_owned();
    let wanted = Subscription { region, role: None, language: "zh".to_owned(), quiet: None };
    let (token, address) = (ConfirmToken::from_bits(1), telegram().address("a"));
    store.request_confirmation(&token, &address, &wanted, later(2)).await.expect("kept");
    assert_eq!(store.purge(later(1)).await.expect("purged").confirmations, 0);
    assert_eq!(store.purge(later(2)).await.expect("purged").confirmations, 1);
}
