//! `fenghuo store`: take the database out, put it in, move it, look whether it is whole.

use std::path::Path;

use anyhow::{Context, ensure};
use fenghuo_store::{Counts, Location};

use crate::cli::{PlaceArgs, StoreAction, StoreArgs};
use crate::clock::Clock;
use crate::config::Config;
use crate::database;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &StoreArgs) -> Result<(), Failure> {
    let location = database::location(place, config)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    match &args.action {
        StoreAction::Backup { file } => runtime.block_on(backup(&location, file))?,
        StoreAction::Restore { file } => {
            runtime.block_on(restore(&location, file, &place.data))?;
        }
        StoreAction::Verify { json } => return runtime.block_on(verify(&location, *json)),
        StoreAction::Copy { to } => {
            let target = database::parse(to).context("--to").map_err(Failure::Usage)?;
            runtime.block_on(copy(&location, &target))?;
        }
    }
    Ok(())
}

/// A copy of the file, or the portable form: for a server, and where the name ends with `.jsonl`.
async fn backup(location: &Location, file: &Path) -> anyhow::Result<()> {
    let store = database::open_existing(location).await?;
    let portable = file.extension().is_some_and(|ending| ending == "jsonl");
    let written = match portable {
        true => None,
        false => Some(store.copy_file(file).await.map_err(database::explain)?),
    };
    if written != Some(true) {
        print(&store.dump(file).await.map_err(database::explain)?);
    }
    store.close().await;
    Ok(())
}

async fn restore(location: &Location, file: &Path, scratch: &Path) -> anyhow::Result<()> {
    ensure!(file.is_file(), "`{}`: no such file", file.display());
    let store = database::open(location).await?;
    let counts = store.restore(file, scratch).await;
    store.close().await;
    print(&counts.map_err(database::explain)?);
    Ok(())
}

async fn verify(location: &Location, json: bool) -> Result<(), Failure> {
    let store = database::open_existing(location).await?;
    let verified = store.verify(Clock::default().now()).await.map_err(database::explain);
    store.close().await;
    let verified = verified?;
    if json {
        output::print(&serde_json::to_string(&verified).context("cannot write JSON")?);
    } else {
        print(&verified.tables);
        output::print(&format!("audit head\t{}", verified.audit.head));
        for finding in &verified.findings {
            output::print(&format!("finding\t{}", finding.message));
        }
    }
    if verified.findings.is_empty() { Ok(()) } else { Err(Failure::Findings) }
}

async fn copy(location: &Location, target: &Location) -> anyhow::Result<()> {
    let source = database::open_existing(location).await?;
    let sink = database::open(target).await.context("the target")?;
    let counts = source.copy_to(&sink).await;
    source.close().await;
    sink.close().await;
    print(&counts.map_err(database::explain)?);
    Ok(())
}

fn print(counts: &Counts) {
    for (table, rows) in counts {
        output::print(&format!("{table}\t{rows}"));
    }
}
