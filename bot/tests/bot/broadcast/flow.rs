//! The way of a campaign when nothing goes wrong but what people decide.

use std::time::Duration;

use fenghuo_store::{Actor, CampaignState};

use super::county::{Channel, County, sent};

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_it_once_and_it_is_done() {
    let county = County::with(300).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::willing();
    let running = county.run(&channel, 1000);
    let progress = county.end(id).await;
    assert_eq!((progress.sent, progress.total()), (300, 300));
    county.assert_once(&channel);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_begins_when_its_time_has_come() {
    let county = County::with(3).await;
    let at = county.now() + jiff::SignedDuration::from_secs(3);
    let (ma, li) = (Actor::desk("ma"), Actor::desk("li"));
    let (store, now) = (&county.store, county.now());
    let made = store.create_campaign("ABCDEF", super::county::draft(now), &ma, now).await;
    let made = made.expect("created");
    let made = store.submit_campaign(made.id, made.version, &ma, now).await.expect("submitted");
    let made = store.approve_campaign(made.id, made.version, "-", &li, now).await;
    let made = made.expect("approved");
    let made = store.schedule_campaign(made.id, made.version, at, &li, now).await;
    let made = made.expect("scheduled");
    let channel = Channel::willing();
    let running = county.run(&channel, 1000);
    county.end(made.id).await;
    county.assert_once(&channel);
    let started = county.campaign(made.id).await.started.expect("it has begun");
    assert!(started.as_second() >= at.as_second(), "{started} < {at}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_is_held_and_never_passed() {
    let county = County::with(250).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::willing();
    let running = county.run(&channel, 50);
    county.end(id).await;
    running.stop().await;
    let times: Vec<_> = channel.asked().iter().map(|asked| asked.at).collect();
    let second = Duration::from_secs(1);
    for (last, at) in times.iter().enumerate() {
        let within = times[..=last].iter().filter(|other| **other + second > *at).count();
        assert!(within <= 50, "{within} in a second");
    }
    let took = (times[249] - times[0]).as_secs_f64();
    // A first one that was late by up to a quarter of a second is caught up.
    assert!((4.7..5.6).contains(&took), "{took} s for 250 at 50/s");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_takes_effect_within_a_tick_and_nobody_is_left_out_or_doubled() {
    let county = County::with(200).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::willing();
    let running = county.run(&channel, 100);
    county.wait(id, "under way", |_, progress| progress.sent > 20).await;
    let (li, now) = (Actor::desk("li"), county.now());
    let found = county.campaign(id).await;
    let paused = county.store.pause_campaign(id, found.version, "看一下", &li, now).await;
    let asked = channel.asked().len();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let more = channel.asked().len() - asked;
    assert!(more <= 5, "{more} went out after the pause");
    let version = paused.expect("paused").version;
    county.store.resume_campaign(id, version, &li, county.now()).await.expect("resumed");
    let progress = county.end(id).await;
    assert_eq!(progress.sent, 200);
    county.assert_once(&channel);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_keeps_its_ledger() {
    let county = County::with(200).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::willing();
    let running = county.run(&channel, 100);
    county.wait(id, "under way", |_, progress| progress.sent > 20).await;
    let (li, now) = (Actor::desk("li"), county.now());
    let version = county.campaign(id).await.version;
    county.store.cancel_campaign(id, version, "写错了", &li, now).await.expect("cancelled");
    let progress = county.wait(id, "cleared", |_, it| it.total() == 200 && it.pending() == 0).await;
    running.stop().await;
    assert_eq!(progress.sent, channel.asked().len() as u64);
    assert_eq!(progress.sent + progress.skipped, 200);
    assert!(progress.skipped > 100, "{progress:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_campaign_goes_before_a_routine_one() {
    let county = County::with(60).await;
    let routine = county.send(|_| {}).await;
    let order = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = std::sync::Arc::clone(&order);
    let channel = Channel::new(move |message, _| {
        seen.lock().expect("not poisoned").push(message.campaign);
        sent()
    });
    let running = county.run(&channel, 20);
    county.wait(routine, "under way", |_, progress| progress.sent > 3).await;
    let urgent = county.send(|draft| draft.urgent = true).await;
    assert_eq!(county.end(routine).await.sent, 60);
    running.stop().await;
    // What was leased for the routine one when the urgent one came went out before it: a second's worth.
    let order = order.lock().expect("not poisoned").clone();
    let last = order.iter().rposition(|campaign| *campaign == urgent).expect("sent");
    let before = order[..last].iter().filter(|campaign| **campaign == routine).count();
    assert!(before <= 35, "{before} routine ones went before the last urgent one");
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_finishes_what_is_on_its_way_and_leaves_the_rest_to_the_next() {
    let county = County::with(150).await;
    let id = county.send(|_| {}).await;
    let channel = Channel { takes: Duration::from_millis(200), ..Channel::willing() };
    let running = county.run(&channel, 50);
    county.wait(id, "under way", |_, progress| progress.sent > 10).await;
    running.stop().await;
    let progress = county.progress(id).await;
    assert_eq!((progress.leased, progress.sending, progress.unknown), (0, 0, 0), "{progress:?}");
    assert_eq!(progress.sent, channel.asked().len() as u64);
    let running = county.run(&channel, 1000);
    assert_eq!(county.end(id).await.sent, 150);
    county.assert_once(&channel);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_chat_gets_its_messages_a_second_apart_though_two_campaigns_are_under_way() {
    let county = County::with(1).await;
    let one = county.send(|_| {}).await;
    let two = county.send(|_| {}).await;
    let channel = Channel::willing();
    let running = county.run(&channel, 1000);
    county.end(one).await;
    county.end(two).await;
    running.stop().await;
    let asked = channel.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[1].at - asked[0].at >= Duration::from_secs(1), "{asked:?}");
    assert_eq!(county.campaign(two).await.state, CampaignState::Done);
}
