//! The next version of a library: only what changed is read again, and who asks meanwhile is answered.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use fenghuo_content::{Files, Library};
use fenghuo_search::Engine;
use fenghuo_search::encoder::{Encoder, Known, Meaning};

use crate::small::{files, library};

const QUESTIONS: [&str; 6] = [
    "油锅着火能不能泼水",
    "灭火器多少年报废",
    "电瓶车能放楼道不",
    "miehuoqi ji nian baofei",
    "楼道充电罚多少",
    "今天天气怎么样",
];

/// The small library with another answer in one document.
pub(crate) fn version(answer: &str) -> Library {
    let change = |(path, bytes): (String, Vec<u8>)| {
        if !path.ends_with("expiry.md") {
            return (path, bytes);
        }
        let text = String::from_utf8(bytes).expect("it is text");
        (path, text.replace("干粉灭火器10年报废", answer).into_bytes())
    };
    Library::load(&files().into_iter().map(change).collect::<Files>()).0
}

fn without(name: &str) -> Library {
    let kept = files().into_iter().filter(|(path, _)| !path.ends_with(name));
    Library::load(&kept.collect::<Files>()).0
}

fn texts(engine: &Engine) -> Vec<String> {
    QUESTIONS.iter().map(|question| engine.ask(question).text).collect()
}

/// Ends in the same state as an engine made anew, after each of some changes.
fn check(first: &Engine, dir: Option<&Path>) {
    let before = texts(first);
    let next = first.renewed(Arc::new(version("干粉灭火器满十年报废"))).expect("it renews");
    assert_eq!(next.documents_read(), 1);
    let fresh = Engine::in_memory(Arc::new(version("干粉灭火器满十年报废"))).expect("it builds");
    assert_eq!(texts(&next), texts(&fresh));
    assert!(next.ask("灭火器几年报废").text.contains("满十年"));
    assert_eq!(texts(first), before, "the one before answers from what it had");
    let less = next.renewed(Arc::new(without("corridor.md"))).expect("it renews");
    assert_eq!(less.documents_read(), 1, "the changed one is as it was at first");
    let fresh = Engine::in_memory(Arc::new(without("corridor.md"))).expect("it builds");
    assert_eq!(texts(&less), texts(&fresh));
    let same = less.renewed(Arc::new(without("corridor.md"))).expect("it renews");
    assert_eq!(same.documents_read(), 0);
    if let Some(dir) = dir {
        drop((less, same, next));
        let opened = Engine::on_disk(Arc::new(without("corridor.md")), dir).expect("it opens");
        assert_eq!(texts(&opened), texts(&fresh));
    }
}

#[test]
fn a_renewed_engine_answers_like_a_new_one_and_reads_only_what_changed() {
    check(&Engine::in_memory(Arc::new(library())).expect("it builds"), None);
    let dir = tempfile::tempdir().expect("a temporary folder");
    let disk = Engine::on_disk(Arc::new(library()), dir.path()).expect("it builds");
    check(&disk, Some(dir.path()));
}

#[test]
fn other_words_in_the_lexicon_make_everything_be_read_again() {
    let engine = Engine::in_memory(Arc::new(library())).expect("it builds");
    let mut words = library();
    words.lexicon.synonyms.push(vec!["灭火器".to_owned(), "红瓶瓶".to_owned()]);
    let engine = engine.renewed(Arc::new(words)).expect("it renews");
    assert_eq!(engine.documents_read(), 3);
    assert!(engine.ask("红瓶瓶几年报废").text.contains("10年"));
}

#[test]
fn whoever_asks_during_reloads_is_answered_from_one_version() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let answers = ["干粉灭火器满10年报废", "干粉灭火器用10年就报废"];
    let first = Engine::on_disk(Arc::new(version(answers[0])), dir.path()).expect("it builds");
    let first_hash = first.library().hash.clone();
    let current = RwLock::new(Arc::new(first));
    let (done, asked) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    let engine = Arc::clone(&current.read().expect("nobody panics"));
                    let text = engine.ask("灭火器几年报废").text;
                    let own = answers[usize::from(engine.library().hash != first_hash)];
                    assert!(text.contains(own), "an answer of the version that was asked: {text}");
                    assert!(engine.ask("油锅着火能不能泼水").text.contains("不泼水"));
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for round in 0..40 {
            let library = Arc::new(version(answers[(round + 1) % 2]));
            let before = Arc::clone(&current.read().expect("nobody panics"));
            let next = before.renewed(library).expect("it renews");
            assert_eq!(next.documents_read(), 1);
            *current.write().expect("nobody panics") = Arc::new(next);
        }
        done.store(true, Ordering::Release);
    });
    assert!(asked.into_inner() > 0);
}

#[test]
fn vectors_of_unchanged_texts_are_taken_over_and_new_ones_are_there_at_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("encoder");
    let bytes = std::fs::read(folder.join("use-zh-en.bin")).expect("the model is checked in");
    let encoder = Arc::new(Encoder::from_bytes(bytes).expect("the model is whole"));
    let meaning = Meaning::start(&library(), &encoder, &[], None);
    meaning.wait();
    let changed = version("干粉灭火器满十年报废");
    let next = meaning.renewed(&changed, &[Known::none(&encoder)], None);
    assert_eq!(next.progress().done, next.progress().total);
    let fresh = Meaning::start(&changed, &encoder, &[], None);
    let question = encoder.encode("灭火器十年报废");
    fresh.wait();
    assert_eq!(next.nearest(&question, 8), fresh.nearest(&question, 8));
    assert_ne!(next.nearest(&question, 8), meaning.nearest(&question, 8));
}
