//! What holds for a database server alone: sessions that are cut, processes that freeze.

use fenghuo_store::{AfterDeath, Completion, Error, LeaseTerms};
use sqlx::Connection;

use crate::fixture::{Fixture, claim, later, noon, receive, telegram, update};
use crate::office::{draft, keys, lease, officials, sending, subscribe};

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

#[tokio::test]
async fn a_sender_the_server_has_lost_marks_and_leases_nothing_and_what_it_had_goes_on() {
    let Some(fixture) = Fixture::server("lost sender").await else { return };
    let frozen = fixture.open().await;
    let other = fixture.open().await;
    officials(&frozen).await;
    let people: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    subscribe(&frozen, &people.iter().map(String::as_str).collect::<Vec<_>>(), "x").await;
    sending(&frozen, 1, draft()).await;
    let hold = frozen.hold_sender(&telegram()).await.expect("asked").expect("free");
    let leased = lease(&frozen, &hold, noon()).await;
    frozen.mark_sending(&hold, keys(&leased[..4]), noon()).await.expect("marked");
    assert!(other.hold_sender(&telegram()).await.expect("asked").is_none(), "its holder lives");

    cut("fenghuo presence", &fixture.schema()).await;
    let taken = loop {
        if let Some(taken) = other.hold_sender(&telegram()).await.expect("asked") {
            break taken;
        }
    };
    let back = other.recover_deliveries(&taken, false, noon()).await.expect("recovered");
    assert_eq!((back.requeued, back.unknown), (6, 4));
    let first = lease(&other, &taken, noon()).await;
    // It thaws: it may neither send what it had nor take more.
    let late = frozen.mark_sending(&hold, keys(&leased[4..]), noon()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    let late = frozen.lease(&hold, LeaseTerms::new(10, later(1)), noon()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    let second = lease(&other, &taken, noon()).await;
    assert_eq!((first.len(), second.len()), (10, 6), "all but the four of which nobody knows");
}

#[tokio::test]
async fn a_pause_waits_for_a_lease_under_way_and_nothing_is_marked_after_it() {
    let Some(fixture) = Fixture::server("pause race").await else { return };
    let (sender, desk) = (fixture.open().await, fixture.open().await);
    officials(&sender).await;
    let people: Vec<String> = (0..400).map(|n| n.to_string()).collect();
    subscribe(&sender, &people.iter().map(String::as_str).collect::<Vec<_>>(), "x").await;
    for n in 0..20 {
        let campaign = sending(&sender, n, crate::office::urgent()).await;
        let hold = sender.hold_sender(&telegram()).await.expect("asked").expect("free");
        let (id, version) = (campaign.id, campaign.version);
        let wang = crate::office::wang();
        let (leased, paused) = tokio::join!(
            sender.lease(&hold, LeaseTerms::new(100, later(1)), noon()),
            desk.pause_campaign(id, version, "错字", &wang, noon()),
        );
        paused.expect("paused");
        let leased = leased.expect("leased");
        let marked = sender.mark_sending(&hold, keys(&leased), noon()).await.expect("asked");
        assert!(marked.is_empty(), "{} marked after the pause", marked.len());
        let now = sender.campaign_progress(id).await.expect("read");
        assert_eq!((now.leased, now.sending, now.queued), (0, 0, 400));
        desk.cancel_campaign(id, version + 1, "x", &wang, noon()).await.expect("cancelled");
        while desk.finish_campaigns(noon()).await.expect("finished").more {}
    }
}

#[tokio::test]
async fn two_holders_of_two_accounts_never_lease_the_same_row() {
    let Some(fixture) = Fixture::server("two holders").await else { return };
    let first = fixture.open().await;
    officials(&first).await;
    let people: Vec<String> = (0..300).map(|n| n.to_string()).collect();
    subscribe(&first, &people.iter().map(String::as_str).collect::<Vec<_>>(), "x").await;
    sending(&first, 1, draft()).await;
    // Two processes that take the account from one another all the time.
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (store, account) = (fixture.open().await, telegram());
        tasks.spawn(async move {
            let mut marked = Vec::new();
            for _ in 0..2000 {
                let Some(hold) = store.hold_sender(&account).await.expect("asked") else {
                    tokio::task::yield_now().await;
                    continue;
                };
                store.recover_deliveries(&hold, false, noon()).await.expect("recovered");
                let terms = LeaseTerms::new(7, later(1));
                let leased = store.lease(&hold, terms, noon()).await.expect("leased");
                if leased.is_empty() {
                    break;
                }
                let sure = store.mark_sending(&hold, keys(&leased[1..]), noon()).await;
                marked.extend(sure.expect("marked"));
                store.let_go(&hold).await.expect("let go");
            }
            marked
        });
    }
    let mut all: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    let marked = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), marked, "a row was marked twice");
    assert!(marked >= 290, "{marked}");
}
