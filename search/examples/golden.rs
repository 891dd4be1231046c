//! Golden questions over the built-in library without building the server: `cargo run -p fenghuo-search --example
//! golden -- eval FILE…` prints the report as JSON, `-- tune OUT FILE…` learns weights, `-- plain DOCS QUERIES`
//! measures bare retrieval, `-- why TEXT…` explains, `-- features FILE…` prints each line with what was measured of it. `WORDS=1` leaves the encoder out.

use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use fenghuo_content::{Files, Library};
use fenghuo_search::Engine;
use fenghuo_search::encoder::{Encoder, Known, Meaning};
use fenghuo_search::eval::{golden, retrieval, tune};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut out = std::io::stdout().lock();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["eval", files @ ..] => {
            let report = golden(&engine()?, &read(files)?)?;
            writeln!(out, "{}", serde_json::to_string(&report)?)?;
        }
        ["tune", path, files @ ..] => {
            let tuned = tune(&engine()?, &read(files)?)?;
            for fold in &tuned.folds {
                writeln!(out, "{fold:?}")?;
            }
            std::fs::write(path, tuned.weights)?;
        }
        ["plain", docs, queries] => {
            let scores = retrieval(&read(&[docs])?, &read(&[queries])?)?;
            writeln!(out, "{}", serde_json::to_string(&scores)?)?;
        }
        ["features", files @ ..] => {
            let engine = engine()?;
            for line in read(files)?.lines().filter(|line| !line.is_empty()) {
                let golden: fenghuo_search::eval::GoldenLine = serde_json::from_str(line)?;
                let explanation = engine.ask_and_explain(&golden.q).1;
                writeln!(out, "{line}\t{}", serde_json::to_string(&explanation)?)?;
            }
        }
        ["why", texts @ ..] => {
            let engine = engine()?;
            for text in texts {
                writeln!(out, "{}", engine.explain(text))?;
            }
        }
        _ => return Err("eval FILE…, tune OUT FILE…, plain DOCS QUERIES or why TEXT…".into()),
    }
    Ok(())
}

fn read(files: &[&str]) -> Result<String, std::io::Error> {
    let texts: Vec<String> =
        files.iter().map(std::fs::read_to_string).collect::<Result<_, std::io::Error>>()?;
    Ok(texts.join("\n"))
}

fn engine() -> Result<Engine, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let library = Library::load(&Files::read(&folder.join("../content/library"))?).0;
    let engine = Engine::in_memory(Arc::new(library))?;
    if std::env::var_os("WORDS").is_some() {
        return Ok(engine);
    }
    let encoder = Encoder::from_bytes(std::fs::read(folder.join("encoder/use-zh-en.bin"))?)?;
    let known = Known::from_bytes(std::fs::read(folder.join("encoder/library.vec"))?)?;
    let meaning = Meaning::start(engine.library(), &Arc::new(encoder), &[known], None);
    meaning.wait();
    Ok(engine.with_meaning(meaning))
}
