//! Whether a server process is still there, told without any clock.
//!
//! On `PostgreSQL` each process holds an advisory lock under its number, on a connection of its own.
//! The lock goes with the process, and a frozen one loses it too: the server ends a session from
//! which nothing has come for half a minute. What a lost process had claimed is taken up by others;
//! should it wake, the epoch of its claims refuses its writes. An `SQLite` file has one server only,
//! so there every other number is that of a dead process.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection, Row};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::{Dialect, sql};
use crate::{Error, Store};

/// The advisory locks that say "here I am" in this schema. The first half of such a lock names the
/// schema, because locks are seen in the whole database; the second is the number of the process.
const PRESENT: &str = "locktype = 'advisory' AND granted AND objsubid = 2
     AND classid::bigint = hashtext('fenghuo ' || current_schema())::bigint & 4294967295
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Whether `owner` is gone, `$1` being this process. Of a file there is one server: another's number is that of
/// a dead one.
pub(crate) fn dead(dialect: Dialect, owner: &str) -> String {
    let gone = format!("{owner} <> $1");
    match dialect {
        Dialect::Sqlite => gone,
        Dialect::Postgres => format!(
            "{gone} AND NOT EXISTS (
                 SELECT 1 FROM pg_locks WHERE {PRESENT} AND objid::bigint = {owner})"
        ),
    }
}

/// The server ends a silent session after this long.
const SILENCE: &str = "30s";

/// How often a process shows that it is not frozen.
const PULSE: Duration = Duration::from_secs(5);

/// This process among the servers of a database.
pub(super) struct Presence {
    number: i32,
    pulse: Mutex<Option<JoinHandle<()>>>,
}

impl Presence {
    /// A number drawn at random; two processes that draw the same cannot both announce it.
    pub(super) fn new() -> Self {
        let random = RandomState::new().hash_one(0_u8);
        let number = i32::try_from(random >> 33).expect("31 bits fit");
        Self { number, pulse: Mutex::new(None) }
    }

    pub(super) fn number(&self) -> i64 {
        self.number.into()
    }

    /// Shows the number to the other processes, for as long as this one lives.
    pub(super) async fn announce(&self, options: &PgConnectOptions) -> Result<i64, Error> {
        let mut pulse = self.pulse.lock().await;
        if pulse.is_none() {
            let connection = appear(options, self.number).await?;
            *pulse = Some(tokio::spawn(beat(connection, options.clone(), self.number)));
        }
        Ok(self.number())
    }

    /// Gives the number up.
    pub(super) async fn end(&self) {
        if let Some(pulse) = self.pulse.lock().await.take() {
            pulse.abort();
            // The connection is closed once the task is gone.
            drop(pulse.await);
        }
    }
}

/// How many processes show themselves on this database.
pub(super) async fn others(store: &Store) -> Result<u64, Error> {
    let text = format!("SELECT COUNT(*) AS times FROM pg_locks WHERE {PRESENT}");
    store.row(sql(sqlx::AssertSqlSafe(text))).await?.map_or(Ok(0), |row| row.count("times"))
}

async fn appear(options: &PgConnectOptions, number: i32) -> Result<PgConnection, Error> {
    let options = options.clone().application_name("fenghuo presence");
    let mut connection = options.connect().await?;
    sqlx::query("SELECT set_config('idle_session_timeout', $1, false)")
        .bind(SILENCE)
        .execute(&mut connection)
        .await?;
    let row = sqlx::query(
        "SELECT pg_try_advisory_lock(hashtext('fenghuo ' || current_schema()), $1) AS taken",
    )
    .bind(number)
    .fetch_one(&mut connection)
    .await?;
    if row.try_get("taken")? { Ok(connection) } else { Err(Error::Stale) }
}

/// Keeps the session awake; a lost one is opened again.
async fn beat(mut connection: PgConnection, options: PgConnectOptions, number: i32) {
    loop {
        tokio::time::sleep(PULSE).await;
        if connection.ping().await.is_ok() {
            continue;
        }
        tracing::warn!("the session that shows this process to others is lost; opening another");
        match appear(&options, number).await {
            Ok(fresh) => connection = fresh,
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "not opened"),
        }
    }
}
