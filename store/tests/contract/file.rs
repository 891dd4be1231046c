//! What holds for the file of `SQLite` alone.

use fenghuo_store::{Error, SessionId, Store};

use crate::fixture::{Fixture, noon};

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
