//! `fenghuo gaps`: the questions that had no answer, most asked first.

use anyhow::Context;

use crate::cli::{GapsArgs, PlaceArgs};
use crate::config::Config;
use crate::database;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &GapsArgs) -> Result<(), Failure> {
    let location = database::location(place, config)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let gaps = runtime.block_on(async {
        let store = database::open(&location).await?;
        let gaps = store.gaps().await;
        store.close().await;
        gaps.map_err(database::explain)
    });
    for gap in gaps.context("cannot read the store")? {
        let line = if args.json {
            serde_json::to_string(&gap).context("cannot write JSON")?
        } else {
            format!("{}\t{}\t{}—{}", gap.count, gap.sample, gap.first, gap.last)
        };
        output::print(&line);
    }
    Ok(())
}
