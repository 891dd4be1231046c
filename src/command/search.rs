//! `fenghuo search`: passages for a query, or for a file of them, best first.

use fenghuo_search::Hit;
use serde::Serialize;
use serde_json::Value;

use crate::batch::{self, to_json};
use crate::cli::{PlaceArgs, SearchArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::{meaning, output};

/// What was found, with the query it belongs to.
#[derive(Serialize)]
struct Found {
    #[serde(skip_serializing_if = "Value::is_null")]
    id: Value,
    q: String,
    hits: Vec<Hit>,
}

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &SearchArgs) -> Result<(), Failure> {
    let engine = meaning::engine(place, config)?;
    let find = |id, q: String| Found { id, hits: engine.search(&q, usize::from(args.limit)), q };
    if let Some(file) = &args.batch {
        return batch::run(file, find);
    }
    let found = find(Value::Null, args.query.clone().unwrap_or_default());
    if args.json {
        output::print(&to_json(&found)?);
        return Ok(());
    }
    for hit in found.hits {
        output::print(&format!("{:.2}  {}#{}  {}", hit.score, hit.doc, hit.section, hit.title));
    }
    Ok(())
}
