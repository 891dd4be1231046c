//! From an audience to rows of the ledger: who is in, frozen, counted, hashed.

use fenghuo_store::{
    Account, Audience, CampaignKind, CampaignState, Change, DeliveryFilter, DeliveryState, Draft,
    Error, LeaveToken, Materialised, OUTLET_CHAT, Outlet, Quiet, Store, SubscriberId,
    WHOLE_ACCOUNT,
};

use crate::fixture::{Fixture, later, noon, telegram};
use crate::office::{
    approved, draft, failed, hold, id_of, keys, lease, li, materialise, officials, sending, sent,
    subscribe, subscribe_as, unknown, wang,
};

contract! {
    an_audience_is_counted_by_region_role_channel_and_account,
    the_frozen_audience_is_the_counted_one,
    whoever_subscribes_after_the_approval_is_not_in_it,
    the_snapshot_is_frozen_with_count_and_hash,
    materialising_goes_on_where_it_was_and_adds_nobody_twice,
    several_processes_materialise_together,
    only_what_is_approved_is_materialised,
    a_correction_goes_to_all_whom_the_first_one_reached_as_well,
    outlets_follow_the_configuration_and_are_not_counted_as_people,
    a_public_account_that_is_meant_as_a_whole_takes_the_place_of_its_followers,
    a_number_is_never_given_twice,
}

/// Ten people in three townships with three roles.
async fn county(store: &Store) {
    officials(store).await;
    let quiet = Some(Quiet { from: 22 * 60, until: 7 * 60 });
    subscribe_as(store, &["a1", "a2", "a3"], "chengguan", (Some("home"), quiet)).await;
    subscribe_as(store, &["b1", "b2"], "chengguan", (Some("school"), None)).await;
    subscribe_as(store, &["c1", "c2", "c3"], "qilihe", (Some("school"), None)).await;
    subscribe(store, &["d1", "d2"], "anning").await;
    let away = Change::SetActive { address: telegram().address("c3"), active: false };
    store.apply(vec![away], noon()).await.expect("applied");
}

fn schools_in_town() -> Audience {
    Audience {
        regions: vec!["chengguan".into(), "qilihe".into()],
        except_roles: vec!["home".into()],
        ..Audience::default()
    }
}

async fn an_audience_is_counted_by_region_role_channel_and_account(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let all = store.audience_count(&Audience::default()).await.expect("counted");
    assert_eq!((all.total, all.excluded, all.sample.len()), (9, 0, 5));
    let some = store.audience_count(&schools_in_town()).await.expect("counted");
    assert_eq!((some.total, some.excluded), (4, 3));
    let pair = |word: &str, times| (word.to_owned(), times);
    assert_eq!(some.by_region, [pair("chengguan", 2), pair("qilihe", 2)]);
    assert_eq!(some.by_role, [pair("school", 4)]);
    assert_eq!(some.by_channel, [pair("telegram", 4)]);
    assert_eq!(some.by_account, [(("telegram".to_owned(), "main".to_owned()), 4)]);
    assert_eq!(some.sample, ["b1", "b2", "c1", "c2"].map(id_of));
    let nobody = Audience { channels: vec!["email".into()], ..Audience::default() };
    assert_eq!(store.audience_count(&nobody).await.expect("counted").total, 0);
    for (minute, expected) in [(23 * 60, 3), (3 * 60, 3), (7 * 60, 0), (12 * 60, 0)] {
        let quiet = store.audience_quiet(&Audience::default(), minute).await.expect("counted");
        assert_eq!(quiet, expected, "{minute}");
    }
}

async fn the_frozen_audience_is_the_counted_one(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    for (n, audience) in [
        Audience::default(),
        schools_in_town(),
        Audience { channels: vec!["email".into()], ..Audience::default() },
    ]
    .into_iter()
    .enumerate()
    {
        let counted = store.audience_count(&audience).await.expect("counted").total;
        let campaign =
            approved(&store, u32::try_from(n).expect("few"), Draft { audience, ..draft() }).await;
        assert_eq!(materialise(&store, &campaign).await, counted);
        let found = store.campaign(campaign.id).await.expect("asked").expect("there");
        assert_eq!((found.materialised, found.audience_count), (true, Some(counted)));
    }
}

async fn whoever_subscribes_after_the_approval_is_not_in_it(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let campaign = approved(&store, 1, draft()).await;
    subscribe(&store, &["late"], "anning").await;
    // One who was there and moves stays in.
    subscribe(&store, &["a1"], "qilihe").await;
    materialise(&store, &campaign).await;
    let rows = store.deliveries(campaign.id, DeliveryFilter::All, 0, 99).await.expect("listed");
    let who: Vec<_> = rows.iter().filter_map(|row| row.subscriber.clone()).collect();
    assert_eq!(who, ["a1", "a2", "a3", "b1", "b2", "c1", "c2", "d1", "d2"].map(id_of));
    assert_eq!((rows[0].region.as_str(), rows[0].role.as_deref()), ("qilihe", None));
    assert_eq!((rows[3].region.as_str(), rows[3].role.as_deref()), ("chengguan", Some("school")));
    assert!(rows.iter().all(|row| row.state == DeliveryState::Queued && row.account == "main"));
}

async fn the_snapshot_is_frozen_with_count_and_hash(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let campaign = sending(&store, 1, draft()).await;
    let frozen = (campaign.audience_count.expect("set"), campaign.audience_hash.expect("set"));
    assert_eq!(frozen.0, 9);
    // People come, go and are sent to; the set stays what it was.
    subscribe(&store, &["e1"], "anning").await;
    store.forget(&telegram().address("a1"), noon()).await.expect("forgotten");
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    assert_eq!(leased.len(), 8);
    assert_eq!(store.recount_audience(campaign.id).await.expect("counted"), frozen);
    // The same people in another campaign have the same hash; others have another.
    let twin = sending(&store, 2, Draft { audience: schools_in_town(), ..draft() }).await;
    let same = sending(&store, 3, Draft { audience: schools_in_town(), ..draft() }).await;
    assert_eq!(twin.audience_hash, same.audience_hash);
    assert_ne!(twin.audience_hash, Some(frozen.1));
}

async fn materialising_goes_on_where_it_was_and_adds_nobody_twice(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let campaign = approved(&store, 1, draft()).await;
    let first = store.materialise(campaign.id, 4, noon()).await.expect("written");
    assert_eq!(first, Materialised { added: 4, done: false });
    store.close().await;
    let store = fixture.open().await;
    assert_eq!(materialise(&store, &campaign).await, 5);
    let again = store.materialise(campaign.id, 4, noon()).await.expect("asked");
    assert_eq!(again, Materialised { added: 0, done: true });
    assert_eq!(store.campaign_progress(campaign.id).await.expect("read").queued, 9);
    // It was scheduled meanwhile: the audience stands.
    let (id, version) = (campaign.id, campaign.version);
    let scheduled = store.schedule_campaign(id, version, later(1), &wang(), noon()).await;
    assert!(scheduled.expect("scheduled").materialised);
}

async fn several_processes_materialise_together(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let campaign = approved(&store, 1, draft()).await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (store, campaign) = (fixture.open().await, campaign.clone());
        tasks.spawn(async move { materialise(&store, &campaign).await });
    }
    assert_eq!(tasks.join_all().await.iter().sum::<u64>(), 9);
    let (count, hash) = store.recount_audience(campaign.id).await.expect("counted");
    let found = store.campaign(campaign.id).await.expect("asked").expect("there");
    assert_eq!((found.audience_count, found.audience_hash), (Some(count), Some(hash)));
}

async fn only_what_is_approved_is_materialised(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let campaign = store.create_campaign("AAAAAA", draft(), &li(), noon()).await.expect("created");
    let early = store.materialise(campaign.id, 9, noon()).await;
    assert!(matches!(early, Err(Error::WrongState { found: CampaignState::Draft })));
    assert_eq!(store.campaign_progress(campaign.id).await.expect("read").total(), 0);
    let due = store.due_campaigns(noon()).await.expect("asked");
    assert!(due.is_empty());
    let ready = approved(&store, 1, draft()).await;
    let due = store.due_campaigns(noon()).await.expect("asked");
    assert_eq!(due.iter().map(|campaign| campaign.id).collect::<Vec<_>>(), [ready.id]);
    materialise(&store, &ready).await;
    assert!(store.due_campaigns(noon()).await.expect("asked").is_empty());
    store.schedule_campaign(ready.id, ready.version, later(1), &wang(), noon()).await.expect("set");
    assert!(store.due_campaigns(noon()).await.expect("asked").is_empty());
    assert_eq!(store.due_campaigns(later(1)).await.expect("asked").len(), 1);
}

async fn a_correction_goes_to_all_whom_the_first_one_reached_as_well(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let first = sending(&store, 1, Draft { audience: schools_in_town(), ..draft() }).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    let marked = store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
    let outcomes = marked.into_iter().zip([sent(), failed(false), unknown(), sent()]).collect();
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("completed");
    // b1, c1, c2 got it or may have; b2 did not.
    let anning = Audience { regions: vec!["anning".into()], ..Audience::default() };
    let follow = |kind| Draft { kind, refers: Some(first.id), audience: anning.clone(), ..draft() };
    for (n, kind, expected) in [
        (2, CampaignKind::Correction, &["b1", "c1", "c2", "d1", "d2"][..]),
        (3, CampaignKind::Withdrawal, &["b1", "c1", "c2"]),
    ] {
        let counted = store.following_count(kind, &anning, first.id).await.expect("counted");
        let campaign = sending(&store, n, follow(kind)).await;
        let rows = store.deliveries(campaign.id, DeliveryFilter::All, 0, 99).await.expect("listed");
        let who: Vec<_> = rows.iter().filter_map(|row| row.subscriber.clone()).collect();
        assert_eq!(who, expected.iter().map(|chat| id_of(chat)).collect::<Vec<_>>());
        assert_eq!(counted, expected.len() as u64);
    }
}

async fn outlets_follow_the_configuration_and_are_not_counted_as_people(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let outlet = |channel: &str, name: &str, bits: u128| Outlet {
        account: Account::new(channel, name),
        region: "chengguan".to_owned(),
        role: None,
        id: SubscriberId::from_bits(bits),
        leave: LeaveToken::from_bits(bits),
    };
    let two = [outlet("robot", "town", 1), outlet("webhook", "horn", 2)];
    store.sync_outlets(&two, noon()).await.expect("in step");
    let count = store.audience_count(&Audience::default()).await.expect("counted");
    assert_eq!(count.total, 11);
    let counts = store.subscriber_counts().await.expect("counted");
    assert_eq!(counts.iter().map(|(_, _, times)| times).sum::<u64>(), 9);
    let campaign = sending(&store, 1, draft()).await;
    // A restart finds the same ones, under the same numbers; one that is gone is skipped.
    let again = [outlet("robot", "town", 3)];
    store.sync_outlets(&again, noon()).await.expect("in step");
    let robot =
        store.hold_sender(&Account::new("robot", "town")).await.expect("asked").expect("free");
    let leased = lease(&store, &robot, noon()).await;
    assert_eq!(leased.len(), 1);
    assert_eq!(leased[0].subscriber, SubscriberId::from_bits(1));
    let horn =
        store.hold_sender(&Account::new("webhook", "horn")).await.expect("asked").expect("free");
    assert!(lease(&store, &horn, noon()).await.is_empty());
    assert_eq!(store.campaign_progress(campaign.id).await.expect("read").skipped, 1);
}

async fn a_public_account_that_is_meant_as_a_whole_takes_the_place_of_its_followers(
    fixture: Fixture,
) {
    let store = fixture.open().await;
    county(&store).await;
    let account = Account::new("wechat", "main");
    let follower = |bits: u128, region: &str| Change::Subscribe {
        id: SubscriberId::from_bits(bits),
        leave: LeaveToken::from_bits(bits),
        address: account.address(format!("openid-{bits}")),
        subscription: fenghuo_store::Subscription {
            region: region.to_owned(),
            role: Some("school".to_owned()),
            language: "zh".to_owned(),
            quiet: None,
        },
    };
    store.apply(vec![follower(1, "county"), follower(2, "qilihe")], noon()).await.expect("applied");
    let whole = Outlet {
        account: account.clone(),
        region: "county".to_owned(),
        role: Some(WHOLE_ACCOUNT.to_owned()),
        id: SubscriberId::from_bits(9),
        leave: LeaveToken::from_bits(9),
    };
    store.sync_outlets(std::slice::from_ref(&whole), noon()).await.expect("in step");
    let chats = async |n: u32, draft: Draft| -> Vec<u128> {
        let campaign = sending(&store, n, draft).await;
        let rows = store.deliveries(campaign.id, DeliveryFilter::All, 0, 99).await.expect("listed");
        let ids = rows.iter().filter_map(|row| row.subscriber.clone());
        let bits = [1_u128, 2, 9];
        let known =
            |id: SubscriberId| bits.into_iter().find(|bits| SubscriberId::from_bits(*bits) == id);
        ids.filter_map(known).collect()
    };
    let count = store.audience_count(&Audience::default()).await.expect("counted");
    assert_eq!((count.total, count.whole.len()), (10, 1), "nine by Telegram and the account");
    let everybody = sending(&store, 1, draft()).await;
    let rows = store.deliveries(everybody.id, DeliveryFilter::All, 0, 99).await.expect("listed");
    assert_eq!(rows.len(), 10);
    let hold = store.hold_sender(&account).await.expect("asked").expect("free");
    let leased = lease(&store, &hold, noon()).await;
    assert_eq!(leased.len(), 1);
    assert_eq!(leased[0].address.chat, OUTLET_CHAT);
    let marked = store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
    let outcomes = marked.iter().map(|key| (*key, sent())).collect();
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("completed");
    // Whoever is meant in part is reached by herself.
    let some = Audience { regions: vec!["qilihe".to_owned()], ..Audience::default() };
    assert_eq!(chats(2, Draft { audience: some.clone(), ..draft() }).await, [2]);
    let but = Audience { except_roles: vec!["home".to_owned()], ..Audience::default() };
    assert_eq!(chats(3, Draft { audience: but, ..draft() }).await, [1, 2]);
    // A correction for a part of them goes to all again, through the account, and to nobody twice.
    let correction = Draft {
        kind: CampaignKind::Correction,
        refers: Some(everybody.id),
        audience: some,
        ..draft()
    };
    assert_eq!(chats(4, correction).await, [9]);
    // Without the setting they are followers like all others.
    store.sync_outlets(&[], noon()).await.expect("in step");
    assert_eq!(chats(5, draft()).await, [1, 2]);
}

async fn a_number_is_never_given_twice(fixture: Fixture) {
    let store = fixture.open().await;
    county(&store).await;
    let campaign = sending(&store, 1, draft()).await;
    store.forget(&telegram().address("d2"), noon()).await.expect("forgotten");
    subscribe(&store, &["new"], "anning").await;
    let rows = store.deliveries(campaign.id, DeliveryFilter::All, 0, 99).await.expect("listed");
    let last = rows.last().expect("rows");
    assert_eq!(last.subscriber, None, "the number of one who left leads to nobody");
    assert_eq!(rows.len(), 9);
}
