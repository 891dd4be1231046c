//! Any text, seeded: normalising and danger rules, the whole lexical answer, the answer with the encoder. None panics,
//! none takes 50 ms, none is longer than a channel can show. Small in CI; the great run is
//! `FUZZ=1000 cargo test --release -p fenghuo-search --test fuzz -- --nocapture --test-threads 1`.
#![expect(clippy::print_stdout, reason = "a great run says what it measured")]

mod random;
mod text;

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant};

use fenghuo_content::{Files, Library};
use fenghuo_search::encoder::{Encoder, Known, Meaning};
use fenghuo_search::{Answer, AnswerKind, DangerWatch, Engine};

use random::Random;
use text::Texts;

/// Cases of each test, times `FUZZ`.
const RULES: u64 = 10_000;
const LEXICAL: u64 = 300;
const MEANING: u64 = 20;

/// No case may take longer; a debug build is some times slower on the longest texts.
const SLOWEST: Duration = Duration::from_millis(if cfg!(debug_assertions) { 400 } else { 50 });

/// A message of Telegram, in UTF-16 units; longer replies would be parted.
const LONGEST: usize = 4096;

/// Times a slow case is tried again before it counts.
const TRIES: usize = 3;

static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/library");
    let files = Files::read(&folder).expect("the library stands beside this crate");
    Arc::new(Library::load_judged(&files).0)
});

static TEXTS: LazyLock<Texts> = LazyLock::new(|| Texts::of(&LIBRARY));

fn cases(least: u64) -> u64 {
    let times = std::env::var("FUZZ").ok().and_then(|times| times.parse().ok());
    least * times.unwrap_or(1)
}

/// What a run saw at most.
#[derive(Default)]
struct Most {
    took: Duration,
    slowest: String,
    units: usize,
}

/// Runs `case` on `count` texts on all cores; it gives the length of what came back.
fn run(name: &str, count: u64, case: impl Fn(&str) -> usize + Sync) {
    let started = Instant::now();
    let most = Mutex::new(Most::default());
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (case, most) = (&case, &most);
            scope.spawn(move || {
                let own = part(worker, workers, count, case);
                let mut all = most.lock().expect("no worker panics while it holds this");
                all.units = all.units.max(own.units);
                if own.took > all.took {
                    (all.took, all.slowest) = (own.took, own.slowest);
                }
            });
        }
    });
    let Most { took, slowest, units } = most.into_inner().expect("no worker panicked");
    let short: String = slowest.chars().take(40).collect();
    let length = slowest.chars().count();
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{name}: {count} in {seconds:.1} s, slowest {took:?} ({length} chars: {short:?}), longest {units} units"
    );
    assert!(took < SLOWEST, "{took:?} for {short:?}");
    assert!(units <= LONGEST, "{units} units");
}

/// Time that `work` had a core: another process may have had it meanwhile. By the clock where there is no `/proc`.
fn on_core(work: impl FnOnce() -> usize) -> Duration {
    let spent = || {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
    };
    let (clock, before) = (Instant::now(), spent());
    std::hint::black_box(work());
    match (before, spent()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => clock.elapsed(),
    }
}

fn part(worker: u64, workers: u64, count: u64, case: impl Fn(&str) -> usize) -> Most {
    let mut most = Most::default();
    for number in (worker..count).step_by(workers as usize) {
        let text = TEXTS.any(&mut Random::new(number));
        let started = Instant::now();
        let units = case(&text);
        let mut took = started.elapsed();
        for _ in 0..TRIES {
            if took >= SLOWEST {
                took = took.min(on_core(|| case(&text)));
            }
        }
        most.units = most.units.max(units);
        if took > most.took {
            (most.took, most.slowest) = (took, text);
        }
    }
    most
}

#[test]
fn any_text_passes_the_danger_rules() {
    let watch = DangerWatch::new(&LIBRARY.lexicon).expect("the built-in lexicon compiles");
    run("rules", cases(RULES), |text| watch.class(text).map_or(0, str::len));
}

fn check(answer: &Answer) -> usize {
    assert!(!answer.text.trim().is_empty());
    assert_eq!(answer.kind == AnswerKind::Emergency, answer.danger.is_some());
    assert!(answer.hits.len() <= 5 && answer.choices.len() <= 4);
    answer.text.encode_utf16().count()
}

#[test]
fn any_text_is_answered_by_words() {
    let engine = Engine::in_memory(Arc::clone(&LIBRARY)).expect("it builds");
    run("lexical", cases(LEXICAL), |text| check(&engine.ask(text)));
}

#[test]
fn any_text_is_answered_by_meaning() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("encoder");
    let file = |name: &str| std::fs::read(folder.join(name)).expect(name);
    let encoder = Arc::new(Encoder::from_bytes(file("use-zh-en.bin")).expect("the model is whole"));
    let known = Known::from_bytes(file("library.vec")).expect("the vectors are whole");
    let meaning = Meaning::start(&LIBRARY, &encoder, &[known], None);
    meaning.wait();
    let engine = Engine::in_memory(Arc::clone(&LIBRARY)).expect("it builds").with_meaning(meaning);
    run("meaning", cases(MEANING), |text| check(&engine.ask(text)));
}
