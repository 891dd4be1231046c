//! Updates a second from webhook to reply: the binary beside an aiogram bot that answers a constant text.
//!
//! `cargo bench --bench inbox -- [--quick] [AIOGRAM_PYTHON]`. One fake Bot API and one poster with as many
//! connections as Telegram opens serve both in the same run, on loopback. Prints Markdown for
//! docs/BENCHMARKS.md. Without a Python that has aiogram the peer is left out, and said to be.

mod encoder;
mod fake;
mod http;
mod peer;
mod post;
mod server;

use std::io::Write;

use fake::Fake;
use peer::Peer;
use post::{Kind, Load};
use server::Server;

/// What is measured: chats, updates, what is asked.
const RUNS: [(usize, usize, Kind); 4] = [
    (1, 1_500, Kind::Danger),
    (100, 6_000, Kind::Danger),
    (10_000, 20_000, Kind::Danger),
    (10_000, 20_000, Kind::Question),
];
/// Sessions whose memory is looked at.
const SESSIONS: usize = 100_000;

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let python = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    // A tenth of the work: whether it runs at all.
    let part = if std::env::args().any(|argument| argument == "--quick") { 10 } else { 1 };
    runtime.block_on(measure(python.as_deref(), part));
}

async fn measure(python: Option<&str>, part: usize) {
    let own = encoder::rate(4_000 / part);
    say(&format!("The encoder alone, {} threads: {own:.0} questions/s.\n", encoder::THREADS));
    say(
        "| chats | updates | asked | aiogram, constant text | fenghuo, `semantic = false` | ratio | fenghuo, encoder | of the encoder's own rate |",
    );
    say("|---|---|---|---|---|---|---|---|");
    for (chats, updates, kind) in RUNS {
        let load = Load { chats, updates: updates / part, kind };
        let peer = match python {
            Some(python) => Some(against_peer(python, load).await),
            None => None,
        };
        let words = against_us(load, false).await;
        let meaning = match kind {
            Kind::Danger => None,
            Kind::Question => Some(against_us(load, true).await),
        };
        let rate = |rate: Option<f64>| rate.map_or("–".to_owned(), |rate| format!("{rate:.0}/s"));
        let ratio = peer.map_or("–".to_owned(), |peer| format!("{:.1}×", words / peer));
        let share = meaning.map_or("–".to_owned(), |rate| format!("{:.0} %", rate / own * 100.0));
        say(&format!(
            "| {chats} | {} | {} | {} | {} | {ratio} | {} | {share} |",
            load.updates,
            kind.name(),
            rate(peer),
            rate(Some(words)),
            rate(meaning)
        ));
    }
    memory(SESSIONS / part).await;
}

/// Updates a second of aiogram.
async fn against_peer(python: &str, load: Load) -> f64 {
    let fake = Fake::start(false).await;
    let peer = Peer::start(python, &fake.url());
    let seconds = load.post(&peer.hook(), &fake).await;
    load.rate(seconds)
}

/// Updates a second of ours, replies counted.
async fn against_us(load: Load, semantic: bool) -> f64 {
    let fake = Fake::start(true).await;
    let server = Server::start(&fake, semantic).await;
    let seconds = load.post(&server.hook(), &fake).await;
    load.rate(seconds)
}

/// What a hundred thousand sessions cost in memory and on disk.
async fn memory(sessions: usize) {
    let fake = Fake::start(true).await;
    let server = Server::start(&fake, false).await;
    let warm = Load { chats: 1_000, updates: 1_000, kind: Kind::Question };
    warm.post(&server.hook(), &fake).await;
    let (before, disk) = (server.resident(), server.disk());
    let load = Load { chats: sessions, updates: sessions, kind: Kind::Question };
    let seconds = load.post(&server.hook(), &fake).await;
    say(&format!(
        "\n{sessions} sessions: {:.1} MB resident more (from {:.0} MB), {:.1} MB on disk more ({:.0} bytes a session with its update), {:.0} updates/s",
        server.resident() - before,
        before,
        server.disk() - disk,
        (server.disk() - disk) * 1e6 / load.updates as f64,
        load.rate(seconds)
    ));
}

/// Prints a line at once.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
