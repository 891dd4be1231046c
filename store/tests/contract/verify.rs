//! `store verify` finds what somebody has changed behind our back.

use sqlx::{Connection, Executor};

use crate::fixture::{Fixture, noon};
use crate::office::{draft, hold, lease, officials, sending, subscribe};

contract! {
    what_was_changed_by_hand_is_found,
}

async fn execute(fixture: &Fixture, statement: &'static str) {
    if fixture.is_file() {
        let mut file = sqlx::SqliteConnection::connect(&fixture.url()).await.expect("opened");
        file.execute(statement).await.expect("changed");
    } else {
        let mut server = sqlx::PgConnection::connect(&fixture.url()).await.expect("reached");
        server.execute(statement).await.expect("changed");
    }
}

async fn what_was_changed_by_hand_is_found(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a", "b"], "chengguan").await;
    sending(&store, 1, draft()).await;
    let hold = hold(&store).await;
    assert_eq!(lease(&store, &hold, noon()).await.len(), 2);
    let clean = store.verify(noon()).await.expect("verified");
    assert!(clean.findings.is_empty(), "{:?}", clean.findings);
    for (change, expected) in [
        ("UPDATE delivery SET lease_until = NULL WHERE recipient = 1", "without an end"),
        ("UPDATE delivery SET state = 10 WHERE recipient = 2", "nobody's hand"),
        ("UPDATE campaign SET state = 10", "deliveries left"),
        ("UPDATE campaign SET approver = author", "the one who wrote"),
        ("UPDATE campaign SET approver = NULL", "by nobody"),
        ("UPDATE subscriber SET region = 'mars'", "not theirs"),
        ("UPDATE delivery SET segment = 99 WHERE recipient = 1", "not there"),
        ("DELETE FROM delivery WHERE recipient = 2", "not those that were frozen"),
        ("UPDATE audit SET actor = 'nobody' WHERE number = 6", "audit: entry 6"),
    ] {
        execute(&fixture, change).await;
        let found = store.verify(noon()).await.expect("verified").findings;
        assert!(
            found.iter().any(|finding| finding.message.contains(expected)),
            "{change}: {found:?}"
        );
    }
}
