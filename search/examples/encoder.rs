//! Measures the sentence encoder on this machine, one thread:
//! `cargo run --release -p fenghuo-search --example encoder [-- --cases 20000]`. The cases are texts of chance for which
//! the slowest is named; a panic in one of them ends the run.
#![expect(clippy::print_stdout, reason = "a measurement is printed")]

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use fenghuo_content::{Files, Library};
use fenghuo_search::encoder::{DIMENSIONS, Encoder, Part, Vector, Vectors, texts};

fn main() -> Result<(), Box<dyn Error>> {
    let cases = std::env::args().skip_while(|flag| flag != "--cases").nth(1);
    let cases: usize = cases.map_or(Ok(20_000), |cases| cases.parse())?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(folder.join("encoder/use-zh-en.bin"))?;
    println!("model            {:>10.1} MB", bytes.len() as f64 / 1e6);
    let before = resident();
    let started = Instant::now();
    let encoder = Encoder::from_bytes(bytes)?;
    println!("load             {:>10.1} ms", milliseconds(started));
    println!("resident, model  {:>10.1} MB more than the bytes", resident() - before);

    let (library, _) = Library::load_judged(&Files::read(&folder.join("../content/library"))?);
    let texts = texts(&library);
    for (name, parts) in
        [("question", [Part::Question, Part::Title]), ("passage", [Part::Passage; 2])]
    {
        let some = texts.iter().filter(|text| parts.contains(&text.spot.part)).step_by(5);
        encode(&encoder, name, &some.map(|text| &*text.text).collect::<Vec<_>>());
    }
    for count in [10_000, 100_000] {
        nearest(count);
    }
    chance(&encoder, cases);
    println!("resident, end    {:>10.1} MB", resident());
    Ok(())
}

fn encode(encoder: &Encoder, name: &str, texts: &[&str]) {
    let chars: usize = texts.iter().map(|text| text.chars().count()).sum();
    let mut times: Vec<f64> = texts.iter().map(|text| time(encoder, text)).collect();
    times.sort_by(f64::total_cmp);
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{name:<16} {mean:>10.3} ms (p50 {:.3}, p99 {:.3}; {} texts of {} characters)",
        at(0.5),
        at(0.99),
        texts.len(),
        chars / texts.len()
    );
}

fn nearest(count: usize) {
    let mut random = Random(count as u64);
    let mut vector =
        || Vector::of(std::array::from_fn::<i8, DIMENSIONS, _>(|_| random.next() as i8));
    let all: Vec<Vector> = (0..count).map(|_| vector()).collect();
    let vectors = Vectors::build(&all);
    let rounds = 20;
    let started = Instant::now();
    for question in &all[..rounds] {
        std::hint::black_box(vectors.nearest(question, 50));
    }
    println!("nearest {count:<8} {:>10.3} ms", milliseconds(started) / rounds as f64);
}

fn chance(encoder: &Encoder, cases: usize) {
    let mut random = Random(7);
    let mut slowest = (0.0, 0);
    for _ in 0..cases {
        let text = random.text();
        // The fastest of three: what is slow each time is slow, the rest is the machine's other work.
        let took = (0..3).map(|_| time(encoder, &text)).fold(f64::MAX, f64::min);
        if took > slowest.0 {
            slowest = (took, text.chars().count());
        }
    }
    println!("{cases} of chance   slowest {:.3} ms ({} characters)", slowest.0, slowest.1);
}

/// xorshift: the same texts everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn text(&mut self) -> String {
        let long = self.next().is_multiple_of(50);
        let length = self.next() % if long { 10_000 } else { 60 };
        (0..length).map(|_| self.character()).collect()
    }

    fn character(&mut self) -> char {
        let (start, size) = match self.next() % 8 {
            0..=3 => (0x4e00, 0x5200),
            4 => (0x20, 0x5f),
            5 => (0xff00, 0xf0),
            6 => (0x0, 0x3000),
            _ => (0x0, 0x11_0000),
        };
        char::from_u32(start + (self.next() % size) as u32).unwrap_or(' ')
    }
}

fn time(encoder: &Encoder, text: &str) -> f64 {
    let started = Instant::now();
    std::hint::black_box(encoder.encode(text));
    milliseconds(started)
}

fn milliseconds(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e3
}

/// Resident memory in MB, where the system tells it.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1e3
}
