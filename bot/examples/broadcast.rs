//! Measures the sending engine against a channel that takes everything at once:
//! `cargo run --release -p fenghuo-bot --example broadcast -- URL RECIPIENTS [RATE [SECONDS]]` prints a line of
//! a Markdown table.
//!
//! Without RATE everybody gets it as fast as the engine can: materialised, leased, marked, sent, completed,
//! with durable commits. With RATE it is measured how much of it is held over SECONDS (60).
//! The database must be empty.
#![expect(clippy::print_stdout, reason = "what it is for")]
#![expect(clippy::unwrap_used, reason = "a bench that fails should say where")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use fenghuo_bot::broadcast::{
    Broadcast, Limit, Outgoing, Rate, Reader, Rendered, Sender, TextFault, Texts, Verdict,
};
use fenghuo_bot::{Clock, Limits};
use fenghuo_store::{
    Account, Actor, Audience, Campaign, CampaignId, CampaignKind, CampaignState, Change, Draft,
    LeaveToken, Location, OfficialRole, Store, SubscriberId, Subscription, UnknownPolicy,
};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (url, recipients) = (&arguments[0], arguments[1].parse::<u32>().unwrap());
    let rate = arguments.get(2).map(|rate| rate.parse::<u32>().unwrap());
    let seconds = arguments.get(3).map_or(60, |seconds| seconds.parse::<u64>().unwrap());
    let store = Store::connect(&Location::parse(url).unwrap()).await.unwrap();
    let database = url.split(':').next().unwrap();
    follow(&store, recipients).await;
    let idle = memory();
    let campaign = approve(&store).await;
    let channel = Channel::default();
    let limits = Limits::default();
    let mut broadcast = Broadcast::new(store.clone(), Clock::new(now), limits, Words);
    let pace = rate.map_or(Rate::default(), |rate| Rate::of(Limit::per_second(rate)));
    broadcast.line(account(), channel.clone(), pace);
    let (stop, stopped) = watch::channel(false);
    let (begun, running) = (Instant::now(), tokio::spawn(broadcast.run(stopped)));
    let materialised = wait(&store, campaign, |found| found.materialised).await - begun;
    if let Some(rate) = rate {
        let held = held(&channel, Duration::from_secs(seconds)).await / f64::from(rate);
        println!("| {database} | {recipients} | {rate}/s | {seconds} s | {:.1} % |", held * 100.0);
    } else {
        let done = wait(&store, campaign, |found| found.state == CampaignState::Done).await;
        // The silence after taking over is no work.
        let took = (done - begun).as_secs_f64() - 1.25;
        let progress = store.campaign_progress(campaign).await.unwrap();
        assert_eq!(progress.sent, u64::from(recipients), "{progress:?}");
        println!(
            "| {database} | {recipients} | {:.2} s | {took:.1} s | {:.0}/s | {} MB idle, +{} MB |",
            materialised.as_secs_f64(),
            f64::from(recipients) / took,
            idle / 1024,
            memory().saturating_sub(idle) / 1024,
        );
    }
    stop.send_replace(true);
    running.await.unwrap();
    store.close().await;
}

/// Messages a second, from the first second that is whole.
async fn held(channel: &Channel, time: Duration) -> f64 {
    while channel.sent() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (begun, before) = (Instant::now(), channel.sent());
    tokio::time::sleep(time).await;
    // Exact to one message.
    (channel.sent() - before) as f64 / begun.elapsed().as_secs_f64()
}

async fn wait(store: &Store, id: CampaignId, done: impl Fn(&Campaign) -> bool) -> Instant {
    loop {
        if done(&store.campaign(id).await.unwrap().unwrap()) {
            return Instant::now();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn account() -> Account {
    Account::new("bench", "main")
}

fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap()
}

async fn follow(store: &Store, recipients: u32) {
    let subscription = || Subscription {
        region: "town".to_owned(),
        role: Some("home".to_owned()),
        language: "zh".to_owned(),
        quiet: None,
    };
    let chats: Vec<u32> = (0..recipients).collect();
    for chunk in chats.chunks(2000) {
        let subscribe = |chat: &u32| Change::Subscribe {
            id: SubscriberId::from_bits(rand::random()),
            leave: LeaveToken::from_bits(rand::random()),
            address: account().address(chat.to_string()),
            subscription: subscription(),
        };
        store.apply(chunk.iter().map(subscribe).collect(), now()).await.unwrap();
    }
}

async fn approve(store: &Store) -> CampaignId {
    let console = Actor::cli("console");
    store.add_official("ma", OfficialRole::Editor, "-", &console, now()).await.unwrap();
    store.add_official("li", OfficialRole::Approver, "-", &console, now()).await.unwrap();
    let (ma, li) = (Actor::cli("ma"), Actor::cli("li"));
    let draft = Draft {
        kind: CampaignKind::Notice,
        title: "冬季防火提示".to_owned(),
        body: "睡前关火、关电、关气。".to_owned(),
        overrides: BTreeMap::new(),
        audience: Audience::default(),
        urgent: false,
        policy: UnknownPolicy::Never,
        expires: now() + SignedDuration::from_hours(24),
        starts: None,
        document: None,
        occasion: None,
        refers: None,
        relay: None,
    };
    let made = store.create_campaign("BENCH2", draft, &ma, now()).await.unwrap();
    let made = store.submit_campaign(made.id, made.version, &ma, now()).await.unwrap();
    let made = store.approve_campaign(made.id, made.version, "-", &li, now()).await.unwrap();
    store.send_campaign(made.id, made.version, &li, now()).await.unwrap().id
}

/// Peak resident memory so far in KB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

struct Words;

impl Texts for Words {
    async fn render(&self, campaign: &Campaign, _: &Reader) -> Result<Rendered, TextFault> {
        let text = campaign.draft.body.clone();
        Ok(Rendered {
            title: campaign.draft.title.clone(),
            plain: text.clone(),
            markdown: text.clone(),
            html: text,
            link: String::new(),
            code: campaign.code.clone(),
            expires: campaign.draft.expires,
        })
    }
}

/// Takes everything.
#[derive(Clone, Default)]
struct Channel(Arc<AtomicU64>);

impl Channel {
    fn sent(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Sender for Channel {
    async fn send(&self, message: &Outgoing) -> Verdict {
        self.0.fetch_add(1, Ordering::Relaxed);
        Verdict::Sent { id: Some(message.recipient.as_str()[..8].to_owned()) }
    }
}
