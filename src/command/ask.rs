//! `fenghuo ask`: one question, or a file of them.

use fenghuo_search::Answer;
use serde::Serialize;
use serde_json::Value;

use crate::batch::{self, to_json};
use crate::cli::{AskArgs, PlaceArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::{meaning, output};

/// An answer with the question it belongs to.
#[derive(Serialize)]
struct Reply {
    id: Value,
    q: String,
    #[serde(flatten)]
    answer: Answer,
}

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &AskArgs) -> Result<(), Failure> {
    let engine = meaning::engine(place, config)?;
    if let Some(file) = &args.batch {
        return batch::run(file, |id, q| {
            let answer = engine.ask(&q);
            Reply { id, q, answer }
        });
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
        to_json(&Reply { id: Value::Null, q: question.to_owned(), answer })?
    } else {
        answer.text
    };
    output::print(&text);
    Ok(())
}
