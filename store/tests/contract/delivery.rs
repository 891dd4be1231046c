//! From the mark to the end: what was sent is known, what a dead sender leaves is recovered, and nothing is
//! written by whoever has lost its claim.

use fenghuo_store::{
    CampaignId, CampaignState, DeliveryFilter, DeliveryOutcome, DeliveryState, Draft, Error,
    Progress, RecoveredDeliveries, Store, UnknownPolicy,
};

use crate::fixture::{Fixture, later, noon, seconds, telegram};
use crate::office::{
    chats, draft, failed, hold, id_of, keys, lease, li, officials, retry, sending, sent, subscribe,
    unknown, urgent, wang,
};

contract! {
    each_delivery_ends_as_the_channel_said,
    a_mark_is_given_once,
    only_what_was_marked_can_have_been_sent,
    one_who_blocked_us_becomes_inactive_with_the_completion,
    a_chat_that_moved_is_tried_at_its_new_address,
    handed_back_is_as_if_never_taken,
    pause_and_cancel_take_effect_at_once,
    an_expired_campaign_is_neither_leased_nor_marked,
    a_new_holder_takes_back_what_the_old_one_had,
    a_lease_that_is_over_is_taken_back_under_the_same_holder,
    a_stale_holder_completes_nothing_that_was_taken_over,
    a_thawed_holder_still_tells_the_truth,
    what_may_have_arrived_is_sent_again_where_the_policy_says_so_and_listed,
    a_channel_that_drops_repeats_gets_them,
    an_official_decides_where_the_policy_is_to_ask,
    a_campaign_is_done_when_nothing_is_left,
    what_was_not_sent_of_a_stopped_campaign_is_skipped_with_the_reason,
    reports_count_by_state_segment_hour_and_reason,
    long_and_hostile_reasons_are_kept_short_and_whole,
    reasons_name_no_address,
}

async fn three(store: &Store, n: u32, draft: Draft) -> CampaignId {
    officials(store).await;
    subscribe(store, &["a", "b", "c"], "chengguan").await;
    sending(store, n, draft).await.id
}

async fn progress(store: &Store, id: CampaignId) -> Progress {
    store.campaign_progress(id).await.expect("read")
}

async fn version(store: &Store, id: CampaignId) -> i64 {
    store.campaign(id).await.expect("asked").expect("there").version
}

async fn each_delivery_ends_as_the_channel_said(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    let marked = store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
    assert_eq!(marked, keys(&leased));
    assert_eq!(progress(&store, id).await.sending, 3);
    let outcomes = marked.iter().copied().zip([sent(), failed(false), unknown()]).collect();
    assert_eq!(store.complete_deliveries(&hold, outcomes, seconds(1)).await.expect("noted"), 3);
    let rows = store.deliveries(id, DeliveryFilter::All, 0, 9).await.expect("listed");
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.state, row.reason.as_deref(), row.provider_id.as_deref()))
        .collect();
    let expected = [
        (DeliveryState::Sent, None, Some("77")),
        (DeliveryState::Failed, Some("403"), None),
        (DeliveryState::Unknown, Some("timeout"), None),
    ];
    assert_eq!(told, expected);
    assert!(rows.iter().all(|row| row.at == Some(seconds(1)) && row.attempt == 1));
    for (state, expected) in [(DeliveryState::Sent, 1), (DeliveryState::Failed, 2)] {
        let filter = DeliveryFilter::State(state);
        let listed = store.deliveries(id, filter, 0, 9).await.expect("listed");
        assert_eq!(listed.iter().map(|row| row.recipient).collect::<Vec<_>>(), [expected]);
    }
    assert_eq!(store.deliveries(id, DeliveryFilter::All, 2, 9).await.expect("listed").len(), 1);
    // What has ended stays so.
    let again = leased.iter().map(|leased| (leased.key, failed(true))).take(2).collect();
    assert_eq!(store.complete_deliveries(&hold, again, noon()).await.expect("asked"), 0);
    assert_eq!(store.hand_back(&hold, keys(&leased)).await.expect("asked"), 0);
}

async fn a_mark_is_given_once(fixture: Fixture) {
    let store = fixture.open().await;
    three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    let mark = || store.mark_sending(&hold, keys(&leased), noon());
    let (one, other) = tokio::join!(mark(), mark());
    let marked = one.expect("asked").len() + other.expect("asked").len();
    assert_eq!(marked, 3, "two tasks that mark the same send it once");
}

async fn only_what_was_marked_can_have_been_sent(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    let claims = leased.iter().map(|leased| leased.key).zip([sent(), unknown(), failed(false)]);
    assert_eq!(store.complete_deliveries(&hold, claims.collect(), noon()).await.expect("asked"), 1);
    let found = progress(&store, id).await;
    assert_eq!((found.leased, found.failed), (2, 1));
}

async fn one_who_blocked_us_becomes_inactive_with_the_completion(fixture: Fixture) {
    let store = fixture.open().await;
    three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    let outcomes = keys(&leased).into_iter().zip([failed(true), failed(false)]).collect();
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted");
    for (chat, active) in [("a", false), ("b", true), ("c", true)] {
        let found = store.subscriber_by_id(&id_of(chat)).await.expect("asked").expect("there");
        assert_eq!(found.active, active, "{chat}");
    }
}

async fn a_chat_that_moved_is_tried_at_its_new_address(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    // a gets a new name; b moves to where c is subscribed already, so hers ends.
    let to = |chat: &str| DeliveryOutcome::Moved { to: chat.to_owned() };
    let outcomes = keys(&leased).into_iter().zip([to("-1001"), to("c"), sent()]).collect();
    store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
    assert_eq!(store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted"), 3);
    assert_eq!(store.subscriber(&telegram().address("a")).await.expect("asked"), None);
    assert_eq!(store.subscriber_by_id(&id_of("b")).await.expect("asked"), None);
    let again = lease(&store, &hold, noon()).await;
    assert_eq!(chats(&again), ["-1001"]);
    assert_eq!(progress(&store, id).await.skipped, 1);
}

async fn handed_back_is_as_if_never_taken(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    store.mark_sending(&hold, keys(&leased[..1]), noon()).await.expect("marked");
    assert_eq!(store.hand_back(&hold, keys(&leased)).await.expect("given"), 3);
    assert_eq!(progress(&store, id).await.queued, 3);
    let again = lease(&store, &hold, noon()).await;
    assert!(again.iter().all(|leased| leased.attempt == 1));
    assert_eq!(again.len(), 3);
}

async fn pause_and_cancel_take_effect_at_once(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    store.mark_sending(&hold, keys(&leased[..1]), noon()).await.expect("marked");
    let found = version(&store, id).await;
    store.pause_campaign(id, found, "错字", &wang(), noon()).await.expect("paused");
    let now = progress(&store, id).await;
    assert_eq!((now.sending, now.queued), (1, 2), "what is on its way is, the rest is not");
    assert!(store.mark_sending(&hold, keys(&leased[1..]), noon()).await.expect("asked").is_empty());
    assert!(lease(&store, &hold, noon()).await.is_empty());
    let outcome = vec![(leased[0].key, sent())];
    assert_eq!(store.complete_deliveries(&hold, outcome, noon()).await.expect("noted"), 1);
    store.resume_campaign(id, found + 1, &wang(), noon()).await.expect("resumed");
    let rest = lease(&store, &hold, noon()).await;
    assert_eq!(rest.len(), 2);
    store.cancel_campaign(id, found + 2, "不发了", &wang(), noon()).await.expect("cancelled");
    assert!(store.mark_sending(&hold, keys(&rest), noon()).await.expect("asked").is_empty());
    assert_eq!(store.finish_campaigns(noon()).await.expect("finished").skipped, 2);
    let now = progress(&store, id).await;
    assert_eq!((now.sent, now.skipped, now.total()), (1, 2, 3), "the ledger is kept");
}

async fn an_expired_campaign_is_neither_leased_nor_marked(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, urgent()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    assert!(store.mark_sending(&hold, keys(&leased), later(48)).await.expect("asked").is_empty());
    assert_eq!(progress(&store, id).await.queued, 3, "they went back");
    assert!(lease(&store, &hold, later(48)).await.is_empty());
    let finished = store.finish_campaigns(later(48)).await.expect("finished");
    assert_eq!((finished.expired, finished.skipped), (vec![id], 3));
    let found = store.campaign(id).await.expect("asked").expect("there");
    assert_eq!((found.state, found.ended), (CampaignState::Expired, Some(later(48))));
}

async fn a_new_holder_takes_back_what_the_old_one_had(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let old = hold(&store).await;
    let leased = lease(&store, &old, noon()).await;
    store.mark_sending(&old, keys(&leased[..1]), noon()).await.expect("marked");
    // Nothing of a living holder is touched.
    let none = store.recover_deliveries(&old, false, seconds(59)).await.expect("asked");
    assert_eq!(none, RecoveredDeliveries::default());
    let new = hold(&store).await;
    let late = store.recover_deliveries(&old, false, seconds(121)).await;
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    // At once, without waiting for the lease; even if the clock has gone back.
    let back = store.recover_deliveries(&new, false, later(-1)).await.expect("recovered");
    assert_eq!((back.requeued, back.unknown, back.resent), (2, 1, 0));
    let again = lease(&store, &new, noon()).await;
    assert_eq!(chats(&again), ["b", "c"]);
    let listed = store.deliveries(id, DeliveryFilter::State(DeliveryState::Unknown), 0, 9).await;
    assert_eq!(listed.expect("listed")[0].reason.as_deref(), Some("the sender died"));
}

async fn a_lease_that_is_over_is_taken_back_under_the_same_holder(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    store.mark_sending(&hold, keys(&leased[..1]), seconds(50)).await.expect("marked");
    let back = store.recover_deliveries(&hold, false, seconds(61)).await.expect("recovered");
    assert_eq!((back.requeued, back.unknown), (2, 0), "the marked one was given its time anew");
    let back = store.recover_deliveries(&hold, false, seconds(111)).await.expect("recovered");
    assert_eq!((back.requeued, back.unknown), (0, 1));
    assert_eq!(progress(&store, id).await.unknown, 1);
}

async fn a_stale_holder_completes_nothing_that_was_taken_over(fixture: Fixture) {
    let store = fixture.open().await;
    let resend = Draft { policy: UnknownPolicy::Resend, ..draft() };
    let id = three(&store, 1, resend).await;
    let old = hold(&store).await;
    let leased = lease(&store, &old, noon()).await;
    store.mark_sending(&old, keys(&leased), noon()).await.expect("marked");
    let new = hold(&store).await;
    store.recover_deliveries(&new, false, noon()).await.expect("recovered");
    let stale = || keys(&leased).into_iter().map(|key| (key, failed(true))).collect();
    assert_eq!(store.complete_deliveries(&old, stale(), noon()).await.expect("asked"), 0);
    lease(&store, &new, noon()).await;
    assert_eq!(store.complete_deliveries(&old, stale(), noon()).await.expect("asked"), 0);
    assert_eq!(store.hand_back(&old, keys(&leased)).await.expect("asked"), 0);
    assert_eq!(progress(&store, id).await.leased, 3);
    let found = store.subscriber_by_id(&id_of("a")).await.expect("asked").expect("there");
    assert!(found.active, "nothing of it was written");
}

async fn a_thawed_holder_still_tells_the_truth(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let old = hold(&store).await;
    let leased = lease(&store, &old, noon()).await;
    store.mark_sending(&old, keys(&leased), noon()).await.expect("marked");
    let new = hold(&store).await;
    let back = store.recover_deliveries(&new, false, noon()).await.expect("recovered");
    assert_eq!(back.unknown, 3);
    // It thaws: of two it knows how they went. That it knows nothing of the third changes nothing.
    let outcomes = keys(&leased).into_iter().zip([sent(), failed(false), retry(1)]).collect();
    assert_eq!(store.complete_deliveries(&old, outcomes, seconds(5)).await.expect("noted"), 2);
    let now = progress(&store, id).await;
    assert_eq!((now.sent, now.failed, now.unknown), (1, 1, 1));
}

async fn what_may_have_arrived_is_sent_again_where_the_policy_says_so_and_listed(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, Draft { policy: UnknownPolicy::Resend, ..urgent() }).await;
    for round in 0..4 {
        // Once a timeout, once a death: both are repeats, three at most.
        let hold = hold(&store).await;
        let back = store.recover_deliveries(&hold, false, noon()).await.expect("recovered");
        assert_eq!(back.resent, if round > 0 { 2 } else { 0 }, "{round}");
        let leased = lease(&store, &hold, noon()).await;
        assert_eq!(leased.len(), 3, "{round}");
        let marked = store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
        let outcomes = vec![(marked[0], unknown())];
        store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted");
    }
    let hold = hold(&store).await;
    let back = store.recover_deliveries(&hold, false, noon()).await.expect("recovered");
    assert_eq!((back.resent, back.unknown), (0, 2));
    assert!(lease(&store, &hold, noon()).await.is_empty());
    assert_eq!(progress(&store, id).await.unknown, 3);
    let repeated = store.deliveries(id, DeliveryFilter::Repeated, 0, 9).await.expect("listed");
    assert_eq!(repeated.iter().map(|row| row.repeats).collect::<Vec<_>>(), [3, 3, 3]);
}

async fn a_channel_that_drops_repeats_gets_them(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let old = hold(&store).await;
    let leased = lease(&store, &old, noon()).await;
    store.mark_sending(&old, keys(&leased), noon()).await.expect("marked");
    let new = hold(&store).await;
    let back = store.recover_deliveries(&new, true, noon()).await.expect("recovered");
    assert_eq!((back.requeued, back.unknown, back.resent), (3, 0, 0));
    assert_eq!(lease(&store, &new, noon()).await.len(), 3);
    let repeated = store.deliveries(id, DeliveryFilter::Repeated, 0, 9).await.expect("listed");
    assert!(repeated.is_empty(), "nobody gets it twice");
}

async fn an_official_decides_where_the_policy_is_to_ask(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, Draft { policy: UnknownPolicy::Ask, ..draft() }).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    let marked = store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
    let outcomes = marked.into_iter().zip([sent(), unknown(), unknown()]).collect();
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted");
    assert_eq!(store.finish_campaigns(noon()).await.expect("finished").done, [id]);
    assert_eq!(store.unknown_waiting().await.expect("listed"), [(id, 2)]);
    let refused = store.resolve_unknown(id, true, &li(), noon()).await;
    assert!(matches!(refused, Err(Error::NotAllowed)));
    assert_eq!(store.resolve_unknown(id, true, &wang(), noon()).await.expect("decided"), 2);
    let again = lease(&store, &hold, noon()).await;
    assert_eq!(chats(&again), ["b", "c"]);
    store.mark_sending(&hold, keys(&again), noon()).await.expect("marked");
    let outcomes = keys(&again).into_iter().zip([sent(), unknown()]).collect();
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted");
    // This time it is left at that, and nobody is asked again.
    assert_eq!(store.resolve_unknown(id, false, &wang(), noon()).await.expect("decided"), 1);
    assert!(store.unknown_waiting().await.expect("listed").is_empty());
    assert_eq!(progress(&store, id).await.unknown, 1);
    let late = store.resolve_unknown(id, true, &wang(), later(48)).await;
    assert!(matches!(late, Err(Error::WrongState { found: CampaignState::Expired })));
    let history = store.campaign_history(id).await.expect("read");
    let decisions = history.iter().filter(|entry| entry.action == "campaign.resolve").count();
    assert_eq!(decisions, 2);
}

async fn a_campaign_is_done_when_nothing_is_left(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    store.mark_sending(&hold, keys(&leased[..2]), noon()).await.expect("marked");
    let mut outcomes: Vec<_> =
        keys(&leased).into_iter().zip([sent(), retry(9), retry(9)]).collect();
    let done = || async { store.finish_campaigns(seconds(1)).await.expect("finished").done };
    assert!(done().await.is_empty());
    let rest = outcomes.split_off(1);
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted");
    assert!(done().await.is_empty(), "one is marked, one leased");
    store.complete_deliveries(&hold, rest, noon()).await.expect("noted");
    assert!(done().await.is_empty(), "two wait for another try");
    let again = lease(&store, &hold, seconds(9)).await;
    store.mark_sending(&hold, keys(&again), noon()).await.expect("marked");
    let outcomes = keys(&again).into_iter().zip([sent(), failed(false)]).collect();
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted");
    assert_eq!(done().await, [id]);
    assert!(done().await.is_empty(), "once");
    let found = store.campaign(id).await.expect("asked").expect("there");
    assert_eq!((found.state, found.ended), (CampaignState::Done, Some(seconds(1))));
    // One without recipients is done as soon as that is known.
    let empty = Draft {
        audience: fenghuo_store::Audience { regions: vec!["mars".into()], ..Default::default() },
        ..draft()
    };
    let empty = sending(&store, 2, empty).await.id;
    assert_eq!(done().await, [empty]);
}

async fn what_was_not_sent_of_a_stopped_campaign_is_skipped_with_the_reason(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    store.mark_sending(&hold, keys(&leased[..1]), noon()).await.expect("marked");
    let found = version(&store, id).await;
    store.cancel_campaign(id, found, "不发了", &wang(), noon()).await.expect("cancelled");
    let swept = store.finish_campaigns(seconds(1)).await.expect("finished");
    assert_eq!((swept.skipped, swept.more), (2, false));
    // The one on its way ends by itself, or is unknown when its sender is gone.
    let swept = store.finish_campaigns(seconds(61)).await.expect("finished");
    assert_eq!((swept.skipped, progress(&store, id).await.unknown), (0, 1));
    let rows = store.deliveries(id, DeliveryFilter::State(DeliveryState::Skipped), 0, 9).await;
    let rows = rows.expect("listed");
    assert!(rows.iter().all(|row| row.reason.as_deref() == Some("cancelled")));
    assert_eq!(store.finish_campaigns(later(99)).await.expect("finished"), Default::default());
    // What was never sent does not count for the weekly cap.
    for n in 2..4 {
        sending(&store, n, draft()).await;
    }
    let again = lease(&store, &hold, seconds(61)).await;
    assert_eq!(again.len(), 6);
}

async fn reports_count_by_state_segment_hour_and_reason(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    subscribe(&store, &["d"], "qilihe").await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
    for (key, outcome, now) in [
        (leased[0].key, sent(), noon()),
        (leased[1].key, sent(), later(1)),
        (leased[2].key, failed(false), later(1)),
    ] {
        store.complete_deliveries(&hold, vec![(key, outcome)], now).await.expect("noted");
    }
    let counts = store.campaign_counts(id).await.expect("counted");
    let told: Vec<_> = counts
        .iter()
        .map(|count| (count.state, count.hour, count.reason.as_deref(), count.times))
        .collect();
    let expected = [
        (DeliveryState::Sent, Some(noon()), None, 1),
        (DeliveryState::Sent, Some(later(1)), None, 1),
        (DeliveryState::Failed, Some(later(1)), Some("403"), 1),
    ];
    assert_eq!(told, expected);
    assert!(counts.iter().all(|count| count.region == "chengguan" && count.channel == "telegram"));
    // Whoever leaves stays in the report, under no name.
    store.forget(&telegram().address("a"), noon()).await.expect("forgotten");
    assert_eq!(store.campaign_counts(id).await.expect("counted"), counts);
}

async fn long_and_hostile_reasons_are_kept_short_and_whole(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
    let hostile = "a\u{0}'\"\\; DROP TABLE delivery; --".to_owned();
    let outcomes = vec![
        (leased[0].key, DeliveryOutcome::Failed { reason: hostile.clone(), gone: false }),
        (leased[1].key, DeliveryOutcome::Unknown { reason: "火".repeat(999) }),
        (leased[2].key, DeliveryOutcome::Sent { provider_id: Some(hostile.clone()) }),
    ];
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted");
    let rows = store.deliveries(id, DeliveryFilter::All, 0, 9).await.expect("listed");
    let clean = hostile.replace('\0', "\u{fffd}");
    assert_eq!(rows[0].reason.as_deref(), Some(clean.as_str()));
    assert_eq!(rows[1].reason.as_deref(), Some("火".repeat(200).as_str()));
    assert_eq!(rows[2].provider_id.as_deref(), Some(clean.as_str()));
}

async fn reasons_name_no_address(fixture: Fixture) {
    let store = fixture.open().await;
    let id = three(&store, 1, draft()).await;
    let hold = hold(&store).await;
    let leased = lease(&store, &hold, noon()).await;
    store.mark_sending(&hold, keys(&leased), noon()).await.expect("marked");
    let reason = "550 5.1.1 <li.ming@example.com>: chat -1001234567890 unknown".to_owned();
    let outcomes = vec![(leased[0].key, DeliveryOutcome::Failed { reason, gone: false })];
    store.complete_deliveries(&hold, outcomes, noon()).await.expect("noted");
    let rows = store.deliveries(id, DeliveryFilter::All, 0, 1).await.expect("listed");
    assert_eq!(rows[0].reason.as_deref(), Some("550 5.1.1 <〔略〕>: chat -〔略〕 unknown"));
}
