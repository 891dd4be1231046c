//! What holds for the file of `SQLite` alone.

use fenghuo_store::{Error, SessionId, Store};
use sqlx::Connection;

use crate::fixture::{Fixture, noon, receive};

/// A file as version 0.1.0 left it: schema 1, one session.
async fn file_of_schema_1(fixture: &Fixture) {
    let path = fixture.path();
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("created");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("opened");
    let script = concat!(
        include_str!("../../migrations/0001_foundation.sql"),
        "CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY);
         INSERT INTO schema_version VALUES (1);
         INSERT INTO session VALUES ('00000000000000000000000000000001', 'old', 1795406400);"
    );
    sqlx::raw_sql(script).execute(&mut connection).await.expect("filled");
    connection.close().await.expect("closed");
}

#[tokio::test]
async fn an_older_file_is_copied_before_it_is_migrated() {
    let fixture = Fixture::file();
    file_of_schema_1(&fixture).await;
    let store = fixture.open().await;
    let state = store.load_session(&SessionId::from_bits(1), noon()).await.expect("loaded");
    assert_eq!(state.as_deref(), Some("old"));
    receive(&store, &["a"]).await;
    let copy = fixture.path().with_file_name("fenghuo.db.schema-1");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&copy).read_only(true);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("opened");
    let row = sqlx::query("SELECT (SELECT MAX(version) FROM schema_version), state FROM session");
    let row = row.fetch_one(&mut connection).await.expect("the old schema");
    assert_eq!(sqlx::Row::get::<i64, _>(&row, 0), 1);
    store.close().await;
    // The next start has nothing to migrate and leaves the copy alone.
    let before = std::fs::read(&copy).expect("read");
    fixture.open().await.close().await;
    assert_eq!(std::fs::read(&copy).expect("read"), before);
}

#[tokio::test]
async fn an_older_file_is_not_migrated_under_a_running_server() {
    let fixture = Fixture::file();
    file_of_schema_1(&fixture).await;
    let lock = fixture.path().with_file_name("fenghuo.db.lock");
    let held = std::fs::File::create(lock).expect("created");
    held.lock().expect("locked");
    let opened = Store::open(&fixture.path()).await;
    assert!(matches!(opened, Err(Error::Locked { .. })), "{opened:?}");
    drop(held);
    fixture.open().await;
}

#[tokio::test]
async fn a_second_server_is_refused_until_the_first_is_gone() {
    let fixture = Fixture::file();
    let first = fixture.open().await;
    let second = fixture.open().await;
    let lock = first.lock().await.expect("locked");
    assert!(matches!(second.lock().await, Err(Error::Locked { .. })));
    drop(lock);
    second.lock().await.expect("free again");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error_and_stays_as_it_is() {
    let fixture = Fixture::file();
    std::fs::create_dir_all(fixture.path().parent().expect("a folder")).expect("created");
    let text = "this is no database, it is a letter\n".repeat(40);
    std::fs::write(fixture.path(), &text).expect("written");
    assert!(Store::open(&fixture.path()).await.is_err());
    assert_eq!(std::fs::read_to_string(fixture.path()).expect("read"), text);
}

#[tokio::test]
async fn only_the_owner_reads_the_database() {
    use std::os::unix::fs::PermissionsExt;

    let fixture = Fixture::file();
    let store = fixture.open().await;
    store.save_session(&SessionId::from_bits(1), "state", noon()).await.expect("saved");
    for name in ["fenghuo.db", "fenghuo.db-wal"] {
        let path = fixture.path().with_file_name(name);
        let mode = std::fs::metadata(path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}
