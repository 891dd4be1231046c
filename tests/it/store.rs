//! `fenghuo store` as an operator runs it: backup under load, restore drill, moving, and what goes wrong.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::json;
use tempfile::TempDir;

use crate::support::{App, fenghuo, run, skipped, stderr, stdout};

/// Runs `fenghuo --data DATA store ARGS`.
fn store(data: &Path, args: &[&str]) -> Output {
    let data = data.display().to_string();
    run(&[&["--data", &data, "store"], args].concat())
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// A server that was asked something it cannot answer, so that there is something to keep.
fn asked() -> App {
    let app = App::start();
    app.post("/api/v1/chat", &json!({ "text": "怎么炒股票才能赚钱" }));
    app
}

/// A file of a database with rows, no server on it.
fn filled() -> TempDir {
    let (ended, data) = asked().stop();
    assert!(ended);
    data
}

#[test]
fn a_backup_made_while_serving_is_restored_and_verifies() {
    let app = asked();
    let files = folder();
    for name in ["copy.db", "portable.jsonl"] {
        let backup = text(&files.path().join(name));
        let made = store(app.data.path(), &["backup", &backup]);
        assert_eq!(status(&made), Some(0), "{}", stderr(&made));
        let again = store(app.data.path(), &["backup", &backup]);
        assert_eq!(status(&again), Some(3), "an existing file is not overwritten");

        let target = folder();
        let restored = store(target.path(), &["restore", &backup]);
        assert_eq!(status(&restored), Some(0), "{}", stderr(&restored));
        assert!(stdout(&restored).contains("gap\t1"), "{}", stdout(&restored));
        let verified = store(target.path(), &["verify"]);
        assert_eq!(status(&verified), Some(0), "{}", stdout(&verified));
        assert!(stdout(&verified).contains("gap\t1"));
        let twice = store(target.path(), &["restore", &backup]);
        assert_eq!(status(&twice), Some(3));
        assert!(stderr(&twice).contains("not empty"), "{}", stderr(&twice));
        // The drill ends with a server on what was restored.
        drop(App::on(target, &[]));
    }
}

#[test]
fn the_database_is_copied_only_with_the_server_stopped() {
    let app = asked();
    let files = folder();
    let to = format!("sqlite://{}", text(&files.path().join("moved.db")));
    let busy = store(app.data.path(), &["copy", "--to", &to]);
    assert_eq!(status(&busy), Some(3));
    assert!(stderr(&busy).contains("stop it first"), "{}", stderr(&busy));
    let (_, data) = app.stop();
    let copied = store(data.path(), &["copy", "--to", &to]);
    assert_eq!(status(&copied), Some(0), "{}", stderr(&copied));
    assert!(stdout(&copied).contains("gap\t1"));
    let again = store(data.path(), &["copy", "--to", &to]);
    assert_eq!(status(&again), Some(3), "the target is full now");
}

#[test]
fn a_second_server_is_refused_until_the_first_is_killed() {
    let first = App::start();
    let data = text(first.data.path());
    let second = || {
        let mut command = fenghuo(&["serve", "--listen", "127.0.0.1:0", "--data", &data]);
        command.output().expect("the binary starts")
    };
    let refused = second();
    assert_eq!(status(&refused), Some(3));
    assert!(stderr(&refused).contains("another"), "{}", stderr(&refused));
    let data = first.kill();
    drop(App::on(data, &[]));
}

#[test]
fn wrong_and_unreachable_databases_are_named_without_their_secrets() {
    let data = folder();
    for (url, expected) in [
        ("mysql://u:hidden@h/n", 2),
        ("sqlite:", 2),
        ("postgres://u:hidden@127.0.0.1", 2),
        ("postgres://u:hidden@127.0.0.1:1/county", 3),
    ] {
        for args in [&["store", "verify"][..], &["gaps"], &["serve", "--listen", "127.0.0.1:0"]] {
            let place = text(data.path());
            let output = fenghuo(&[&["--data", &place], args].concat())
                .env("FENGHUO_DATABASE__URL", url)
                .output()
                .expect("the binary starts");
            let said = stderr(&output);
            assert_eq!(status(&output), Some(expected), "{url} {args:?}: {said}");
            assert!(!said.contains("hidden"), "{said}");
            assert!(said.contains("error: "), "{said}");
        }
    }
    let copied = store(filled().path(), &["copy", "--to", "nonsense"]);
    assert_eq!(status(&copied), Some(2), "{}", stderr(&copied));
}

#[test]
fn a_folder_without_a_database_is_not_given_an_empty_one() {
    let data = folder();
    for args in [&["verify"][..], &["backup", "never-written.db"]] {
        let output = store(data.path(), args);
        assert_eq!(status(&output), Some(3));
        assert!(stderr(&output).contains("no database there"), "{}", stderr(&output));
    }
    assert_eq!(std::fs::read_dir(data.path()).expect("a folder").count(), 0);
    let missing = store(data.path(), &["restore", "no-such-file"]);
    assert_eq!(status(&missing), Some(3));
    assert!(stderr(&missing).contains("no such file"), "{}", stderr(&missing));
}

#[test]
fn a_damaged_file_is_reported_and_left_as_it_is() {
    let data = filled();
    let path = data.path().join("fenghuo.db");
    let whole = std::fs::read(&path).expect("read");
    for (name, bytes) in [
        ("a letter", "这不是数据库\n".repeat(500).into_bytes()),
        ("half", whole[..whole.len() / 2].to_vec()),
        ("scratched", scratched(&whole)),
    ] {
        std::fs::write(&path, &bytes).expect("written");
        let output = store(data.path(), &["verify"]);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert!(matches!(status(&output), Some(1 | 3)), "{name}: {said}");
        assert!(said.contains("damaged") || said.contains("database of ours"), "{name}: {said}");
        assert_eq!(std::fs::read(&path).expect("read"), bytes, "{name}");
    }
}

/// Every page but the first overwritten.
fn scratched(whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    bytes[4096..].fill(0xa5);
    bytes
}

/// A command line under a limit for the size of files, which is how a full disk looks to `SQLite`.
fn on_a_full_disk(blocks: u32, args: &[&str]) -> Output {
    Command::new("sh")
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""))
        .arg("sh")
        .arg(env!("CARGO_BIN_EXE_fenghuo"))
        .args(args)
        .output()
        .expect("a shell")
}

#[test]
fn a_full_disk_stops_a_restore_whole() {
    let (source, files, target) = (filled(), folder(), folder());
    let backup = text(&files.path().join("backup.jsonl"));
    assert_eq!(status(&store(source.path(), &["backup", &backup])), Some(0));
    let data = text(target.path());
    // Enough to begin with, not enough for the tables.
    let output = on_a_full_disk(40, &["--data", &data, "store", "restore", &backup]);
    assert_eq!(status(&output), Some(3), "{}", stdout(&output));
    assert!(
        stderr(&output).contains("space") || stderr(&output).contains("full"),
        "{}",
        stderr(&output)
    );
    let after = store(target.path(), &["restore", &backup]);
    assert_eq!(status(&after), Some(0), "{}", stderr(&after));
}

/// A schema of its own on the test server; `None` without one.
pub(crate) fn schema(name: &str) -> Option<String> {
    let Ok(url) = std::env::var("FENGHUO_TEST_POSTGRES") else {
        skipped("FENGHUO_TEST_POSTGRES names no PostgreSQL to test against");
        return None;
    };
    let schema = format!("{name}_{}", std::process::id());
    let create = format!("CREATE SCHEMA {schema}");
    let made = Command::new("psql").args([&url, "-q", "-c", &create]).output().expect("psql");
    assert!(made.status.success(), "{}", stderr(&made));
    let joint = if url.contains('?') { '&' } else { '?' };
    Some(format!("{url}{joint}options=-csearch_path%3D{schema}"))
}

#[test]
fn a_county_moves_to_postgres_where_two_servers_run_and_back() {
    let Some(url) = schema("moving") else { return };
    let data = filled();
    let before = text(&backup_of(data.path(), None, "before.jsonl"));
    let moved = store(data.path(), &["copy", "--to", &url]);
    assert_eq!(status(&moved), Some(0), "{}", stderr(&moved));

    let config = data.path().join("fenghuo.toml");
    std::fs::write(&config, format!("[database]\nurl = \"{url}\"\n")).expect("written");
    let config_arg = text(&config);
    let args = ["--config", config_arg.as_str()];
    let (one, two) = (App::with(&args), App::with(&args));
    for app in [&one, &two] {
        app.post("/api/v1/chat", &json!({ "text": "怎么炒股票才能赚钱" }));
    }
    let back = format!("sqlite://{}", text(&data.path().join("back.db")));
    let copy = ["--config", &config_arg, "store", "copy", "--to", &back];
    let busy = run(&copy);
    assert_eq!(status(&busy), Some(3), "{}", stdout(&busy));
    drop(one);
    assert!(two.stop().0);
    let portable = backup_of(data.path(), Some(&config), "after.jsonl");
    let verified = run(&["--config", &config_arg, "store", "verify"]);
    assert_eq!(status(&verified), Some(0), "{}", stdout(&verified));
    let copied = run(&copy);
    assert_eq!(status(&copied), Some(0), "{}", stderr(&copied));
    assert!(stdout(&copied).contains("gap\t1"), "{}", stdout(&copied));
    let read = |path: &str| std::fs::read_to_string(path).expect("read");
    assert_ne!(read(&before), read(&text(&portable)), "both servers have counted the question");
}

/// A portable backup of the database that `config` names.
fn backup_of(folder: &Path, config: Option<&Path>, name: &str) -> PathBuf {
    let path = folder.join(name);
    let config = config.map(text);
    let mut args: Vec<&str> = config.iter().flat_map(|c| ["--config", c.as_str()]).collect();
    let (data, file) = (text(folder), text(&path));
    args.extend(["--data", &data, "store", "backup", &file]);
    let made = run(&args);
    assert_eq!(status(&made), Some(0), "{}", stderr(&made));
    path
}
