//! Questions from a file, one JSON object a line, answered in the same order.

use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output;

/// A line of a batch.
#[derive(Deserialize)]
struct Question {
    id: Value,
    q: String,
}

/// Prints `reply` of each line of `file` (`-`: standard input); a bad line is answered with an error and makes the exit
/// status 1.
pub(crate) fn run<T: Serialize>(
    file: &Path,
    reply: impl Fn(Value, String) -> T,
) -> Result<(), Failure> {
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
            Ok(Question { id, q }) => output::print(&to_json(&reply(id, q))?),
            Err(error) => {
                bad += 1;
                output::print(&json!({ "id": null, "error": error.to_string() }).to_string());
            }
        }
    }
    if bad > 0 { Err(Failure::Findings) } else { Ok(()) }
}

/// `value` as one line of JSON.
pub(crate) fn to_json(value: &impl Serialize) -> Result<String, Failure> {
    Ok(serde_json::to_string(value).context("cannot write JSON")?)
}
