//! What holds for a database server alone: sessions that are cut, processes that freeze.

use fenghuo_store::{AfterDeath, Completion, Error};
use sqlx::Connection;

use crate::fixture::{Fixture, claim, noon, receive, telegram, update};

/// Ends the sessions of one application, as a restart of the server or a frozen client would.
async fn cut(application: &str, schema: &str) {
    let url = std::env::var("FENGHUO_TEST_POSTGRES").expect("checked before");
    let mut connection = sqlx::PgConnection::connect(&url).await.expect("the server answers");
    // Other tests have sessions too: only those that hold a lock of this schema, or are named after it.
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1
         AND ($2 = '' OR pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory'
             AND classid::bigint = hashtext('fenghuo ' || $2)::bigint & 4294967295))",
    )
    .bind(application)
    .bind(schema)
    .execute(&mut connection)
    .await
    .expect("cut");
}

#[tokio::test]
async fn a_process_the_server_has_lost_loses_its_claims_and_its_accounts() {
    let Some(fixture) = Fixture::server("lost").await else { return };
    let frozen = fixture.open().await;
    let other = fixture.open().await;
    receive(&frozen, &["a", "b"]).await;
    let claimed = claim(&frozen, noon()).await;
    let reply = Completion { reply: vec!["好".to_owned()], ..Completion::default() };
    frozen.complete(&claimed[0], reply, noon()).await.expect("completed");
    let hold = frozen.hold(&telegram()).await.expect("asked").expect("free");
    let policy = AfterDeath::Repeat;
    assert_eq!(other.recover(&telegram(), policy, noon()).await.expect("asked").returned, 0);

    cut("fenghuo presence", &fixture.schema()).await;
    // The server needs a moment to end a session.
    let mut recovered = other.recover(&telegram(), policy, noon()).await.expect("recovered");
    while recovered.returned == 0 {
        recovered = other.recover(&telegram(), policy, noon()).await.expect("recovered");
    }
    assert_eq!((recovered.returned, recovered.repeated), (1, 1));
    let taken = other.hold(&telegram()).await.expect("asked").expect("its holder is lost");
    assert_eq!(taken.epoch(), hold.epoch() + 1);
    // It thaws: everything it had in hand is refused.
    let late = frozen.complete(&claimed[1], Completion::default(), noon()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    let late = frozen.receive_polled(&hold, vec![update("9", "c")], 10, noon()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
}

#[tokio::test]
async fn a_newcomer_is_seen_by_the_others() {
    let Some(fixture) = Fixture::server("newcomer").await else { return };
    let first = fixture.open().await;
    let _one = first.lock().await.expect("known");
    let second = fixture.open().await;
    let _two = second.lock().await.expect("any number may serve");
    receive(&second, &["a"]).await;
    let claimed = claim(&second, noon()).await;
    first.close().await;
    assert_eq!(
        second.recover(&telegram(), AfterDeath::Leave, noon()).await.expect("asked").returned,
        0
    );
    second.complete(&claimed[0], Completion::default(), noon()).await.expect("still ours");
}
