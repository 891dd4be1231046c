//! The inbox from end to end.

use fenghuo_store::*;
use jiff::Timestamp;

#[tokio::test]
async fn an_update_is_received_handled_and_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("f.db")).await.expect("opened");
    let now: Timestamp = "2026-11-24T00:00:00Z".parse().expect("an instant");
    let account = Account::new("telegram", "main");
    let update =
        |id: &str, chat: &str| Update { id: id.into(), chat: Some(chat.into()), body: "{}".into() };
    let got = store
        .receive(&account, vec![update("1", "a"), update("2", "a"), update("3", "b")], now)
        .await
        .expect("received");
    assert!(got.iter().all(|r| r.new));
    let runs = store.claim(&account, 10, now).await.expect("claimed");
    assert_eq!(runs.len(), 2);
    assert_eq!(runs[0].updates.len(), 2);
    assert!(store.claim(&account, 10, now).await.expect("claimed").is_empty());
    for run in &runs {
        for claimed in &run.updates {
            let completion = Completion { reply: vec!["好".into()], ..Completion::default() };
            store.complete(claimed, completion, now).await.expect("completed");
            store.finish(claimed, Outcome::Sent, now).await.expect("finished");
        }
    }
    assert_eq!(store.inbox_counts().await.expect("counts").answered, 3);
    let hold = store.hold(&account).await.expect("held").expect("free");
    store.receive_polled(&hold, vec![], 7, now).await.expect("received");
    assert_eq!(store.hold(&account).await.expect("held").expect("ours").next(), Some(7));
    assert!(store.receive_polled(&hold, vec![], 8, now).await.is_err());
}
