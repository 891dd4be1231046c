//! Sessions, gaps and votes.

use fenghuo_store::{Scrubbed, SessionId};

use crate::fixture::{Fixture, later, noon};

const HOSTILE: [&str; 6] = [
    "'; DROP TABLE session; --",
    "\u{0}\u{1}\u{7f}\u{202e}",
    "{{7*7}} ${x} <script>alert(1)</script>",
    "👩‍🚒🔥🔥🔥",
    "\\\\\"\"''``",
    "",
];

contract! {
    what_was_written_is_there_after_a_restart,
    a_session_is_overwritten_and_forgotten,
    equal_questions_are_counted_and_keep_their_first_wording,
    votes_add_up_over_days_and_the_least_helpful_comes_first,
    hostile_text_is_kept_as_text,
    many_writers_at_once_lose_no_count,
    a_one_shot_command_writes_beside_the_server,
}

async fn what_was_written_is_there_after_a_restart(fixture: Fixture) {
    let id = SessionId::from_bits(42);
    let store = fixture.open().await;
    store.save_session(&id, "{\"a\":1}", noon()).await.expect("saved");
    store.file_gap(&Scrubbed::of("无人机能灭火吗"), "无人机能灭火吗", noon()).await.expect("filed");
    store.record_feedback("knowledge/a/b", "answer", true, noon()).await.expect("recorded");
    store.close().await;

    let store = fixture.open().await;
    let state = store.load_session(&id, noon()).await.expect("loaded");
    assert_eq!(state.as_deref(), Some("{\"a\":1}"));
    assert_eq!(store.gaps().await.expect("gaps").len(), 1);
    assert_eq!(store.feedback().await.expect("feedback").len(), 1);
}

async fn a_session_is_overwritten_and_forgotten(fixture: Fixture) {
    let store = fixture.open().await;
    let id = SessionId::from_bits(1);
    assert_eq!(store.load_session(&id, noon()).await.expect("loaded"), None);
    store.save_session(&id, "one", noon()).await.expect("saved");
    store.save_session(&id, "two", noon()).await.expect("saved");
    assert_eq!(store.load_session(&id, noon()).await.expect("loaded").as_deref(), Some("two"));
    store.forget_session(&id).await.expect("forgotten");
    assert_eq!(store.load_session(&id, noon()).await.expect("loaded"), None);
}

async fn equal_questions_are_counted_and_keep_their_first_wording(fixture: Fixture) {
    let store = fixture.open().await;
    for (text, hours) in [("无人机能灭火吗？", 0), ("无人机能灭火吗", 30)] {
        store.file_gap(&Scrubbed::of(text), "无人机能灭火吗", later(hours)).await.expect("filed");
    }
    store.file_gap(&Scrubbed::of("别的"), "别的", noon()).await.expect("filed");
    let gaps = store.gaps().await.expect("gaps");
    assert_eq!(gaps.len(), 2);
    assert_eq!((gaps[0].sample.as_str(), gaps[0].count), ("无人机能灭火吗？", 2));
    assert_eq!(gaps[0].first.to_string(), "2026-11-23");
    assert_eq!(gaps[0].last.to_string(), "2026-11-24");
}

async fn votes_add_up_over_days_and_the_least_helpful_comes_first(fixture: Fixture) {
    let store = fixture.open().await;
    for (doc, helpful, hours) in
        [("a/good", true, 0), ("a/good", true, 24), ("a/bad", false, 0), ("a/bad", true, 0)]
    {
        store.record_feedback(doc, "answer", helpful, later(hours)).await.expect("recorded");
    }
    let votes: Vec<_> = store
        .feedback()
        .await
        .expect("feedback")
        .into_iter()
        .map(|row| (row.doc, row.helpful, row.unhelpful))
        .collect();
    assert_eq!(votes, [("a/bad".to_owned(), 1, 1), ("a/good".to_owned(), 2, 0)]);
}

async fn hostile_text_is_kept_as_text(fixture: Fixture) {
    let store = fixture.open().await;
    let id = SessionId::from_bits(1);
    for text in HOSTILE {
        store.save_session(&id, text, noon()).await.expect("saved");
        // No database of ours keeps NUL in text.
        let kept = text.replace('\0', "\u{fffd}");
        assert_eq!(store.load_session(&id, noon()).await.expect("loaded"), Some(kept));
        store.file_gap(&Scrubbed::of(text), text, noon()).await.expect("filed");
        store.record_feedback(text, text, false, noon()).await.expect("recorded");
    }
    assert_eq!(store.gaps().await.expect("gaps").len(), HOSTILE.len());
    assert_eq!(store.feedback().await.expect("feedback").len(), HOSTILE.len());
}

async fn many_writers_at_once_lose_no_count(fixture: Fixture) {
    let store = fixture.open().await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.file_gap(&Scrubbed::of("问"), "问", noon()).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic").expect("filed");
    }
    assert_eq!(store.gaps().await.expect("gaps")[0].count, 50);
}

async fn a_one_shot_command_writes_beside_the_server(fixture: Fixture) {
    let server = fixture.open().await;
    let _lock = server.lock().await.expect("locked");
    let command = fixture.open().await;
    command.file_gap(&Scrubbed::of("问"), "问", noon()).await.expect("filed");
    assert_eq!(server.gaps().await.expect("gaps").len(), 1);
}
