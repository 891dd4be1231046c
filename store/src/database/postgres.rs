//! Opening a `PostgreSQL` database, and waking the other processes on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{PgPool, Row};
use tokio::sync::Notify;

use super::{Location, Pending, Transaction, migration};
use crate::Error;

/// `idle_session_timeout`, by which a frozen process loses its claims, came with 14.
const OLDEST: i32 = 140_000;

/// Connections of one process; a server answers from a handful.
const CONNECTIONS: u32 = 16;

/// How long an unreachable server is waited for.
const REACH: Duration = Duration::from_secs(10);

/// Other processes are woken at most once in this time.
const RING_AFTER: Duration = Duration::from_millis(20);

/// The channel of LISTEN and NOTIFY.
const CHANNEL: &str = "fenghuo";

/// Opens and migrates the database.
pub(super) async fn open(location: &Location, options: &PgConnectOptions) -> Result<PgPool, Error> {
    let fail = |source| Error::Open { place: location.to_string(), source: Arc::new(source) };
    // A claim must never wait behind a client that went away inside its transaction.
    let options = options.clone().application_name("fenghuo").options([
        ("idle_in_transaction_session_timeout", "30s"),
        ("client_min_messages", "warning"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(REACH)
        .connect_with(options)
        .await
        .map_err(fail)?;
    assert_version(&pool).await?;
    migration::migrate_server(&pool).await?;
    Ok(pool)
}

async fn assert_version(pool: &PgPool) -> Result<(), Error> {
    let row = sqlx::query(
        "SELECT current_setting('server_version_num')::int AS number,
                current_setting('server_version') AS version",
    )
    .fetch_one(pool)
    .await?;
    if row.try_get::<i32, _>("number")? >= OLDEST {
        return Ok(());
    }
    Err(Error::Outdated { product: "PostgreSQL", found: row.try_get("version")?, needed: "14" })
}

/// Runs `work` in one transaction.
pub(super) async fn write<T, W>(pool: &PgPool, work: W) -> Result<T, Error>
where
    W: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, Result<T, Error>>,
{
    let mut transaction = Transaction::Postgres(pool.begin().await?);
    let value = work(&mut transaction).await?;
    transaction.commit().await?;
    Ok(value)
}

/// Rings `bell` when another process has work to share, until the pool is closed.
pub(super) async fn listen(pool: &PgPool, bell: &Arc<Notify>) -> Result<(), Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    let bell = Arc::clone(bell);
    let pool = pool.clone();
    tokio::spawn(async move {
        while !pool.is_closed() {
            match listener.recv().await {
                Ok(_) => bell.notify_waiters(),
                // It connects again by itself; what was rung meanwhile is found by looking.
                Err(error) => {
                    tracing::warn!(%error, "not listening to other processes for the moment");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    });
    Ok(())
}

/// Rings the bells of other processes.
#[derive(Clone, Default)]
pub(super) struct Ringer {
    ringing: Arc<AtomicBool>,
}

impl Ringer {
    /// Rings soon, once for all that asked until then. Not within the transaction that brought the work:
    /// commits that notify wait for one another. A ring that is lost costs a second, no more.
    pub(super) fn ring(&self, pool: &PgPool) {
        if self.ringing.swap(true, Ordering::AcqRel) {
            return;
        }
        let (pool, ringing) = (pool.clone(), Arc::clone(&self.ringing));
        tokio::spawn(async move {
            tokio::time::sleep(RING_AFTER).await;
            ringing.store(false, Ordering::Release);
            let rung = sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(&pool).await;
            if let Err(error) = rung {
                tracing::debug!(%error, "other processes are not woken");
            }
        });
    }
}
