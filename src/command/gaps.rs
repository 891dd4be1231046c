//! `fenghuo gaps`: the questions that had no answer, most asked first.

use anyhow::Context;
use fenghuo_store::Store;

use crate::cli::{GapsArgs, PlaceArgs};
use crate::command::serve::database_path;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &GapsArgs) -> Result<(), Failure> {
    let path = database_path(place, config)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let gaps = runtime.block_on(async {
        let store = Store::open(&path).await?;
        let gaps = store.gaps().await;
        store.close().await;
        gaps
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
