//! Measures the sending engine against a channel that takes everything at once:
//! `cargo run --release -p fenghuo-bot --example broadcast -- URL RECIPIENTS [RATE [SECONDS]]` prints a line of
//! a Markdown table.
//!
//! Without RATE everybody gets it as fast as the engine can: materialised, leased, marked, sent, completed,
//! with durable commits. With RATE it is measured how much of it is held over SECONDS (60). With `smtp://…`
//! for RATE signed letters go to that relay. With `prepare` only the subscribers are written, and a run
//! with as many RECIPIENTS takes them as they are. There must be no campaign yet.
#![expect(clippy::print_stdout, reason = "what it is for")]
#![expect(clippy::unwrap_used, reason = "a bench that fails should say where")]

mod county;
mod letters;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use fenghuo_bot::broadcast::{Broadcast, Limit, Outgoing, Rate, Sender, Verdict};
use fenghuo_bot::{Clock, Limits};
use fenghuo_store::{Account, Audience, Campaign, CampaignId, CampaignState, Location, Store};
use tokio::sync::watch;

use county::{Words, approve, follow, now};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (url, recipients) = (&arguments[0], arguments[1].parse::<u32>().unwrap());
    let how = arguments.get(2).map_or("", String::as_str);
    let store = Store::connect(&Location::parse(url).unwrap()).await.unwrap();
    let database = url.split(':').next().unwrap();
    let account = Account::new("bench", "main");
    let there = store.audience_count(&Audience::default()).await.unwrap().total;
    if there == 0 {
        follow(&store, &account, recipients).await;
    }
    if how == "prepare" {
        return store.close().await;
    }
    let letters = how.starts_with("smtp://").then(|| letters::sender(store.clone(), how));
    let idle = memory();
    let campaign = approve(&store).await;
    let channel = Channel::default();
    let mut broadcast = Broadcast::new(store.clone(), Clock::new(now), Limits::default(), Words);
    let rate: Option<u32> = how.parse().ok();
    if let Some(letters) = letters {
        broadcast.line(account, letters, Rate::default());
    } else {
        let pace = rate.map_or(Rate::default(), |rate| Rate::of(Limit::per_second(rate)));
        broadcast.line(account, channel.clone(), pace);
    }
    let (stop, stopped) = watch::channel(false);
    let (begun, running) = (Instant::now(), tokio::spawn(broadcast.run(stopped)));
    if let Some(rate) = rate {
        let seconds = arguments.get(3).map_or(60, |seconds| seconds.parse().unwrap());
        let held = held(&channel, Duration::from_secs(seconds)).await / f64::from(rate);
        println!("| {database} | {recipients} | {rate}/s | {seconds} s | {:.1} % |", held * 100.0);
    } else {
        let materialised = wait(&store, campaign, |found| found.materialised).await - begun;
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

/// Messages a second, from the third second on.
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

/// Peak resident memory so far in KB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
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
