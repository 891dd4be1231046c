//! A database of one test: a file in a temporary folder, or a schema of its own on the server.

use std::path::PathBuf;

use fenghuo_store::{Account, Claimed, Location, Run, Store, Update};
use jiff::{SignedDuration, Timestamp};
use sqlx::Connection;
use tempfile::TempDir;

/// Names the `PostgreSQL` to test against; `tests/run.sh` starts one.
const SERVER: &str = "FENGHUO_TEST_POSTGRES";

/// Runs each body against both databases.
macro_rules! contract {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::fixture::Fixture::file()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                let name = concat!(module_path!(), "::", stringify!($name));
                if let Some(fixture) = crate::fixture::Fixture::server(name).await {
                    super::$name(fixture).await;
                }
            })*
        }
    };
}

/// Where the database of a test is.
pub(crate) struct Fixture {
    location: Location,
    folder: Option<TempDir>,
    schema: String,
    url: String,
}

impl Fixture {
    /// An `SQLite` file that does not exist yet.
    pub(crate) fn file() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let url = format!("sqlite://{}", folder.path().join("data/fenghuo.db").display());
        let location = Location::parse(&url).expect("well-formed");
        Self { location, folder: Some(folder), schema: String::new(), url }
    }

    /// An empty schema named after the test; `None` where no server was given.
    pub(crate) async fn server(test: &str) -> Option<Self> {
        let Ok(url) = std::env::var(SERVER) else {
            skip();
            return None;
        };
        // Names are cut at 63 bytes; the hash keeps them apart.
        let hash = test.bytes().fold(7_u64, |hash, byte| hash.wrapping_mul(131) ^ u64::from(byte));
        let schema = format!("test_{}_{hash:x}", std::process::id());
        let mut connection = sqlx::PgConnection::connect(&url).await.expect("the server answers");
        let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.expect("created");
        let joint = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{joint}options=-csearch_path%3D{schema}");
        let location = Location::parse(&url).expect("well-formed");
        Some(Self { location, folder: None, schema, url })
    }

    pub(crate) fn is_file(&self) -> bool {
        self.folder.is_some()
    }

    /// The address of the database.
    pub(crate) fn url(&self) -> String {
        self.url.clone()
    }

    pub(crate) fn schema(&self) -> String {
        self.schema.clone()
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.location.path().expect("a file").to_owned()
    }

    pub(crate) async fn open(&self) -> Store {
        Store::connect(&self.location).await.expect("the store opens")
    }
}

#[expect(clippy::print_stderr, reason = "whoever reads the results must know what was not tested")]
fn skip() {
    eprintln!("skipped: {SERVER} names no PostgreSQL to test against");
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub(crate) fn noon() -> Timestamp {
    at("2026-11-23T04:00:00Z")
}

pub(crate) fn later(hours: i64) -> Timestamp {
    noon() + SignedDuration::from_hours(hours)
}

pub(crate) fn seconds(seconds: i64) -> Timestamp {
    noon() + SignedDuration::from_secs(seconds)
}

pub(crate) fn telegram() -> Account {
    Account::new("telegram", "main")
}

/// The update `id` of `chat`.
pub(crate) fn update(id: &str, chat: &str) -> Update {
    Update { id: id.to_owned(), chat: Some(chat.to_owned()), body: format!("body of {id}") }
}

/// Puts updates of chats into the inbox, numbered from one.
pub(crate) async fn receive(store: &Store, chats: &[&str]) {
    let numbered = chats.iter().enumerate();
    let updates = numbered.map(|(n, chat)| update(&(n + 1).to_string(), chat)).collect();
    store.receive(&telegram(), updates, noon()).await.expect("received");
}

/// Claims all that waits, flat.
pub(crate) async fn claim(store: &Store, now: Timestamp) -> Vec<Claimed> {
    let runs = store.claim(&telegram(), 100, now).await.expect("claimed");
    runs.into_iter().flat_map(|Run { updates }| updates).collect()
}

/// The ids of updates, in order.
pub(crate) fn ids(claimed: &[Claimed]) -> Vec<&str> {
    claimed.iter().map(|claimed| claimed.update_id.as_str()).collect()
}
