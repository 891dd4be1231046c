//! Group commit for `SQLite`: one task writes, and what waits is committed together.
//!
//! A commit costs a flush to disk, whether it holds one change or two hundred. Each caller waits for
//! the commit that holds its change; a change that fails is undone alone (savepoint).

use std::pin::Pin;

use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot};

use super::{Transaction, sql};
use crate::Error;

/// Most changes in one commit: bounds how long the first one waits.
const MAX_BATCH: usize = 256;

/// Changes that may wait; more make their callers wait before they queue.
const QUEUE: usize = 1024;

/// A future that can be stored.
pub(crate) type Pending<'t, T> = Pin<Box<dyn Future<Output = T> + Send + 't>>;

/// A change that waits for its turn.
trait Job: Send {
    /// Runs it, without committing.
    fn run<'t>(self: Box<Self>, transaction: &'t mut Transaction) -> Pending<'t, Ran>;

    /// Tells its caller that it never ran.
    fn refuse(self: Box<Self>, error: Error);

    /// Whether it consists of several statements, which must be undone together.
    fn is_compound(&self) -> bool;
}

/// A change that has run but is not yet committed.
struct Ran {
    failed: bool,
    announce: Announce,
}

type Announce = Box<dyn FnOnce(Result<(), Error>) + Send>;

struct Change<T, W> {
    compound: bool,
    work: W,
    caller: oneshot::Sender<Result<T, Error>>,
}

impl<T, W> Job for Change<T, W>
where
    T: Send + 'static,
    W: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, Result<T, Error>> + Send,
{
    fn run<'t>(self: Box<Self>, transaction: &'t mut Transaction) -> Pending<'t, Ran> {
        let Self { work, caller, .. } = *self;
        let running = work(transaction);
        Box::pin(async move {
            let result = running.await;
            let failed = result.is_err();
            // A caller that has gone away needs no answer.
            let announce: Announce = Box::new(move |committed| {
                drop(caller.send(result.and_then(|value| committed.map(|()| value))));
            });
            Ran { failed, announce }
        })
    }

    fn refuse(self: Box<Self>, error: Error) {
        drop(self.caller.send(Err(error)));
    }

    fn is_compound(&self) -> bool {
        self.compound
    }
}

/// Where changes queue.
#[derive(Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
}

impl Writer {
    /// Starts the writing task on `pool`, which has one connection. It ends with the last clone.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write(pool, waiting));
        Self { jobs }
    }

    /// Runs `work` in the next transaction and waits until that is on disk.
    pub(super) async fn run<T, W>(&self, compound: bool, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, Result<T, Error>> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        let job = Box::new(Change { compound, work, caller });
        self.jobs.send(job).await.map_err(|_| sqlx::Error::PoolClosed)?;
        answer.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

async fn write(pool: SqlitePool, mut waiting: mpsc::Receiver<Box<dyn Job>>) {
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while waiting.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let jobs = std::mem::replace(&mut batch, Vec::with_capacity(MAX_BATCH));
        // In a task of its own, so that a panic loses one batch and not the writer.
        if let Err(error) = tokio::spawn(commit(pool.clone(), jobs)).await {
            tracing::error!(%error, "a change to the database panicked");
        }
    }
}

/// Runs `jobs` in one transaction and tells each how it ended.
async fn commit(pool: SqlitePool, jobs: Vec<Box<dyn Job>>) {
    let mut ran = Vec::with_capacity(jobs.len());
    let mut jobs = jobs.into_iter();
    let outcome = run_all(&pool, &mut jobs, &mut ran).await;
    for announce in ran {
        announce(outcome.clone());
    }
    if let Err(error) = outcome {
        jobs.for_each(|job| job.refuse(error.clone()));
    }
}

async fn run_all(
    pool: &SqlitePool,
    jobs: &mut std::vec::IntoIter<Box<dyn Job>>,
    ran: &mut Vec<Announce>,
) -> Result<(), Error> {
    // IMMEDIATE: a transaction that reads first and writes later could not wait for another process.
    let mut transaction = Transaction::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?);
    transaction.execute(sql("SAVEPOINT batch")).await?;
    for job in jobs {
        let compound = job.is_compound();
        if compound {
            transaction.execute(sql("SAVEPOINT change")).await?;
        }
        let Ran { failed, announce } = job.run(&mut transaction).await;
        ran.push(announce);
        settle(&mut transaction, compound, failed).await?;
    }
    transaction.commit().await
}

/// Keeps or undoes the change that has just run.
///
/// A full disk makes `SQLite` roll back everything at once; the savepoints are gone then, naming one
/// fails, and the whole batch is refused instead of going on outside any transaction.
async fn settle(transaction: &mut Transaction, compound: bool, failed: bool) -> Result<(), Error> {
    match (compound, failed) {
        (false, false) => Ok(()),
        (true, false) => transaction.execute(sql("RELEASE change")).await.map(drop),
        (true, true) => {
            transaction.execute(sql("ROLLBACK TO change")).await?;
            transaction.execute(sql("RELEASE change")).await.map(drop)
        }
        (false, true) => {
            transaction.execute(sql("RELEASE batch")).await?;
            transaction.execute(sql("SAVEPOINT batch")).await.map(drop)
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::sql;
    use crate::{Account, Store};

    /// What `SQLite` does by itself when the disk is full.
    #[tokio::test]
    async fn after_a_transaction_was_rolled_back_behind_our_back_the_next_ones_are_written() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("test.db")).await.expect("a store");
        for _ in 0..3 {
            let full = store.write(|transaction| {
                Box::pin(async move { transaction.execute(sql("ROLLBACK")).await })
            });
            assert!(full.await.is_err(), "the batch is refused");
            let hold = store.hold_sender(&Account::new("test", "main")).await;
            assert!(hold.expect("written").is_some());
        }
        store.purge(Timestamp::UNIX_EPOCH).await.expect("written");
    }
}
