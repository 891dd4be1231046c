//! `fenghuo search`: passages for a query, best first.

use crate::cli::{PlaceArgs, SearchArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::{meaning, output};

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &SearchArgs) -> Result<(), Failure> {
    let engine = meaning::engine(place, config)?;
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
