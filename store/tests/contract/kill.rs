//! Processes killed at any moment, again and again: every update ends answered, nothing is lost, and
//! what was sent twice is listed and the same.
//!
//! The victim is this very test binary: it runs the one test `victim`, which answers updates for as
//! long as it is let. What it sends goes into a file instead of to a channel.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use fenghuo_store::{AfterDeath, Completion, Listed, Location, Outcome, Store};
use tempfile::TempDir;

use crate::fixture::{Fixture, noon, telegram, update};

/// Tells the victim which database to serve, and where to send.
const DATABASE: &str = "FENGHUO_VICTIM_DATABASE";
const OUTBOX: &str = "FENGHUO_VICTIM_OUTBOX";

const UPDATES: usize = 600;

/// `FENGHUO_KILLS` asks for more than a test run needs.
fn kills() -> usize {
    std::env::var("FENGHUO_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

contract! {
    no_kill_loses_an_update_and_what_is_sent_twice_is_listed,
}

#[tokio::test]
async fn victim() {
    let (Ok(url), Ok(outbox)) = (std::env::var(DATABASE), std::env::var(OUTBOX)) else { return };
    let store = Store::connect(&Location::parse(&url).expect("a url")).await.expect("opened");
    let _lock = store.lock().await.expect("the one before is dead");
    let mut outbox = OpenOptions::new().append(true).open(outbox).expect("a file");
    // Each process words its replies anew, as a changed library would.
    let wording = std::process::id();
    loop {
        store.recover(&telegram(), AfterDeath::Repeat, noon()).await.expect("recovered");
        for run in store.claim(&telegram(), 4, noon()).await.expect("claimed") {
            for claimed in run.updates {
                let reply = match &claimed.reply {
                    Some(stored) => {
                        store.begin_sending(&claimed).await.expect("marked");
                        stored.clone()
                    }
                    None => {
                        let reply = vec![format!("{} by {wording}", claimed.update_id)];
                        let completion =
                            Completion { reply: reply.clone(), ..Completion::default() };
                        store.complete(&claimed, completion, noon()).await.expect("completed");
                        reply
                    }
                };
                // In one piece: half a line would be glued to the next.
                outbox.write_all(format!("{}\n", reply[0]).as_bytes()).expect("sent");
                store.finish(&claimed, Outcome::Sent, noon()).await.expect("finished");
            }
        }
    }
}

fn start(url: &str, outbox: &Path) -> Child {
    Command::new(std::env::current_exe().expect("a test binary"))
        .args(["--exact", "kill::victim", "--nocapture"])
        .env(DATABASE, url)
        .env(OUTBOX, outbox)
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(complaints(outbox)).expect("a file"))
        .spawn()
        .expect("started")
}

/// Where a victim says why it ended.
fn complaints(outbox: &Path) -> PathBuf {
    outbox.with_extension("complaints")
}

/// A victim runs until it is killed.
fn assert_running(child: &mut Child, outbox: &Path) {
    if child.try_wait().expect("asked").is_some() {
        let said = std::fs::read_to_string(complaints(outbox)).expect("a file");
        panic!("the victim ended by itself: {said}");
    }
}

fn sent(outbox: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(outbox).expect("a file");
    text.lines().map(str::to_owned).collect()
}

async fn no_kill_loses_an_update_and_what_is_sent_twice_is_listed(fixture: Fixture) {
    let folder = TempDir::new().expect("a folder");
    let outbox = folder.path().join("outbox");
    std::fs::write(&outbox, "").expect("written");
    let url = fixture.url();
    let store = fixture.open().await;
    let chats = |n: usize| format!("chat {}", n % 7);
    let updates = (0..UPDATES).map(|n| update(&n.to_string(), &chats(n))).collect();
    store.receive(&telegram(), updates, noon()).await.expect("received");
    let kills = kills();
    for kill in 1..=kills {
        let mut child = start(&url, &outbox);
        // At another moment of its work each time.
        let enough = sent(&outbox).len() + (kill * 7) % (2 * UPDATES / (kills + 1)).max(2);
        while sent(&outbox).len() < enough.min(UPDATES) {
            assert_running(&mut child, &outbox);
            std::thread::yield_now();
        }
        child.kill().expect("killed");
        child.wait().expect("ended");
    }
    let mut last = start(&url, &outbox);
    while store.inbox_counts().await.expect("counts").answered < UPDATES as u64 {
        assert_running(&mut last, &outbox);
    }
    last.kill().expect("killed");
    last.wait().expect("ended");
    compare(&store, &sent(&outbox)).await;
}

/// What the channel saw against what the store says.
async fn compare(store: &Store, sent: &[String]) {
    let mut texts: HashMap<&str, Vec<&str>> = HashMap::new();
    for line in sent {
        let (id, _) = line.split_once(' ').expect("an id");
        texts.entry(id).or_default().push(line);
    }
    assert_eq!(texts.len(), UPDATES, "an update was never answered");
    let listed = store.inbox(Listed::Repeated, 0, 10_000).await.expect("listed");
    let listed: Vec<&str> = listed.iter().map(|entry| entry.update_id.as_str()).collect();
    for (id, texts) in &texts {
        assert!(texts.iter().all(|text| *text == texts[0]), "{id} got two replies: {texts:?}");
        assert!(texts.len() == 1 || listed.contains(id), "{id} was sent twice, and is not listed");
    }
    let repeated = texts.values().filter(|texts| texts.len() > 1).count();
    // Four chats are worked on, one after the other: one request is on its way at a time.
    assert!(repeated <= kills(), "{repeated} repeats after {} kills", kills());
}
