//! Brings `search/encoder/library.vec`, the vectors of the built-in library, up to date: `cargo run -p fenghuo-search
//! --example vectors`. Only texts that changed are encoded, so it takes a second after an edit.
#![expect(clippy::print_stdout, reason = "a tool says what it did")]

use std::error::Error;
use std::path::Path;

use fenghuo_content::{Files, Library};
use fenghuo_search::encoder::{Encoder, Known, Vector, Vectors, texts};
use rayon::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let encoder = Encoder::from_bytes(std::fs::read(folder.join("encoder/use-zh-en.bin"))?)?;
    let (library, _) = Library::load_judged(&Files::read(&folder.join("../content/library"))?);
    let file = folder.join("encoder/library.vec");
    let known = std::fs::read(&file).ok().and_then(|bytes| Known::from_bytes(bytes).ok());
    let known = known.filter(|known| known.is_of(&encoder)).unwrap_or(Known::none(&encoder));
    let texts = texts(&library);
    let vector = |text: &str| known.vector(text).unwrap_or_else(|| encoder.encode(text));
    let vectors: Vec<Vector> = texts.par_iter().map(|text| vector(&text.text)).collect();
    let new = texts.iter().filter(|text| known.vector(&text.text).is_none()).count();
    let all = texts.iter().map(|text| text.text.as_str());
    Known::of(&encoder, all, &Vectors::build(&vectors)).write(std::fs::File::create(&file)?)?;
    println!("{} texts, {new} of them encoded now", texts.len());
    Ok(())
}
