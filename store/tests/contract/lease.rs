//! Leasing: order, and each recipient looked at once more.

use fenghuo_store::{
    Account, Change, DeliveryFilter, DeliveryState, Draft, Error, LeaseTerms, LeaveToken, Outlet,
    Quiet, Store, SubscriberId,
};

use crate::fixture::{Fixture, at, later, noon, seconds, telegram};
use crate::office::{
    chats, draft, failed, hold, hold_of, keys, lease, officials, send_all, sending, sent,
    subscribe, subscribe_as, urgent, wang,
};

contract! {
    urgent_ones_go_first_then_the_older,
    what_is_leased_tells_all_a_sender_needs,
    nobody_leases_what_is_leased,
    whoever_left_or_blocked_us_is_skipped,
    who_sleeps_is_put_off_to_the_morning_also_over_midnight,
    who_would_wake_too_late_is_skipped,
    urgent_ones_heed_neither_sleep_nor_cap,
    the_fourth_routine_message_in_a_week_is_skipped,
    two_campaigns_at_once_do_not_both_see_room,
    what_failed_does_not_count_for_the_cap,
    outlets_have_no_cap,
    accounts_lease_their_own,
    a_lost_hold_leases_nothing,
    a_retry_waits_for_its_time,
    thousands_asleep_are_put_off_in_steps_and_stopped_in_steps,
}

async fn reason_of(store: &Store, leased: fenghuo_store::CampaignId) -> Vec<(i64, String)> {
    let skipped = DeliveryFilter::State(DeliveryState::Skipped);
    let rows = store.deliveries(leased, skipped, 0, 99).await.expect("listed");
    rows.into_iter().map(|row| (row.recipient, row.reason.expect("a reason"))).collect()
}

async fn urgent_ones_go_first_then_the_older(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a", "b"], "chengguan").await;
    let older = sending(&store, 1, draft()).await;
    let newer = sending(&store, 2, draft()).await;
    let urgent = sending(&store, 3, urgent()).await;
    let hold = hold(&store).await;
    let mut order = Vec::new();
    for _ in 0..4 {
        let terms = LeaseTerms::new(2, later(1));
        let leased = store.lease(&hold, terms, noon()).await.expect("leased");
        order.extend(leased.iter().map(|leased| (leased.key.campaign, leased.key.recipient)));
    }
    let expected = [urgent.id, older.id, newer.id].map(|id| [(id, 1), (id, 2)]).concat();
    assert_eq!(order, expected);
}

async fn what_is_leased_tells_all_a_sender_needs(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe_as(&store, &["a"], "chengguan", (Some("home"), None)).await;
    let campaign = sending(&store, 1, urgent()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await.remove(0);
    let subscriber =
        store.subscriber(&telegram().address("a")).await.expect("asked").expect("there");
    assert_eq!(
        (leased.subscriber.clone(), leased.leave.clone()),
        (subscriber.id, subscriber.leave)
    );
    assert_eq!(leased.address, telegram().address("a"));
    assert_eq!((leased.region.as_str(), leased.role.as_deref()), ("chengguan", Some("home")));
    assert_eq!((leased.language.as_str(), leased.attempt, leased.urgent), ("zh", 1, true));
    assert_eq!((leased.version, leased.expires), (campaign.version, later(48)));
    assert!(!format!("{leased:?}").contains("chat"));
}

async fn nobody_leases_what_is_leased(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let people: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    subscribe(&store, &people.iter().map(String::as_str).collect::<Vec<_>>(), "chengguan").await;
    sending(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (store, hold) = (store.clone(), hold.clone());
        tasks.spawn(async move {
            store.lease(&hold, LeaseTerms::new(7, later(1)), noon()).await.expect("leased")
        });
    }
    let mut all: Vec<i64> =
        tasks.join_all().await.iter().flatten().map(|leased| leased.key.recipient).collect();
    all.extend(lease(&store, &hold, noon()).await.iter().map(|leased| leased.key.recipient));
    all.sort_unstable();
    assert_eq!(all, (1..=40).collect::<Vec<_>>());
}

async fn whoever_left_or_blocked_us_is_skipped(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a", "b", "c", "d"], "chengguan").await;
    let campaign = sending(&store, 1, urgent()).await;
    let address = |chat: &str| telegram().address(chat);
    store.forget(&address("a"), noon()).await.expect("forgotten");
    let changes = vec![
        Change::Leave { address: address("b") },
        Change::SetActive { address: address("c"), active: false },
    ];
    store.apply(changes, noon()).await.expect("applied");
    let hold = hold(&store).await;
    assert_eq!(chats(&lease(&store, &hold, noon()).await), ["d"]);
    let reasons = reason_of(&store, campaign.id).await;
    let expected = [(1, "left"), (2, "left"), (3, "inactive")];
    assert_eq!(reasons, expected.map(|(n, reason)| (n, reason.to_owned())));
}

async fn who_sleeps_is_put_off_to_the_morning_also_over_midnight(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let night = Some(Quiet { from: 22 * 60, until: 7 * 60 });
    subscribe_as(&store, &["early"], "chengguan", (None, night)).await;
    subscribe(&store, &["owl"], "chengguan").await;
    let campaign = sending(&store, 1, draft()).await;
    let hold = hold(&store).await;
    // 23:30 and 00:30 Beijing, the next day.
    let evening = at("2026-11-23T15:30:00Z");
    assert_eq!(chats(&lease(&store, &hold, evening).await), ["owl"]);
    assert!(lease(&store, &hold, at("2026-11-23T16:30:00Z")).await.is_empty());
    assert!(lease(&store, &hold, at("2026-11-23T22:59:59Z")).await.is_empty());
    let row = store.deliveries(campaign.id, DeliveryFilter::All, 0, 1).await.expect("listed");
    let told = (row[0].state, row[0].reason.as_deref(), row[0].attempt);
    assert_eq!(told, (DeliveryState::Queued, Some("quiet"), 0));
    assert_eq!(chats(&lease(&store, &hold, at("2026-11-23T23:00:00Z")).await), ["early"]);
}

async fn who_would_wake_too_late_is_skipped(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let noon_nap = Some(Quiet { from: 11 * 60, until: 14 * 60 });
    subscribe_as(&store, &["a"], "chengguan", (None, noon_nap)).await;
    let campaign = sending(&store, 1, Draft { expires: later(2), ..draft() }).await;
    let hold = hold(&store).await;
    assert!(lease(&store, &hold, noon()).await.is_empty());
    assert_eq!(reason_of(&store, campaign.id).await, [(1, "quiet".to_owned())]);
}

async fn urgent_ones_heed_neither_sleep_nor_cap(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let noon_nap = Some(Quiet { from: 11 * 60, until: 14 * 60 });
    subscribe_as(&store, &["a"], "chengguan", (None, noon_nap)).await;
    let hold = hold(&store).await;
    for n in 0..5 {
        sending(&store, n, urgent()).await;
        assert_eq!(send_all(&store, &hold, noon()).await, 1);
    }
    // Nor do they use it up.
    sending(&store, 9, draft()).await;
    assert_eq!(send_all(&store, &hold, later(3)).await, 1);
}

async fn the_fourth_routine_message_in_a_week_is_skipped(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a"], "chengguan").await;
    let hold = hold(&store).await;
    let long = || Draft { expires: later(24 * 30), ..draft() };
    for n in 0..3 {
        sending(&store, n, long()).await;
        assert_eq!(send_all(&store, &hold, later(24 * i64::from(n))).await, 1);
    }
    let fourth = sending(&store, 3, long()).await;
    assert_eq!(send_all(&store, &hold, later(24 * 7 - 1)).await, 0);
    assert_eq!(reason_of(&store, fourth.id).await, [(1, "cap".to_owned())]);
    // The first one is a week old; a purge changes nothing about that.
    store.purge(later(24 * 7)).await.expect("purged");
    sending(&store, 4, long()).await;
    assert_eq!(send_all(&store, &hold, later(24 * 7)).await, 1);
    // Whoever sets another cap gets it.
    sending(&store, 5, long()).await;
    let terms = LeaseTerms { weekly_cap: 9, ..LeaseTerms::new(5, later(24 * 8)) };
    assert_eq!(store.lease(&hold, terms, later(24 * 7)).await.expect("leased").len(), 1);
}

async fn two_campaigns_at_once_do_not_both_see_room(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a"], "chengguan").await;
    for n in 0..5 {
        sending(&store, n, draft()).await;
    }
    let hold = hold(&store).await;
    assert_eq!(lease(&store, &hold, noon()).await.len(), 3);
}

async fn what_failed_does_not_count_for_the_cap(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a"], "chengguan").await;
    let hold = hold(&store).await;
    for n in 0..4 {
        sending(&store, n, draft()).await;
        let leased = lease(&store, &hold, noon()).await;
        let marked = store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
        let outcomes = marked.iter().map(|key| (*key, failed(false))).collect();
        assert_eq!(store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted"), 1);
    }
}

async fn outlets_have_no_cap(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let account = Account::new("robot", "town");
    let (id, leave) = (SubscriberId::from_bits(1), LeaveToken::from_bits(1));
    let region = "chengguan".to_owned();
    let outlet = Outlet { account: account.clone(), region, role: None, id, leave };
    store.sync_outlets(&[outlet], noon()).await.expect("in step");
    let hold = hold_of(&store, &account).await;
    for n in 0..5 {
        sending(&store, n, draft()).await;
        assert_eq!(send_all(&store, &hold, noon()).await, 1);
    }
}

async fn accounts_lease_their_own(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a"], "chengguan").await;
    let mail = Account::new("email", "main");
    let subscribe_mail = Change::Subscribe {
        id: SubscriberId::from_bits(5),
        leave: LeaveToken::from_bits(5),
        address: mail.address("li@example.com"),
        subscription: fenghuo_store::Subscription {
            region: "chengguan".into(),
            role: None,
            language: "zh".into(),
            quiet: None,
        },
    };
    store.apply(vec![subscribe_mail], noon()).await.expect("subscribed");
    let campaign = sending(&store, 1, draft()).await;
    // The hold that receives is another one than the hold that sends.
    let poller = store.hold(&telegram()).await.expect("asked").expect("free");
    let (bot, post) = (hold(&store).await, hold_of(&store, &mail).await);
    assert!(store.is_held(&poller).await.expect("asked"));
    assert_eq!(chats(&lease(&store, &bot, noon()).await), ["a"]);
    let letters = lease(&store, &post, noon()).await;
    assert_eq!(chats(&letters), ["li@example.com"]);
    // Neither speaks for the other.
    assert!(store.mark_sending(&bot, keys(&letters), noon()).await.expect("asked").is_empty());
    assert_eq!(store.hand_back(&bot, keys(&letters)).await.expect("asked"), 0);
    let outcomes = vec![(letters[0].key, sent())];
    assert_eq!(store.complete_deliveries(&bot, outcomes, noon()).await.expect("asked"), 0);
    assert_eq!(store.campaign_progress(campaign.id).await.expect("read").leased, 2);
    store.block_account(&bot, seconds(30)).await.expect("noted");
    assert_eq!(hold(&store).await.blocked_until(), Some(seconds(30)));
    assert!(store.is_held(&poller).await.expect("asked"));
}

async fn a_lost_hold_leases_nothing(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a", "b"], "chengguan").await;
    sending(&store, 1, draft()).await;
    let old = hold(&store).await;
    let leased = store.lease(&old, LeaseTerms::new(1, later(1)), noon()).await.expect("leased");
    let new = hold(&store).await;
    let late = store.lease(&old, LeaseTerms::new(1, later(1)), noon()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    let late = store.mark_sending(&old, keys(&leased), noon()).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    assert_eq!(chats(&lease(&store, &new, noon()).await), ["b"]);
}

async fn a_retry_waits_for_its_time(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    subscribe(&store, &["a"], "chengguan").await;
    let campaign = sending(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    let outcomes = vec![(leased[0].key, crate::office::retry(30))];
    assert_eq!(store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted"), 1);
    assert!(lease(&store, &hold, seconds(29)).await.is_empty());
    let again = lease(&store, &hold, seconds(30)).await;
    assert_eq!((again.len(), again[0].attempt), (1, 2));
    let paused = store.pause_campaign(campaign.id, campaign.version, "x", &wang(), noon()).await;
    paused.expect("paused");
    assert!(lease(&store, &hold, seconds(60)).await.is_empty());
    assert_eq!(store.campaign_progress(campaign.id).await.expect("read").retry, 1);
}

async fn thousands_asleep_are_put_off_in_steps_and_stopped_in_steps(fixture: Fixture) {
    let store = fixture.open().await;
    officials(&store).await;
    let noon_nap = Some(Quiet { from: 11 * 60, until: 14 * 60 });
    let people: Vec<String> = (0..5000).map(|n| n.to_string()).collect();
    let people: Vec<&str> = people.iter().map(String::as_str).collect();
    subscribe_as(&store, &people, "chengguan", (None, noon_nap)).await;
    subscribe(&store, &["awake"], "chengguan").await;
    let campaign = crate::office::approved(&store, 1, draft()).await;
    while !store.materialise(campaign.id, 5000, noon()).await.expect("written").done {}
    let (id, version) = (campaign.id, campaign.version);
    store.send_campaign(id, version, &wang(), noon()).await.expect("sending");
    let hold = hold(&store).await;
    assert!(lease(&store, &hold, noon()).await.is_empty(), "one call looks at some thousand");
    assert_eq!(chats(&lease(&store, &hold, noon()).await), ["awake"]);
    store.cancel_campaign(id, version + 1, "x", &wang(), noon()).await.expect("cancelled");
    let first = store.finish_campaigns(noon()).await.expect("finished");
    assert_eq!((first.skipped, first.more), (5000, true));
    let second = store.finish_campaigns(noon()).await.expect("finished");
    assert_eq!((second.skipped, second.more), (1, false));
}
