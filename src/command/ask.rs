//! `fenghuo ask`: one question, or a file of them.

use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::Context;
use fenghuo_search::{Answer, Engine};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cli::{AskArgs, PlaceArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::{meaning, output};

/// An answer with the question it belongs to.
#[derive(Serialize)]
struct Reply<'a> {
    id: &'a Value,
    q: &'a str,
    #[serde(flatten)]
    answer: Answer,
}

/// A line of a batch.
#[derive(Deserialize)]
struct Question {
    id: Value,
    q: String,
}

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &AskArgs) -> Result<(), Failure> {
    let engine = meaning::engine(place, config)?;
    if let Some(file) = &args.batch {
        return batch(&engine, file);
    }
    let question = args.question.as_deref().unwrap_or_default();
    if args.explain {
        let explanation = engine.explain(question);
        let text = if args.json { to_json(&explanation)? } else { explanation.to_string() };
        output::print(&text);
        return Ok(());
    }
    let answer = engine.ask(question);
    let text = if args.json {
        to_json(&Reply { id: &Value::Null, q: question, answer })?
    } else {
        answer.text
    };
    output::print(&text);
    Ok(())
}

/// Answers each line in order; a bad line is answered with an error and makes the exit status 1.
fn batch(engine: &Engine, file: &Path) -> Result<(), Failure> {
    let reader: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        let open = std::fs::File::open(file).with_context(|| format!("`{}`", file.display()));
        Box::new(BufReader::new(open.map_err(Failure::Usage)?))
    };
    let mut bad = 0_usize;
    for line in reader.split(b'\n') {
        let line = line.with_context(|| format!("`{}`", file.display()))?;
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Question>(&line) {
            Ok(Question { id, q }) => {
                let answer = engine.ask(&q);
                output::print(&to_json(&Reply { id: &id, q: &q, answer })?);
            }
            Err(error) => {
                bad += 1;
                output::print(&json!({ "id": null, "error": error.to_string() }).to_string());
            }
        }
    }
    if bad > 0 { Err(Failure::Findings) } else { Ok(()) }
}

fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string(value).context("cannot write JSON")?)
}
