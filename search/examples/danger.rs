//! Runs files of sentences through the danger rules of the built-in library and says what went wrong.
//!
//! `cargo run -p fenghuo-search --example danger -- danger FILE…` expects danger in every line (`class|class ⇥ tag ⇥
//! text`), `-- none FILE…` expects none (`tag ⇥ text`), `-- why TEXT…` explains.

use std::io::Write;
use std::path::Path;

use fenghuo_content::{Files, Library};
use fenghuo_search::DangerWatch;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/library");
    let library = Library::load(&Files::read(&folder)?).0;
    let watch = DangerWatch::new(&library.lexicon)?;
    let mut args = std::env::args().skip(1);
    let task = args.next().unwrap_or_default();
    let mut out = std::io::stdout().lock();
    for arg in args {
        match task.as_str() {
            "danger" => expect_danger(&watch, &arg, &mut out)?,
            "none" => expect_none(&watch, &arg, &mut out)?,
            _ => writeln!(out, "{:#?}", watch.explain(&arg))?,
        }
    }
    Ok(())
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn expect_danger(watch: &DangerWatch, path: &str, out: &mut impl Write) -> std::io::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let (mut total, mut missed, mut confused) = (0, 0, 0);
    for line in lines(&text) {
        let (classes, rest) = line.split_once('\t').unwrap_or_default();
        total += 1;
        match watch.class(rest.split_once('\t').map_or(rest, |(_, text)| text)) {
            None => {
                missed += 1;
                writeln!(out, "missed    {line}")?;
            }
            Some(class) if !classes.split('|').any(|fine| fine == class) => {
                confused += 1;
                writeln!(out, "as {class}: {line}")?;
            }
            Some(_) => {}
        }
    }
    writeln!(out, "{path}: {missed} of {total} missed, {confused} seen as another class")
}

fn expect_none(watch: &DangerWatch, path: &str, out: &mut impl Write) -> std::io::Result<()> {
    let text = std::fs::read_to_string(path)?;
    let (mut total, mut alarms) = (0, 0);
    for line in lines(&text) {
        total += 1;
        let sentence = line.split_once('\t').map_or(line, |(_, text)| text);
        if let Some(class) = watch.class(sentence) {
            alarms += 1;
            writeln!(out, "{class}: {line}")?;
        }
    }
    writeln!(out, "{path}: {alarms} of {total} taken for danger")
}
