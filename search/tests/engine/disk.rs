//! The index on disk: kept, rebuilt when broken, replaced when the library changes.

use std::sync::Arc;

use fenghuo_search::Engine;

use crate::small::library;

fn ask(engine: &Engine) -> String {
    engine.ask("油锅着火能不能泼水").text
}

fn folders(dir: &std::path::Path) -> Vec<std::ffi::OsString> {
    let entries = std::fs::read_dir(dir).expect("the folder was made");
    entries.map(|entry| entry.expect("the entry can be read").file_name()).collect()
}

#[test]
fn an_index_on_disk_answers_like_one_in_memory_and_is_kept() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let memory = Engine::in_memory(Arc::new(library())).expect("it builds");
    for _ in 0..2 {
        let disk = Engine::on_disk(Arc::new(library()), dir.path()).expect("it builds");
        assert_eq!(ask(&disk), ask(&memory));
        assert_eq!(folders(dir.path()).len(), 1);
    }
}

#[test]
fn a_broken_index_is_built_again() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    drop(Engine::on_disk(Arc::new(library()), dir.path()).expect("it builds"));
    let home = dir.path().join(&folders(dir.path())[0]);
    for file in std::fs::read_dir(&home).expect("it is a folder").flatten() {
        std::fs::write(file.path(), b"broken").expect("it can be written");
    }
    let engine = Engine::on_disk(Arc::new(library()), dir.path()).expect("it builds again");
    assert!(ask(&engine).contains("不泼水"));
}

#[test]
fn an_index_another_process_writes_to_is_left_alone() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    drop(Engine::on_disk(Arc::new(library()), dir.path()).expect("it builds"));
    let home = dir.path().join(&folders(dir.path())[0]);
    std::fs::write(home.join(".tantivy-writer.lock"), b"").expect("it can be written");
    let held = std::fs::File::open(home.join(".tantivy-writer.lock")).expect("it is there");
    held.lock().expect("nobody else holds it");
    let changed = crate::renew::version("干粉灭火器满十年报废");
    let engine = Engine::on_disk(Arc::new(changed), dir.path()).expect("it builds in memory");
    assert!(engine.ask("灭火器几年报废").text.contains("满十年"));
    assert_eq!(folders(dir.path()).len(), 1);
}

#[test]
fn an_index_of_another_way_of_cutting_is_removed() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    drop(Engine::on_disk(Arc::new(library()), dir.path()).expect("it builds"));
    let old = folders(dir.path());
    let mut changed = library();
    changed.lexicon.synonyms.push(vec!["灭火器".to_owned(), "红瓶瓶".to_owned()]);
    drop(Engine::on_disk(Arc::new(changed), dir.path()).expect("it builds"));
    let new = folders(dir.path());
    assert_eq!(new.len(), 1);
    assert_ne!(new, old);
}
