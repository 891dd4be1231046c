//! Measures the ledger against plain commits of the same database in the same run:
//! `cargo run --release -p fenghuo-store --example ledger -- ROWS URL…` prints a Markdown table. The
//! databases must be new.
//!
//! A delivery is leased, marked and completed: three commits of a batch, each waited for. "raw" is a plain
//! INSERT of 100 rows a commit on one connection, with the same durability.
#![expect(clippy::print_stdout, reason = "what it is for")]
#![expect(clippy::unwrap_used, reason = "a bench that fails should say where")]

use std::collections::BTreeMap;
use std::time::Instant;

use fenghuo_store::{
    Account, Actor, Audience, Campaign, CampaignKind, DeliveryOutcome, Draft, Hold, LeaseTerms,
    Location, OfficialRole, Store, UnknownPolicy,
};
use jiff::{SignedDuration, Timestamp};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tokio::task::JoinSet;

/// Deliveries leased at a time.
const BATCH: u32 = 500;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let rows: u32 = arguments.next().unwrap().parse().unwrap();
    println!(
        "| database | recipients | what | rows/s | seconds | memory |\n|---|---|---|---|---|---|"
    );
    for url in arguments {
        let name = url.split(':').next().unwrap().to_owned();
        let report = |what: &str, done: u32, seconds: f64| {
            let rate = f64::from(done) / seconds;
            let memory = memory();
            println!("| {name} | {rows} | {what} | {rate:.0} | {seconds:.2} | {memory} MB |");
        };
        let store = Store::connect(&Location::parse(&url).unwrap()).await.unwrap();
        subscribers(&url, rows).await;
        let (raw_rows, seconds) = raw(&url).await;
        report("raw commits of 100 rows", raw_rows, seconds);
        let started = Instant::now();
        let counted = store.audience_count(&Audience::default()).await.unwrap();
        assert_eq!(counted.total, u64::from(rows));
        report("audience counted", rows, started.elapsed().as_secs_f64());
        let campaign = approved(&store).await;
        let started = Instant::now();
        while !store.materialise(campaign.id, 40_000, Timestamp::now()).await.unwrap().done {}
        report("materialised, hashed", rows, started.elapsed().as_secs_f64());
        let (id, version) = (campaign.id, campaign.version);
        store.send_campaign(id, version, &Actor::engine(), Timestamp::now()).await.unwrap();
        for workers in [1, 8] {
            let done = if workers == 1 { rows / 10 } else { rows - rows / 10 };
            let seconds = deliver(&store, workers, done).await;
            report(&format!("leased, marked, completed by {workers}"), done, seconds);
        }
        let started = Instant::now();
        let progress = store.campaign_progress(id).await.unwrap();
        report("progress counted", rows, started.elapsed().as_secs_f64());
        assert_eq!(progress.sent, u64::from(rows));
        let started = Instant::now();
        assert_eq!(store.finish_campaigns(Timestamp::now()).await.unwrap().done, [id]);
        report("campaign found done", rows, started.elapsed().as_secs_f64());
        store.close().await;
    }
}

/// Most memory this process has used, in MB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|text| text.trim().strip_suffix(" kB")?.trim().parse().ok());
    kilobytes.unwrap_or(0_u64) / 1024
}

/// Subscribers on one account, in twenty townships, straight into the table.
async fn subscribers(url: &str, rows: u32) {
    let numbers = format!(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows})"
    );
    let hex = if url.starts_with("sqlite") { "printf('%032x'," } else { "lpad(to_hex(" };
    let end = if url.starts_with("sqlite") { ")" } else { "), 32, '0')" };
    let script = format!(
        "INSERT INTO account (channel, name, purpose, epoch) VALUES ('telegram', 'bench', 1, 0);
         {numbers} INSERT INTO segment (account, region, role)
             SELECT account.number, 'region' || n, 'home' FROM account, n WHERE n <= 20;
         {numbers} INSERT INTO subscriber (id, segment, channel, account, chat, region, role, language,
                 consented, active, outlet, leave_token)
             SELECT {hex} n{end}, segment.number, 'telegram', 'bench', n, segment.region, 'home', 'zh',
                    0, TRUE, FALSE, {hex} n{end}
             FROM n JOIN segment ON segment.region = 'region' || (n % 20 + 1) ORDER BY n"
    );
    let script = script.replace("'bench', n,", "'bench', CAST(n AS TEXT),");
    if url.starts_with("sqlite") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(script))).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(script))).await.unwrap();
    }
}

/// Plain commits of 100 rows like those of the ledger.
async fn raw(url: &str) -> (u32, f64) {
    const COMMITS: u32 = 300;
    let create = "CREATE TABLE IF NOT EXISTS raw_bench (a BIGINT, b BIGINT, c BIGINT, d TEXT)";
    let values = vec!["(1, 2, 3, 'an id of a provider')"; 100].join(", ");
    let insert = format!("INSERT INTO raw_bench VALUES {values}");
    let started;
    if let Some(path) = url.strip_prefix("sqlite://") {
        let url = format!("sqlite://{path}.raw?mode=rwc");
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL").await.unwrap();
        connection.execute(create).await.unwrap();
        started = Instant::now();
        for _ in 0..COMMITS {
            connection.execute(sqlx::query(sqlx::AssertSqlSafe(insert.as_str()))).await.unwrap();
        }
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(create).await.unwrap();
        started = Instant::now();
        for _ in 0..COMMITS {
            connection.execute(sqlx::query(sqlx::AssertSqlSafe(insert.as_str()))).await.unwrap();
        }
    }
    (COMMITS * 100, started.elapsed().as_secs_f64())
}

async fn approved(store: &Store) -> Campaign {
    let now = Timestamp::now();
    for (name, role) in [("li", OfficialRole::Editor), ("wang", OfficialRole::Approver)] {
        store.add_official(name, role, "hash", &Actor::cli("bench"), now).await.unwrap();
    }
    let draft = Draft {
        kind: CampaignKind::Notice,
        title: "bench".to_owned(),
        body: "油锅起火先关火。".to_owned(),
        overrides: BTreeMap::new(),
        audience: Audience::default(),
        urgent: false,
        policy: UnknownPolicy::Never,
        expires: now + SignedDuration::from_hours(24),
        starts: None,
        document: None,
        occasion: None,
        refers: None,
        relay: None,
    };
    let made = store.create_campaign("BENCH1", draft, &Actor::cli("li"), now).await.unwrap();
    let made = store.submit_campaign(made.id, made.version, &Actor::cli("li"), now).await.unwrap();
    let wang = Actor::cli("wang");
    store.approve_campaign(made.id, made.version, "hash", &wang, now).await.unwrap()
}

/// Each worker leases a batch, marks it and completes it, until `rows` are done.
async fn deliver(store: &Store, workers: u32, rows: u32) -> f64 {
    let account = Account::new("telegram", "bench");
    let hold = store.hold_sender(&account).await.unwrap().unwrap();
    let left = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(rows.into()));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..workers {
        let (store, hold, left) = (store.clone(), hold.clone(), std::sync::Arc::clone(&left));
        tasks.spawn(async move {
            loop {
                let before = left.fetch_sub(BATCH.into(), std::sync::atomic::Ordering::Relaxed);
                let Ok(limit) = u32::try_from(before.clamp(0, BATCH.into())) else { return };
                if limit == 0 {
                    return;
                }
                batch(&store, &hold, limit).await;
            }
        });
    }
    tasks.join_all().await;
    started.elapsed().as_secs_f64()
}

async fn batch(store: &Store, hold: &Hold, limit: u32) {
    let now = Timestamp::now();
    let terms = LeaseTerms::new(limit, now + SignedDuration::from_secs(60));
    let leased = store.lease(hold, terms, now).await.unwrap();
    assert_eq!(u32::try_from(leased.len()).unwrap(), limit);
    let keys = leased.iter().map(|leased| leased.key).collect();
    let marked = store.mark_sending(hold, keys, now).await.unwrap();
    let outcomes = marked
        .iter()
        .map(|key| (*key, DeliveryOutcome::Sent { provider_id: Some(key.recipient.to_string()) }))
        .collect();
    store.complete_deliveries(hold, outcomes, now).await.unwrap();
}
