//! `fenghuo search`: passages for a query, best first.

use std::sync::Arc;

use anyhow::Context;
use fenghuo_search::Engine;

use crate::cli::{PlaceArgs, SearchArgs};
use crate::failure::Failure;
use crate::{library, output};

pub(crate) fn run(place: &PlaceArgs, args: &SearchArgs) -> Result<(), Failure> {
    let library = Arc::new(library::load_leniently(place.library.as_deref())?);
    let engine = Engine::in_memory(library).context("cannot build the index")?;
    let hits = engine.search(&args.query, usize::from(args.limit));
    if args.json {
        output::print(&serde_json::json!({ "q": args.query, "hits": hits }).to_string());
        return Ok(());
    }
    for hit in hits {
        output::print(&format!("{:.2}  {}#{}  {}", hit.score, hit.doc, hit.section, hit.title));
    }
    Ok(())
}
