//! The open database, whichever it is: reading, writing, waking, closing.

mod again;
mod gather;
mod list;
mod location;
mod lock;
mod migration;
mod postgres;
mod presence;
mod row;
mod sqlite;
mod statement;
mod transaction;
mod writer;

use std::path::Path;
use std::sync::Arc;

use sqlx::{PgPool, SqlitePool};
use tokio::sync::Notify;

pub(crate) use gather::{Answers, Asked, Gathered, Queue};
pub(crate) use list::{Column, list, listed};
pub use location::Location;
pub use lock::Lock;
pub(crate) use migration::known_version;
pub(crate) use presence::dead;
pub(crate) use row::Row;
pub(crate) use sqlite::create_empty;
pub(crate) use statement::{Statement, Value, sql, without_nul};
pub(crate) use transaction::{Dialect, Transaction};
pub(crate) use writer::Pending;

use crate::Error;
use crate::queues::Queues;
use location::Kind;
use postgres::Ringer;
use presence::Presence;
use writer::Writer;

/// The database. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    location: Location,
    backend: Backend,
    presence: Presence,
    /// Rings when an update was received or may be taken up again.
    bell: Arc<Notify>,
    /// What waits to be carried out together.
    queues: Queues,
}

enum Backend {
    /// One writer connection behind a task, and several readers.
    Sqlite {
        pool: SqlitePool,
        writer: Writer,
        reader: SqlitePool,
    },
    Postgres {
        pool: PgPool,
        ringer: Ringer,
    },
}

impl Store {
    /// Opens the `SQLite` file `path`, creates it and its folder where absent, and migrates it.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub async fn open(path: &Path) -> Result<Self, Error> {
        Self::connect(&Location::file(path)).await
    }

    /// Opens the database at `location` and migrates it; a file is created where it is absent.
    ///
    /// # Errors
    /// When it cannot be created or reached, is too old, or a newer program has written it.
    pub async fn connect(location: &Location) -> Result<Self, Error> {
        let bell = Arc::new(Notify::new());
        let backend = match &location.0 {
            Kind::File(path) => {
                let (pool, reader) = sqlite::open(path).await?;
                Backend::Sqlite { writer: Writer::start(pool.clone()), pool, reader }
            }
            Kind::Server(options) => {
                let pool = postgres::open(location, options).await?;
                postgres::listen(&pool, &bell).await?;
                Backend::Postgres { pool, ringer: Ringer::default() }
            }
        };
        let presence = Presence::new();
        let (location, queues) = (location.clone(), Queues::default());
        Ok(Self { inner: Arc::new(Inner { location, backend, presence, bell, queues }) })
    }

    /// Claims the database for this process as a server; one-shot commands need no claim.
    ///
    /// A file has one server. Of `PostgreSQL` there may be many; each is known to the others for as long
    /// as it lives.
    ///
    /// # Errors
    /// [`Error::Locked`] when another process serves the file.
    pub async fn lock(&self) -> Result<Lock, Error> {
        match &self.inner.location.0 {
            Kind::File(path) => Lock::take(path),
            Kind::Server(_) => {
                self.instance().await?;
                Ok(Lock::none())
            }
        }
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.inner.location
    }

    /// Waits for running statements, writes the WAL back and closes the database.
    pub async fn close(&self) {
        self.inner.presence.end().await;
        match &self.inner.backend {
            Backend::Sqlite { pool, reader, .. } => {
                reader.close().await;
                pool.close().await;
            }
            Backend::Postgres { pool, .. } => pool.close().await,
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match &self.inner.backend {
            Backend::Sqlite { .. } => Dialect::Sqlite,
            Backend::Postgres { .. } => Dialect::Postgres,
        }
    }

    /// The number of this process among the servers of the database. Who owns what is told by it.
    pub(crate) async fn instance(&self) -> Result<i64, Error> {
        match &self.inner.location.0 {
            Kind::File(_) => Ok(self.inner.presence.number()),
            Kind::Server(options) => self.inner.presence.announce(options).await,
        }
    }

    /// Runs `work` in one transaction; what it returns is on disk. Where a server undoes it for the sake of
    /// another transaction, it runs again, from what it was given at first.
    pub(crate) async fn write<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, Result<T, Error>>,
        W: Clone + Send + 'static,
    {
        match &self.inner.backend {
            Backend::Sqlite { writer, .. } => writer.run(true, work).await,
            Backend::Postgres { pool, .. } => {
                again::until_done(|| postgres::write(pool, work.clone())).await
            }
        }
    }

    /// As [`Store::write`], for what can run only once.
    pub(crate) async fn write_once<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: for<'t> FnOnce(&'t mut Transaction) -> Pending<'t, Result<T, Error>> + Send + 'static,
    {
        match &self.inner.backend {
            Backend::Sqlite { writer, .. } => writer.run(true, work).await,
            Backend::Postgres { pool, .. } => postgres::write(pool, work).await,
        }
    }

    /// Runs one statement that writes; how many rows it changed.
    pub(crate) async fn execute(&self, statement: Statement) -> Result<u64, Error> {
        match &self.inner.backend {
            Backend::Sqlite { writer, .. } => {
                writer.run(false, move |change| Box::pin(change.execute(statement))).await
            }
            Backend::Postgres { pool, .. } => {
                again::until_done(|| async {
                    Ok(statement.clone().for_postgres().execute(pool).await?.rows_affected())
                })
                .await
            }
        }
    }

    /// All rows of a statement that only reads.
    pub(crate) async fn rows(&self, statement: Statement) -> Result<Vec<Row>, Error> {
        Ok(match &self.inner.backend {
            Backend::Sqlite { reader, .. } => {
                let rows = statement.for_sqlite().fetch_all(reader).await?;
                rows.into_iter().map(Row::Sqlite).collect()
            }
            Backend::Postgres { pool, .. } => {
                let rows = statement.for_postgres().fetch_all(pool).await?;
                rows.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    /// The first row of a statement that only reads.
    pub(crate) async fn row(&self, statement: Statement) -> Result<Option<Row>, Error> {
        Ok(self.rows(statement).await?.into_iter().next())
    }

    /// A transaction that only reads, and sees everything as of one moment.
    pub(crate) async fn snapshot(&self) -> Result<Transaction, Error> {
        Ok(match &self.inner.backend {
            Backend::Sqlite { reader, .. } => Transaction::Sqlite(reader.begin().await?),
            Backend::Postgres { pool, .. } => Transaction::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        })
    }

    /// Claims the database for a command that no server may disturb.
    pub(crate) async fn lock_alone(&self) -> Result<Lock, Error> {
        let served = || Error::Served { place: self.inner.location.to_string() };
        match &self.inner.backend {
            Backend::Sqlite { .. } => self.lock().await.map_err(|error| match error {
                Error::Locked { .. } => served(),
                other => other,
            }),
            Backend::Postgres { .. } => match presence::others(self).await? {
                0 => Ok(Lock::none()),
                _ => Err(served()),
            },
        }
    }

    /// Lets `SQLite` write a copy of itself into the empty file `path`.
    pub(crate) async fn vacuum_into(&self, path: &Path) -> Result<(), Error> {
        if let Backend::Sqlite { reader, .. } = &self.inner.backend {
            migration::vacuum_into(reader, path).await?;
        }
        Ok(())
    }

    pub(crate) fn queues(&self) -> &Queues {
        &self.inner.queues
    }

    pub(crate) fn bell(&self) -> &Notify {
        &self.inner.bell
    }

    /// Wakes the other processes; those of this one are woken by the bell.
    pub(crate) fn ring_elsewhere(&self) {
        if let Backend::Postgres { pool, ringer } = &self.inner.backend {
            ringer.ring(pool);
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.inner.location)
    }
}
