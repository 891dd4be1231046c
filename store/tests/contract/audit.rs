//! The audit log and its chain.

use fenghuo_store::{Deed, Store};
use tokio::task::JoinSet;

use crate::fixture::{Fixture, at, noon, seconds};

contract! {
    entries_follow_one_another,
    many_writers_at_once_make_one_chain,
    an_empty_log_is_whole,
}

fn deed(subject: &str) -> Deed {
    Deed {
        actor: "wang".to_owned(),
        action: "campaign.approve".to_owned(),
        subject: subject.to_owned(),
        detail: "via=desk\u{0}".to_owned(),
    }
}

async fn entries_follow_one_another(fixture: Fixture) {
    let store = fixture.open().await;
    // Fractions of a second are not kept, and must not break the chain.
    for (n, now) in [noon(), at("2026-11-23T04:00:00.123456Z"), seconds(5)].iter().enumerate() {
        let number = store.audit(deed(&n.to_string()), *now).await.expect("written");
        assert_eq!(number, i64::try_from(n).expect("small") + 1);
    }
    let report = store.verify_audit().await.expect("read");
    assert_eq!((report.entries, report.broken), (3, None));
    let log = store.audit_log(3, 10).await.expect("read");
    assert_eq!(log.iter().map(|entry| entry.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(store.audit_log(99, 1).await.expect("read")[0].hash, report.head);
}

async fn many_writers_at_once_make_one_chain(fixture: Fixture) {
    let store = fixture.open().await;
    let mut tasks = JoinSet::new();
    for n in 0..40 {
        let store: Store = store.clone();
        tasks.spawn(async move { store.audit(deed(&n.to_string()), noon()).await });
    }
    while let Some(written) = tasks.join_next().await {
        written.expect("no panic").expect("written");
    }
    let report = store.verify_audit().await.expect("read");
    assert_eq!((report.entries, report.broken), (40, None));
}

async fn an_empty_log_is_whole(fixture: Fixture) {
    let report = fixture.open().await.verify_audit().await.expect("read");
    assert_eq!((report.entries, report.broken, report.head.as_str()), (0, None, ""));
}
