//! An update from its arrival to its answer.

use fenghuo_store::{
    Change, Completion, Error, InboxState, Listed, Outcome, SessionId, Then, Update,
};

use crate::fixture::{Fixture, claim, ids, later, noon, receive, seconds, telegram, update};

contract! {
    an_update_is_received_handled_and_answered,
    an_update_that_comes_twice_is_handled_once,
    an_update_that_cannot_be_read_is_listed,
    the_stored_reply_is_found_when_a_channel_asks_again,
    changes_are_committed_with_the_reply_or_not_at_all,
    a_run_is_completed_in_one_commit_and_the_last_state_of_a_session_stands,
    what_many_write_at_once_is_all_written_and_who_lost_a_claim_hears_so,
    updates_with_nul_and_quotes_are_kept_and_known_again,
    a_reply_may_be_sent_later_by_whoever_claims_it,
    a_reply_the_channel_put_off_is_sent_again_when_it_is_due,
    a_reply_that_was_refused_or_may_have_arrived_is_listed_with_its_reason,
    a_reply_that_may_have_arrived_is_repeated_word_for_word_and_counted,
    delivered_parts_are_remembered,
    an_update_can_be_given_back,
    nothing_to_reply_is_answered_at_once,
}

fn reply(parts: &[&str]) -> Completion {
    let reply = parts.iter().map(|part| (*part).to_owned()).collect();
    Completion { reply, ..Completion::default() }
}

async fn an_update_is_received_handled_and_answered(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let claimed = claim(&store, noon()).await.remove(0);
    assert_eq!((claimed.body.as_str(), claimed.reply.as_ref()), ("body of 1", None));
    assert_eq!(claimed.received, noon());
    store.complete(&claimed, reply(&["先关火"]), noon()).await.expect("completed");
    assert_eq!(store.inbox_counts().await.expect("counts").sending, 1);
    store.finish(&claimed, Outcome::Sent, noon()).await.expect("finished");
    let counts = store.inbox_counts().await.expect("counts");
    assert_eq!((counts.answered, counts.total()), (1, 1));
    assert!(claim(&store, noon()).await.is_empty());
}

async fn an_update_that_comes_twice_is_handled_once(fixture: Fixture) {
    let store = fixture.open().await;
    let first = vec![update("1", "a"), update("2", "a"), update("2", "a")];
    let first = store.receive(&telegram(), first, noon()).await.expect("received");
    assert_eq!(first.iter().map(|r| r.new).collect::<Vec<_>>(), [true, true, false]);
    let again = vec![update("2", "a"), update("3", "a")];
    let again = store.receive(&telegram(), again, noon()).await.expect("received");
    assert_eq!((again[0].row, again[0].new, again[1].new), (first[1].row, false, true));
    assert_eq!(ids(&claim(&store, noon()).await), ["1", "2", "3"]);
}

async fn an_update_that_cannot_be_read_is_listed(fixture: Fixture) {
    let store = fixture.open().await;
    let broken = Update { id: "9".to_owned(), chat: None, body: "{\u{0}".to_owned() };
    store.receive(&telegram(), vec![broken], noon()).await.expect("received");
    assert!(claim(&store, noon()).await.is_empty());
    let listed = Listed::State(InboxState::Unparsed);
    let listed = store.inbox(listed, 0, 10).await.expect("listed");
    assert_eq!(listed[0].update_id, "9");
}

async fn the_stored_reply_is_found_when_a_channel_asks_again(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let row = store.receive(&telegram(), vec![update("1", "a")], noon()).await.expect("received");
    let claimed = store.claim_row(row[0].row, noon()).await.expect("asked").expect("free");
    assert!(store.claim_row(row[0].row, noon()).await.expect("asked").is_none());
    let done = Completion { then: Then::Done, ..reply(&["一", "二"]) };
    store.complete(&claimed, done, noon()).await.expect("completed");
    let found = store.find_update(&telegram(), "1").await.expect("asked");
    let (entry, parts) = found.expect("kept");
    assert_eq!((entry.state, parts), (InboxState::Answered, vec!["一".into(), "二".into()]));
    assert_eq!(entry.reply_hash.map(|hash| hash.len()), Some(64));
    assert!(store.find_update(&telegram(), "2").await.expect("asked").is_none());
}

async fn changes_are_committed_with_the_reply_or_not_at_all(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let claimed = claim(&store, noon()).await.remove(0);
    let id = SessionId::from_bits(1);
    let saved = |state: &str| Completion {
        changes: vec![Change::SaveSession { id: id.clone(), state: state.to_owned() }],
        ..reply(&["好"])
    };
    store.complete(&claimed, saved("one"), noon()).await.expect("completed");
    let twice = store.complete(&claimed, saved("two"), noon()).await;
    assert!(matches!(twice, Err(Error::Stale)), "{twice:?}");
    let state = store.load_session(&id, noon()).await.expect("loaded");
    assert_eq!(state.as_deref(), Some("one"));
}

async fn a_run_is_completed_in_one_commit_and_the_last_state_of_a_session_stands(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a", "a", "a"]).await;
    let claimed = claim(&store, noon()).await;
    store.release(&claimed[2]).await.expect("released");
    let id = SessionId::from_bits(1);
    let saved = |state: &str| Completion {
        changes: vec![Change::SaveSession { id: id.clone(), state: state.to_owned() }],
        ..reply(&[state])
    };
    let run = claimed.iter().cloned().zip(["one", "two", "three"].map(saved)).collect();
    let results = store.complete_run(run, noon()).await.expect("committed");
    assert!(results[0].is_ok() && results[1].is_ok(), "{results:?}");
    assert!(matches!(results[2], Err(Error::Stale)), "{results:?}");
    let state = store.load_session(&id, noon()).await.expect("loaded");
    assert_eq!(state.as_deref(), Some("two"));
    assert_eq!(store.inbox_counts().await.expect("counts").sending, 2);
}

async fn what_many_write_at_once_is_all_written_and_who_lost_a_claim_hears_so(fixture: Fixture) {
    const MANY: usize = 300;
    let store = fixture.open().await;
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..MANY {
        let store = store.clone();
        // Each one twice, and from two who know nothing of each other.
        tasks.spawn(async move {
            let (id, chat) = ((n / 2).to_string(), format!("chat {}", n / 2));
            let update = Update { id, chat: Some(chat), body: "{}".to_owned() };
            store.receive(&telegram(), vec![update], noon()).await.expect("received")[0]
        });
    }
    let mut new = std::collections::HashSet::new();
    while let Some(received) = tasks.join_next().await {
        let received = received.expect("no panic");
        assert!(!received.new || new.insert(received.row), "new twice");
    }
    assert_eq!(new.len(), MANY / 2);
    let mut claimed = Vec::new();
    while claimed.len() < MANY / 2 {
        claimed.extend(claim(&store, noon()).await);
    }
    for claimed in claimed {
        for _ in 0..2 {
            let store = store.clone();
            let claimed = claimed.clone();
            tasks.spawn(async move {
                let row = claimed.row;
                let done = store.complete(&claimed, reply(&["好"]), noon()).await;
                let new =
                    done.is_ok() && store.finish(&claimed, Outcome::Sent, noon()).await.is_ok();
                fenghuo_store::Received { row, new }
            });
        }
    }
    let mut answered = 0;
    while let Some(done) = tasks.join_next().await {
        answered += usize::from(done.expect("no panic").new);
    }
    assert_eq!(answered, MANY / 2);
    assert_eq!(store.inbox_counts().await.expect("counts").answered, 150);
}

async fn updates_with_nul_and_quotes_are_kept_and_known_again(fixture: Fixture) {
    let store = fixture.open().await;
    let odd = Update {
        id: "a\0\"\\u0000'".to_owned(),
        chat: Some("c\0\\".to_owned()),
        body: "\0{\"火\": \"\\u0000\"}".to_owned(),
    };
    let first = store.receive(&telegram(), vec![odd.clone()], noon()).await.expect("received");
    let again = store.receive(&telegram(), vec![odd], noon()).await.expect("received");
    assert_eq!((first[0].new, again[0].new, again[0].row), (true, false, first[0].row));
    let claimed = claim(&store, noon()).await.remove(0);
    assert_eq!(claimed.body, "\u{fffd}{\"火\": \"\\u0000\"}");
    store.complete(&claimed, reply(&["\0\\u0000\""]), noon()).await.expect("completed");
    store.finish(&claimed, Outcome::Sent, noon()).await.expect("finished");
}

async fn a_reply_may_be_sent_later_by_whoever_claims_it(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a", "a"]).await;
    let first = claim(&store, noon()).await;
    let later = Completion { then: Then::Queue, ..reply(&["好"]) };
    store.complete(&first[0], later, noon()).await.expect("completed");
    store.release(&first[1]).await.expect("released");
    let second = claim(&store, noon()).await;
    assert_eq!(ids(&second), ["1", "2"]);
    assert_eq!(second[0].reply.as_deref(), Some(["好".to_owned()].as_slice()));
    assert_eq!(second[1].reply, None);
    let lost = store.begin_sending(&first[0]).await;
    assert!(matches!(lost, Err(Error::Stale)), "{lost:?}");
    store.begin_sending(&second[0]).await.expect("marked");
    store.finish(&second[0], Outcome::Sent, noon()).await.expect("finished");
}

async fn a_reply_the_channel_put_off_is_sent_again_when_it_is_due(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a", "a", "b"]).await;
    let claimed = claim(&store, noon()).await;
    store.complete(&claimed[0], reply(&["好"]), noon()).await.expect("completed");
    let outcome = Outcome::Retry { at: seconds(7) };
    store.finish(&claimed[0], outcome, noon()).await.expect("put off");
    store.release(&claimed[1]).await.expect("released");
    store.release(&claimed[2]).await.expect("released");
    // The rest of the chat waits with it; other chats do not.
    assert_eq!(ids(&claim(&store, seconds(6)).await), ["3"]);
    let due = claim(&store, seconds(7)).await;
    assert_eq!((ids(&due), due[0].repeats), (vec!["1", "2"], 0));
    assert_eq!(due[0].reply.as_deref(), Some(["好".to_owned()].as_slice()));
}

async fn a_reply_that_was_refused_or_may_have_arrived_is_listed_with_its_reason(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a", "b"]).await;
    let claimed = claim(&store, noon()).await;
    for (claimed, outcome) in claimed.iter().zip([
        Outcome::Failed { reason: "403".to_owned() },
        Outcome::Unknown { reason: "reset".to_owned() },
    ]) {
        store.complete(claimed, reply(&["好"]), noon()).await.expect("completed");
        store.finish(claimed, outcome, noon()).await.expect("finished");
    }
    for (state, reason) in [(InboxState::Failed, "403"), (InboxState::Unknown, "reset")] {
        let listed = store.inbox(Listed::State(state), 0, 10).await.expect("listed");
        assert_eq!(listed.len(), 1, "{state:?}");
        assert_eq!(listed[0].reason.as_deref(), Some(reason));
    }
    let unknown = Listed::State(InboxState::Unknown);
    let row = store.inbox(unknown, 0, 10).await.expect("listed")[0].row;
    assert!(store.inbox(unknown, row, 10).await.expect("listed").is_empty());
}

async fn a_reply_that_may_have_arrived_is_repeated_word_for_word_and_counted(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let first = claim(&store, noon()).await.remove(0);
    store.complete(&first, reply(&["好"]), noon()).await.expect("completed");
    let outcome = Outcome::Repeat { at: seconds(2), reason: "reset".to_owned() };
    store.finish(&first, outcome.clone(), noon()).await.expect("put off");
    assert!(matches!(store.finish(&first, outcome, noon()).await, Err(Error::Stale)));
    assert!(claim(&store, seconds(1)).await.is_empty());
    let second = claim(&store, seconds(2)).await.remove(0);
    assert_eq!((second.repeats, second.reply.as_deref()), (1, Some(["好".to_owned()].as_slice())));
    store.begin_sending(&second).await.expect("marked");
    store.finish(&second, Outcome::Sent, seconds(2)).await.expect("finished");
    let listed = store.inbox(Listed::Repeated, 0, 10).await.expect("listed");
    assert_eq!(listed[0].reason.as_deref(), Some("reset"));
    assert_eq!(listed[0].state, InboxState::Answered);
}

async fn delivered_parts_are_remembered(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let first = claim(&store, noon()).await.remove(0);
    store.complete(&first, reply(&["一", "二", "三"]), noon()).await.expect("completed");
    store.confirm_parts(&first, 2).await.expect("confirmed");
    store.finish(&first, Outcome::Retry { at: noon() }, noon()).await.expect("put off");
    let second = claim(&store, noon()).await.remove(0);
    assert_eq!(second.sent_parts, 2);
    assert!(matches!(store.confirm_parts(&first, 3).await, Err(Error::Stale)));
}

async fn an_update_can_be_given_back(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let claimed = claim(&store, noon()).await.remove(0);
    store.release(&claimed).await.expect("released");
    assert!(matches!(store.release(&claimed).await, Err(Error::Stale)));
    assert_eq!(ids(&claim(&store, later(1)).await), ["1"]);
}

async fn nothing_to_reply_is_answered_at_once(fixture: Fixture) {
    let store = fixture.open().await;
    receive(&store, &["a"]).await;
    let claimed = claim(&store, noon()).await.remove(0);
    store.complete(&claimed, Completion::default(), noon()).await.expect("completed");
    assert_eq!(store.inbox_counts().await.expect("counts").answered, 1);
}
