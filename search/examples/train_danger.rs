//! Learns the weights in `src/danger/impression.bin` from the corpora in `tests/data` and the library's questions.
//!
//! `cargo run --release -p fenghuo-search --example train_danger [-- --folds]`; with `--folds` it says how well four
//! fifths of the corpora judge the fifth left out, and writes nothing.

use std::io::Write;
use std::path::{Path, PathBuf};

use fenghuo_content::{Content, Files, Library};
use fenghuo_search::{DangerWatch, Example, Learnt};
use serde::Deserialize;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// How much a sentence of a corpus counts beside a question of the library.
const WEIGHT: f64 = 4.0;

/// How much a question of the library counts: there are many, and most are far from any danger.
const CALM: f64 = 0.4;

/// Longest sentence to learn from, in characters: a tale is mostly about other things.
const LONGEST: usize = 120;

#[derive(Deserialize)]
struct Line {
    q: String,
    danger: bool,
}

fn main() -> Fallible<()> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = Library::load(&Files::read(&crate_folder.join("../content/library"))?).0;
    let mut examples = corpora(&crate_folder.join("tests/data"))?;
    let own = examples.len();
    examples.extend(questions(&library)?);
    let mut out = std::io::stdout().lock();
    if std::env::args().any(|arg| arg == "--folds") {
        return folds(&examples, own, &mut out);
    }
    let path = crate_folder.join("src/danger/impression.bin");
    std::fs::write(&path, Learnt::from(&examples)?.to_bytes())?;
    writeln!(out, "learnt from {own} sentences and {} questions", examples.len() - own)?;
    Ok(())
}

/// Sentences of the corpora that may be learnt from; `final-*` is kept for judging.
fn corpora(folder: &Path) -> Fallible<Vec<Example>> {
    let mut out = Vec::new();
    for line in read(folder.join("danger.jsonl"))?.lines() {
        let Line { q, danger } = serde_json::from_str(line)?;
        out.push(Example { text: q, danger, weight: WEIGHT });
    }
    for (name, danger) in [
        ("fresh-danger.tsv", true),
        ("fresh-nearmiss.tsv", false),
        ("more-danger.tsv", true),
        ("more-nearmiss.tsv", false),
        ("field-danger.tsv", true),
        ("field-nearmiss.tsv", false),
        ("../../src/elsewhere.txt", false),
    ] {
        let text = read(folder.join(name))?;
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let sentence = line.rsplit('\t').next().unwrap_or_default().to_owned();
            out.push(Example { text: sentence, danger, weight: WEIGHT });
        }
    }
    out.retain(|example| example.text.chars().count() <= LONGEST);
    Ok(out)
}

/// Questions of the library that the rules do not take for danger.
fn questions(library: &Library) -> Fallible<Vec<Example>> {
    let watch = DangerWatch::new(&library.lexicon)?;
    let asked = library.documents().iter().flat_map(|document| match &document.content {
        Content::Knowledge(knowledge) => knowledge.questions.as_slice(),
        _ => &[],
    });
    let calm = asked.filter(|question| watch.points(question) < 3);
    Ok(calm.map(|q| Example { text: q.clone(), danger: false, weight: CALM }).collect())
}

fn read(path: PathBuf) -> Fallible<String> {
    Ok(std::fs::read_to_string(path)?)
}

/// Judges every fifth of the corpora by what the rest teaches.
fn folds(examples: &[Example], own: usize, out: &mut impl Write) -> Fallible<()> {
    let (mut missed, mut alarms, mut dangers) = (0, 0, 0);
    for fold in 0..5 {
        let left_out = |at: usize| at < own && at % 5 == fold;
        let rest: Vec<Example> = examples
            .iter()
            .enumerate()
            .filter(|(at, _)| !left_out(*at))
            .map(|(_, example)| example.clone())
            .collect();
        let learnt = Learnt::from(&rest)?;
        for example in (0..own).filter(|at| left_out(*at)).map(|at| &examples[at]) {
            let danger = learnt.score(&example.text) > 0.0;
            dangers += usize::from(example.danger);
            missed += usize::from(example.danger && !danger);
            alarms += usize::from(!example.danger && danger);
        }
    }
    writeln!(
        out,
        "alone, without the rules: {missed} of {dangers} missed, {alarms} of {} false",
        own - dangers
    )?;
    Ok(())
}
