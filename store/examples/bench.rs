//! Measures the inbox against plain commits of the same database in the same run:
//! `cargo run --release -p fenghuo-store --example bench -- ROWS URL…` prints a Markdown table.
//!
//! A row is received, claimed, completed together with its session, and finished: four commits, each
//! waited for. "raw" is one plain INSERT a commit on one connection, with the same durability.
#![expect(clippy::print_stdout, reason = "what it is for")]
#![expect(clippy::unwrap_used, reason = "a bench that fails should say where")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use fenghuo_store::{
    Account, Change, Claimed, Completion, Location, Outcome, SessionId, Store, Update,
};
use jiff::Timestamp;
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tokio::task::JoinSet;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows: u32 = arguments.next().unwrap().parse().unwrap();
    println!("| database | what | writers | rows/s |\n|---|---|---|---|");
    for url in arguments {
        let name = url.split(':').next().unwrap().to_owned();
        let report = |what: &str, writers: u32, seconds: f64, rows: u32| {
            let rate = f64::from(rows) / seconds;
            println!("| {name} | {what} | {writers} | {rate:.0} |");
        };
        let few = rows.min(1000);
        report("raw single-row commits", 1, raw(&url, few).await, few);
        let store = Store::connect(&Location::parse(&url).unwrap()).await.unwrap();
        for writers in [1, 64] {
            let rows = if writers == 1 { few } else { rows };
            let seconds = one_by_one(&store, writers, rows).await;
            report("inbox, each update for itself", writers, seconds, rows);
        }
        report(
            "inbox, received and claimed in batches of 64",
            64,
            batches(&store, rows).await,
            rows,
        );
    }
}

async fn raw(url: &str, rows: u32) -> f64 {
    let sql = "INSERT INTO raw_bench (body) VALUES ('a text about as long as an update of a chat, a bit more')";
    let create = "CREATE TABLE IF NOT EXISTS raw_bench (body TEXT NOT NULL)";
    let started;
    if let Some(path) = url.strip_prefix("sqlite://") {
        let url = format!("sqlite://{path}.raw?mode=rwc");
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").await.unwrap();
        connection.execute(create).await.unwrap();
        started = Instant::now();
        for _ in 0..rows {
            connection.execute(sqlx::query(sql)).await.unwrap();
        }
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(create).await.unwrap();
        started = Instant::now();
        for _ in 0..rows {
            connection.execute(sqlx::query(sql)).await.unwrap();
        }
    }
    started.elapsed().as_secs_f64()
}

fn account() -> Account {
    Account::new("telegram", "bench")
}

fn update(number: u32, run: u32) -> Update {
    let body = format!("{{\"update_id\":{number},\"message\":{{\"text\":\"油锅起火怎么办\"}}}}");
    Update {
        id: format!("{run}-{number}-{}", Timestamp::now()),
        chat: Some((number % 10_000).to_string()),
        body,
    }
}

async fn answer(store: &Store, claimed: &Claimed) {
    let now = Timestamp::now();
    let id = SessionId::from_bits(claimed.row.unsigned_abs().into());
    let changes = vec![Change::SaveSession { id, state: "{\"version\":1}".to_owned() }];
    let reply = vec!["先关火，再盖锅盖，不要泼水。".to_owned()];
    let completion = Completion { reply, changes, ..Completion::default() };
    store.complete(claimed, completion, now).await.unwrap();
    store.finish(claimed, Outcome::Sent, now).await.unwrap();
}

/// Each writer takes one update through all its states, then the next.
async fn one_by_one(store: &Store, writers: u32, rows: u32) -> f64 {
    let next = Arc::new(AtomicU32::new(0));
    let mut tasks = JoinSet::new();
    let started = Instant::now();
    for _ in 0..writers {
        let (store, next) = (store.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= rows {
                    return;
                }
                let now = Timestamp::now();
                let updates = vec![update(number, writers)];
                let row = store.receive(&account(), updates, now).await.unwrap()[0].row;
                let claimed = store.claim_row(row, now).await.unwrap().unwrap();
                answer(&store, &claimed).await;
            }
        });
    }
    tasks.join_all().await;
    started.elapsed().as_secs_f64()
}

/// Updates come in batches of 64; a worker claims what is there and answers all chats at once.
async fn batches(store: &Store, rows: u32) -> f64 {
    let started = Instant::now();
    let receiver = {
        let store = store.clone();
        tokio::spawn(async move {
            for first in (0..rows).step_by(64) {
                let updates = (first..rows.min(first + 64)).map(|n| update(n, 0)).collect();
                store.receive(&account(), updates, Timestamp::now()).await.unwrap();
            }
        })
    };
    let mut done = 0;
    while done < rows {
        let mut tasks = JoinSet::new();
        for run in store.claim(&account(), 64, Timestamp::now()).await.unwrap() {
            done += u32::try_from(run.updates.len()).unwrap();
            let store = store.clone();
            tasks.spawn(async move {
                for claimed in &run.updates {
                    answer(&store, claimed).await;
                }
            });
        }
        tasks.join_all().await;
        tokio::task::yield_now().await;
    }
    receiver.await.unwrap();
    started.elapsed().as_secs_f64()
}
