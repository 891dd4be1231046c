//! Processes made to be killed. Each is this very test binary, which runs one test: `victim` sends the
//! campaigns of a database for as long as it is let; `control` sends as a program does that notes how far
//! it is when it fetches, the way listmonk does.

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fenghuo_bot::broadcast::Broadcast;
use fenghuo_bot::{Clock, Limits, TelegramAccount, TelegramMode};
use fenghuo_store::{Error, Location, Lock, Store};
use jiff::SignedDuration;
use serde_json::json;
use tokio::sync::watch;

use super::county::{Words, now, runtime};
use crate::support::bot_api::{BotApi, TOKEN};

const DATABASE: &str = "FENGHUO_VICTIM_DATABASE";
const API: &str = "FENGHUO_VICTIM_API";
const RATE: &str = "FENGHUO_VICTIM_RATE";
const CLOCK: &str = "FENGHUO_VICTIM_CLOCK";
const CHECKPOINT: &str = "FENGHUO_CONTROL_CHECKPOINT";
const RECIPIENTS: &str = "FENGHUO_CONTROL_RECIPIENTS";

/// What a victim is given.
#[derive(Clone)]
pub(super) struct Orders {
    pub(super) database: String,
    pub(super) api: String,
    pub(super) rate: u32,
    /// Seconds its clock is ahead.
    pub(super) clock: i64,
}

fn given(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn number(name: &str) -> Option<i64> {
    given(name)?.parse().ok()
}

#[test]
fn victim() {
    let (Some(database), Some(api)) = (given(DATABASE), given(API)) else { return };
    let rate = number(RATE).and_then(|rate| NonZeroU32::new(rate.try_into().ok()?));
    let ahead = SignedDuration::from_secs(number(CLOCK).unwrap_or(0));
    tracing_subscriber::fmt().with_ansi(false).with_writer(std::io::stderr).init();
    runtime().block_on(async {
        let location = Location::parse(&database).expect("an address");
        let (store, _lock) = loop {
            // The database may just be restarting, or its disk may be full.
            match open(&location).await {
                Ok(opened) => break opened,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "not opened");
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        let clock = Clock::new(move || now() + ahead);
        let mut broadcast = Broadcast::new(store, clock, Limits::default(), Words);
        let account = TelegramAccount {
            name: "main".to_owned(),
            token: TOKEN.to_owned(),
            mode: TelegramMode::Polling,
            api_url: Some(api),
            rate,
        };
        broadcast.telegram(&account).expect("TLS");
        let (_stop, stopped) = watch::channel(false);
        broadcast.run(stopped).await;
    });
}

async fn open(location: &Location) -> Result<(Store, Lock), Error> {
    let store = Store::connect(location).await?;
    let lock = store.lock().await?;
    Ok((store, lock))
}

/// Fetches a batch, notes that it has it, and sends it.
#[test]
fn control() {
    let (Some(checkpoint), Some(api)) = (given(CHECKPOINT), given(API)) else { return };
    let rate = number(RATE).expect("a rate");
    let recipients = number(RECIPIENTS).expect("a number");
    let url = format!("{api}/bot{TOKEN}/sendMessage");
    let client = reqwest::blocking::Client::new();
    loop {
        let done: i64 = std::fs::read_to_string(&checkpoint)
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0);
        if done >= recipients {
            return;
        }
        // A batch takes a second, as its default of a thousand does at a thousand a second.
        let batch = (done + 1)..=(done + rate).min(recipients);
        note(Path::new(&checkpoint), *batch.end());
        for chat in batch {
            let body = json!({ "chat_id": chat, "text": "睡前关火。" });
            drop(client.post(&url).json(&body).send());
            std::thread::sleep(Duration::from_secs(1) / u32::try_from(rate).expect("small"));
        }
    }
}

fn note(checkpoint: &Path, done: i64) {
    let draft = checkpoint.with_extension("draft");
    std::fs::write(&draft, done.to_string()).expect("written");
    std::fs::rename(&draft, checkpoint).expect("renamed");
}

impl Orders {
    /// Starts a victim.
    pub(super) fn start(&self, complaints: &Path) -> Victim {
        let mut command = itself("broadcast::victim::victim", complaints);
        command.env(DATABASE, &self.database).env(API, &self.api);
        command.env(RATE, self.rate.to_string()).env(CLOCK, self.clock.to_string());
        Victim(command.spawn().expect("started"))
    }
}

/// Starts a control.
pub(super) fn start_control(api: &BotApi, rate: u32, recipients: u32, folder: &Path) -> Victim {
    let mut command = itself("broadcast::victim::control", &folder.join("complaints"));
    command.env(CHECKPOINT, folder.join("checkpoint")).env(API, api.url());
    command.env(RATE, rate.to_string()).env(RECIPIENTS, recipients.to_string());
    Victim(command.spawn().expect("started"))
}

fn itself(test: &str, complaints: &Path) -> Command {
    let complaints: PathBuf = complaints.to_owned();
    let file = std::fs::OpenOptions::new().create(true).append(true).open(complaints);
    let mut command = Command::new(std::env::current_exe().expect("a test binary"));
    command
        .args(["--exact", test, "--nocapture"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file.expect("a file"));
    command
}

/// A process; it dies with the test.
pub(super) struct Victim(Child);

impl Victim {
    /// Ends it as a power cut would.
    pub(super) fn kill(mut self) {
        assert!(self.0.try_wait().expect("asked").is_none(), "it ended by itself");
        self.0.kill().expect("killed");
        self.0.wait().expect("dead");
    }

    /// The same, for one that may have come to its end.
    pub(super) fn kill_if_alive(self) {
        drop(self);
    }

    /// Freezes it, or lets it go on.
    pub(super) fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
        assert!(sent.expect("kill").success());
    }

    /// Waits until it has ended by itself.
    pub(super) fn wait(mut self) {
        assert!(self.0.wait().expect("ended").success());
    }

    pub(super) fn is_over(&mut self) -> bool {
        self.0.try_wait().expect("asked").is_some()
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // Dead already, most often.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
