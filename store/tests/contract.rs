//! What every store promises, whatever database is behind it.

use std::path::PathBuf;

use fenghuo_store::{Error, Purged, Scrubbed, SessionId, Store};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

/// A temporary folder with a database in it.
struct Fixture {
    folder: TempDir,
}

impl Fixture {
    fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder") }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("data/fenghuo.db")
    }

    async fn open(&self) -> Store {
        Store::open(&self.path()).await.expect("the store opens")
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn noon() -> Timestamp {
    at("2026-11-23T04:00:00Z")
}

fn later(hours: i64) -> Timestamp {
    noon() + SignedDuration::from_hours(hours)
}

const HOSTILE: [&str; 6] = [
    "'; DROP TABLE session; --",
    "\u{0}\u{1}\u{7f}\u{202e}",
    "{{7*7}} ${x} <script>alert(1)</script>",
    "👩‍🚒🔥🔥🔥",
    "\\\\\"\"''``",
    "",
];

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let fixture = Fixture::new();
    let id = SessionId::from_bits(42);
    let store = fixture.open().await;
    store.save_session(&id, "{\"a\":1}", noon()).await.expect("saved");
    store.file_gap(&Scrubbed::of("无人机能灭火吗"), "无人机能灭火吗", noon()).await.expect("filed");
    store.record_feedback("knowledge/a/b", "answer", true, noon()).await.expect("recorded");
    store.close().await;

    let store = fixture.open().await;
    let state = store.load_session(&id, noon()).await.expect("loaded");
    assert_eq!(state.as_deref(), Some("{\"a\":1}"));
    assert_eq!(store.gaps().await.expect("gaps").len(), 1);
    assert_eq!(store.feedback().await.expect("feedback").len(), 1);
}

#[tokio::test]
async fn a_session_is_overwritten_and_forgotten() {
    let fixture = Fixture::new();
    let store = fixture.open().await;
    let id = SessionId::from_bits(1);
    assert_eq!(store.load_session(&id, noon()).await.expect("loaded"), None);
    store.save_session(&id, "one", noon()).await.expect("saved");
    store.save_session(&id, "two", noon()).await.expect("saved");
    assert_eq!(store.load_session(&id, noon()).await.expect("loaded").as_deref(), Some("two"));
    store.forget_session(&id).await.expect("forgotten");
    assert_eq!(store.load_session(&id, noon()).await.expect("loaded"), None);
}

#[tokio::test]
async fn a_session_ends_after_24_hours_even_before_the_purge() {
    let fixture = Fixture::new();
    let store = fixture.open().await;
    let id = SessionId::from_bits(1);
    store.save_session(&id, "state", noon()).await.expect("saved");
    assert!(store.load_session(&id, later(23)).await.expect("loaded").is_some());
    assert!(store.load_session(&id, later(24)).await.expect("loaded").is_none());
    assert_eq!(store.purge(later(23)).await.expect("purged"), Purged::default());
    assert_eq!(
        store.purge(later(24)).await.expect("purged"),
        Purged { sessions: 1, ..Purged::default() }
    );
}

#[tokio::test]
async fn equal_questions_are_counted_and_keep_their_first_wording() {
    let fixture = Fixture::new();
    let store = fixture.open().await;
    for (text, hours) in [("无人机能灭火吗？", 0), ("无人机能灭火吗", 30)] {
        store.file_gap(&Scrubbed::of(text), "无人机能灭火吗", later(hours)).await.expect("filed");
    }
    store.file_gap(&Scrubbed::of("别的"), "别的", noon()).await.expect("filed");
    let gaps = store.gaps().await.expect("gaps");
    assert_eq!(gaps.len(), 2);
    assert_eq!((gaps[0].sample.as_str(), gaps[0].count), ("无人机能灭火吗？", 2));
    assert_eq!(gaps[0].first.to_string(), "2026-11-23");
    assert_eq!(gaps[0].last.to_string(), "2026-11-24");
}

#[tokio::test]
async fn one_off_questions_go_after_90_days_and_repeated_ones_stay() {
    let fixture = Fixture::new();
    let store = fixture.open().await;
    for text in ["一次", "两次", "两次"] {
        store.file_gap(&Scrubbed::of(text), text, noon()).await.expect("filed");
    }
    assert_eq!(store.purge(later(90 * 24)).await.expect("purged").gaps, 0);
    assert_eq!(store.purge(later(91 * 24)).await.expect("purged").gaps, 1);
    let gaps = store.gaps().await.expect("gaps");
    assert_eq!(gaps.iter().map(|gap| gap.key.as_str()).collect::<Vec<_>>(), ["两次"]);
}

#[tokio::test]
async fn votes_add_up_over_days_and_the_least_helpful_comes_first() {
    let fixture = Fixture::new();
    let store = fixture.open().await;
    for (doc, helpful, hours) in
        [("a/good", true, 0), ("a/good", true, 24), ("a/bad", false, 0), ("a/bad", true, 0)]
    {
        store.record_feedback(doc, "answer", helpful, later(hours)).await.expect("recorded");
    }
    let votes: Vec<_> = store
        .feedback()
        .await
        .expect("feedback")
        .into_iter()
        .map(|row| (row.doc, row.helpful, row.unhelpful))
        .collect();
    assert_eq!(votes, [("a/bad".to_owned(), 1, 1), ("a/good".to_owned(), 2, 0)]);
}

#[tokio::test]
async fn hostile_text_is_kept_as_text() {
    let fixture = Fixture::new();
    let store = fixture.open().await;
    let id = SessionId::from_bits(1);
    for text in HOSTILE {
        store.save_session(&id, text, noon()).await.expect("saved");
        // No database of ours keeps NUL in text.
        let kept = text.replace('\0', "\u{fffd}");
        assert_eq!(store.load_session(&id, noon()).await.expect("loaded"), Some(kept));
        store.file_gap(&Scrubbed::of(text), text, noon()).await.expect("filed");
        store.record_feedback(text, text, false, noon()).await.expect("recorded");
    }
    assert_eq!(store.gaps().await.expect("gaps").len(), HOSTILE.len());
    assert_eq!(store.feedback().await.expect("feedback").len(), HOSTILE.len());
}

#[tokio::test]
async fn many_writers_at_once_lose_no_count() {
    let fixture = Fixture::new();
    let store = fixture.open().await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.file_gap(&Scrubbed::of("问"), "问", noon()).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic").expect("filed");
    }
    assert_eq!(store.gaps().await.expect("gaps")[0].count, 50);
}

#[tokio::test]
async fn a_one_shot_command_writes_beside_the_server() {
    let fixture = Fixture::new();
    let server = fixture.open().await;
    let _lock = server.lock().await.expect("locked");
    let command = fixture.open().await;
    command.file_gap(&Scrubbed::of("问"), "问", noon()).await.expect("filed");
    assert_eq!(server.gaps().await.expect("gaps").len(), 1);
}

#[tokio::test]
async fn a_second_server_is_refused_until_the_first_is_gone() {
    let fixture = Fixture::new();
    let first = fixture.open().await;
    let second = fixture.open().await;
    let lock = first.lock().await.expect("locked");
    assert!(matches!(second.lock().await, Err(Error::Locked { .. })));
    drop(lock);
    second.lock().await.expect("free again");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_an_error_and_stays_as_it_is() {
    let fixture = Fixture::new();
    std::fs::create_dir_all(fixture.path().parent().expect("a folder")).expect("created");
    let text = "this is no database, it is a letter\n".repeat(40);
    std::fs::write(fixture.path(), &text).expect("written");
    assert!(Store::open(&fixture.path()).await.is_err());
    assert_eq!(std::fs::read_to_string(fixture.path()).expect("read"), text);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_database() {
    use std::os::unix::fs::PermissionsExt;

    let fixture = Fixture::new();
    let store = fixture.open().await;
    store.save_session(&SessionId::from_bits(1), "state", noon()).await.expect("saved");
    for name in ["fenghuo.db", "fenghuo.db-wal"] {
        let path = fixture.path().with_file_name(name);
        let mode = std::fs::metadata(path).expect("the file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}
