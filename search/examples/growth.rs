//! What a large library costs: `cargo run --release -p fenghuo-search --example growth -- LIBRARY QUESTIONS [meaning]`.
//! Prints, for a folder of documents and golden lines to ask: passages, time to make the engine and to renew it after one
//! document changed, time of an answer on one core, and memory.
#![expect(clippy::print_stdout, reason = "a tool says what it measured")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fenghuo_content::{Files, Library};
use fenghuo_search::Engine;
use fenghuo_search::encoder::{Encoder, Known, Meaning};
use fenghuo_search::eval::GoldenLine;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (Some(folder), Some(lines)) = (args.first(), args.get(1)) else {
        return Err("growth LIBRARY QUESTIONS [meaning]".into());
    };
    let questions: Vec<String> = std::fs::read_to_string(lines)?
        .lines()
        .map(|line| serde_json::from_str::<GoldenLine>(line).map(|line| line.q))
        .collect::<Result<_, _>>()?;
    let home = tempfile::tempdir()?;
    let library = Library::load_judged(&Files::read(Path::new(folder))?).0;
    let documents = library.documents().len();
    let (mut engine, built) = timed(|| Engine::on_disk(Arc::new(library), home.path()));
    println!("{documents} documents; made in {built:.2?}; {} MB", resident());
    let (opened, took) = timed(|| {
        Engine::on_disk(
            engine.as_ref().map_or_else(|_| Arc::default(), |e| Arc::clone(e.library())),
            home.path(),
        )
    });
    drop(opened);
    println!("opened again in {took:.2?}");
    if args.get(2).is_some() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("encoder");
        let encoder = Arc::new(Encoder::from_bytes(std::fs::read(folder.join("use-zh-en.bin"))?)?);
        let known = Known::from_bytes(std::fs::read(folder.join("library.vec"))?)?;
        let made = engine?;
        let meaning = Meaning::start(made.library(), &encoder, &[known], Some(home.path()));
        let (_, took) = timed(|| meaning.wait().len());
        println!(
            "{} texts have their vector after {took:.2?}; {} MB",
            meaning.progress().total,
            resident()
        );
        engine = Ok(made.with_meaning(meaning));
    }
    let engine = engine?;
    let mut took: Vec<Duration> = questions.iter().map(|q| timed(|| engine.ask(q)).1).collect();
    let whole: Duration = took.iter().sum();
    took.sort_unstable();
    let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    let rate = took.len() as f64 / whole.as_secs_f64();
    println!(
        "{} answers: median {:.2?}, p99 {:.2?}, {rate:.0} a second; {} MB",
        took.len(),
        at(50),
        at(99),
        resident()
    );
    let changed = Library::load_judged(&edited(&Files::read(Path::new(folder))?)).0;
    let changed = Arc::new(changed);
    let (next, renewed) = timed(|| engine.renewed(Arc::clone(&changed)));
    println!("renewed in {renewed:.2?}, {} document read", next?.documents_read());
    if let Some(meaning) = engine.meaning() {
        let (_, took) = timed(|| meaning.renewed(&changed, &[], None));
        println!("its meaning renewed in {took:.2?}");
    }
    Ok(())
}

/// The same files with one sentence more in one document.
fn edited(files: &Files) -> Files {
    let path = "knowledge/kitchen/oil-pan-fire.md";
    let change = |name: &str| {
        let mut bytes = files.bytes(name).unwrap_or_default().to_vec();
        if name == path {
            bytes.extend_from_slice("\n凉透以前不要动锅。\n".as_bytes());
        }
        (name.to_owned(), bytes)
    };
    files.paths().map(change).collect()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let done = work();
    (done, started.elapsed())
}

/// Resident memory in MB, where there is `/proc`.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
