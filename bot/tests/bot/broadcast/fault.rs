//! Channels that fail, texts with faults, processes that die.

use std::time::Duration;

use fenghuo_bot::broadcast::{Reader, Rendered, TextFault, Texts, Verdict};
use fenghuo_store::{Campaign, CampaignState, DeliveryFilter, DeliveryState, UnknownPolicy};

use super::county::{Channel, County, account, sent};

fn unreachable(gone: bool) -> Verdict {
    Verdict::Unreachable { reason: "403 blocked".to_owned(), gone }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_blocked_us_becomes_inactive_and_the_others_get_it() {
    let county = County::with(20).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::new(|message, _| match message.to.chat.as_str() {
        "7" => unreachable(true),
        _ => sent(),
    });
    let running = county.run(&channel, 1000);
    let progress = county.end(id).await;
    running.stop().await;
    assert_eq!((progress.sent, progress.failed), (19, 1));
    let her = county.store.subscriber(&account().address("7")).await.expect("read");
    assert!(!her.expect("still there").active);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_channel_asks_for_silence_it_is_kept_also_by_the_next_holder() {
    let county = County::with(10).await;
    let id = county.send(|_| {}).await;
    let wait = Duration::from_secs(5);
    let channel = Channel::new(move |_, before| match before {
        2 => Verdict::RetryAfter(wait),
        _ => sent(),
    });
    let running = county.run(&channel, 10);
    county.wait(id, "hushed", |_, progress| progress.retry == 1).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.stop().await;
    let running = county.run(&channel, 1000);
    assert_eq!(county.end(id).await.sent, 10);
    running.stop().await;
    county.assert_once(&channel);
    let asked = channel.asked();
    let hushed = asked.iter().position(|one| matches!(one.verdict, Verdict::RetryAfter(_)));
    let at = asked[hushed.expect("one was")].at;
    let early: Vec<_> = asked.iter().filter(|one| one.at > at && one.at < at + wait).collect();
    // Requests that had left already, and whole seconds in the store.
    let late = early.iter().filter(|one| one.at > at + Duration::from_millis(50));
    assert!(
        late.count() == 0 || early.iter().all(|one| one.at > at + wait - Duration::from_secs(1)),
        "{early:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_of_the_text_pauses_the_campaign_instead_of_burning_through_recipients() {
    let county = County::with(200).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::new(|_, _| Verdict::Rejected("400 can't parse entities".to_owned()));
    let running = county.run(&channel, 50);
    county.wait(id, "paused", |state, _| state == CampaignState::Paused).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    running.stop().await;
    let asked = channel.asked().len();
    assert!(asked <= 10, "{asked} requests");
    let progress = county.progress(id).await;
    assert_eq!(progress.pending(), 200, "{progress:?}");
    let reason = county.campaign(id).await.reason.expect("a reason");
    assert!(reason.contains("can't parse"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_everybody_refuses_the_fault_is_not_theirs() {
    let county = County::with(200).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::new(|_, _| unreachable(false));
    let running = county.run(&channel, 100);
    county.wait(id, "paused", |state, _| state == CampaignState::Paused).await;
    running.stop().await;
    let failed = county.progress(id).await.failed;
    assert!((20..40).contains(&failed), "{failed}");
}

/// Has no words for anybody.
struct Mute;

impl Texts for Mute {
    async fn render(&self, _: &Campaign, _: &Reader) -> Result<Rendered, TextFault> {
        Err(TextFault("占位符 {{ town }} 没有值".to_owned()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_without_words_is_paused_before_anything_is_sent() {
    let county = County::with(5).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::willing();
    let running = county.run_with(&channel, 50, Mute);
    county.wait(id, "paused", |state, _| state == CampaignState::Paused).await;
    running.stop().await;
    assert_eq!(channel.asked().len(), 0);
    assert_eq!(county.progress(id).await.pending(), 5);
    let reason = county.campaign(id).await.reason.expect("a reason");
    assert!(reason.contains("占位符"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_costs_nobody_her_message() {
    let county = County::with(40).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::new(|_, before| match before {
        5..12 => Verdict::NotSent("no connection".to_owned()),
        _ => sent(),
    });
    let running = county.run(&channel, 50);
    assert_eq!(county.end(id).await.sent, 40);
    county.assert_once(&channel);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_of_which_nobody_knows_anything_is_left_alone_longer_and_longer() {
    let county = County::with(400).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::new(|_, _| Verdict::Unknown("HTTP 502".to_owned()));
    let running = county.run(&channel, 100);
    county.wait(id, "in trouble", |_, progress| progress.unknown >= 3).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    running.stop().await;
    let unknown = county.progress(id).await.unknown;
    assert!(unknown <= 20, "{unknown} messages were risked");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_arrived_is_listed_or_sent_again_as_the_campaign_says() {
    for (policy, idempotent, expected) in [
        (UnknownPolicy::Never, false, 1),
        (UnknownPolicy::Ask, false, 1),
        (UnknownPolicy::Resend, false, 2),
        (UnknownPolicy::Never, true, 2),
    ] {
        let county = County::with(5).await;
        let id = county.send(|draft| draft.policy = policy).await;
        let rule = |_: &_, before| match before {
            1 => Verdict::Unknown("timeout".to_owned()),
            _ => sent(),
        };
        let channel = Channel { idempotent, ..Channel::new(rule) };
        let running = county.run(&channel, 1000);
        let (progress, asked) = if expected == 1 {
            (county.wait(id, "over", |_, it| it.total() == 5 && it.pending() == 0).await, 5)
        } else {
            (county.end(id).await, 6)
        };
        running.stop().await;
        assert_eq!(channel.asked().len(), asked, "{policy:?} {progress:?}");
        assert_eq!(progress.unknown, u64::from(expected == 1), "{policy:?}");
        let listed = county.store.deliveries(id, DeliveryFilter::Repeated, 0, 9).await;
        let listed = listed.expect("listed").len();
        assert_eq!(listed, usize::from(policy == UnknownPolicy::Resend), "{policy:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_moves_is_followed() {
    let county = County::with(3).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::new(|message, _| match message.to.chat.as_str() {
        "1" => Verdict::Moved("-1001".to_owned()),
        _ => sent(),
    });
    let running = county.run(&channel, 1000);
    assert_eq!(county.end(id).await.sent, 3);
    running.stop().await;
    assert_eq!(channel.counts().get("-1001"), Some(&1));
    let there = county.store.subscriber(&account().address("-1001")).await.expect("read");
    assert!(there.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_that_panics_loses_one_message_and_lists_it() {
    let county = County::with(10).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::new(|message, _| {
        assert_ne!(message.to.chat, "4");
        sent()
    });
    let running = county.run(&channel, 1000);
    let progress = county.end(id).await;
    running.stop().await;
    assert_eq!((progress.sent, progress.unknown), (9, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_over_lists_what_was_on_its_way_and_sends_the_rest_once() {
    let county = County::with(200).await;
    let id = county.send(|_| {}).await;
    let channel = Channel { takes: Duration::from_millis(30), ..Channel::willing() };
    for _ in 0..4 {
        let running = county.run(&channel, 60);
        let before = county.progress(id).await.sent;
        county.wait(id, "further", |_, progress| progress.sent > before + 15).await;
        running.kill().await;
    }
    let running = county.run(&channel, 1000);
    let progress = county.end(id).await;
    running.stop().await;
    assert_eq!(progress.sent + progress.unknown, 200, "{progress:?}");
    assert!(progress.unknown <= 4 * 10, "{progress:?}");
    let counts = channel.counts();
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    let listed = DeliveryFilter::State(DeliveryState::Unknown);
    let listed = county.store.deliveries(id, listed, 0, 999).await.expect("listed").len();
    assert!(counts.len() >= 200 - listed, "{} reached, {listed} listed", counts.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_was_taken_away_sends_nothing_more() {
    let county = County::with(300).await;
    let id = county.send(|_| {}).await;
    let channel = Channel::willing();
    let running = county.run(&channel, 50);
    county.wait(id, "under way", |_, progress| progress.sent > 10).await;
    // The later of two holders wins; it sends nothing.
    let hold = county.store.hold_sender(&account()).await.expect("taken").expect("ours");
    let asked = channel.asked().len();
    tokio::time::sleep(Duration::from_millis(700)).await;
    let more = channel.asked().len() - asked;
    assert!(more <= 5, "{more} went out after the account was lost");
    county.store.let_go(&hold).await.expect("let go");
    assert_eq!(county.end(id).await.total(), 300);
    let counts = channel.counts();
    assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    running.stop().await;
}
