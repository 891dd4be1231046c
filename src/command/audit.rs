//! `fenghuo audit`: the log of who did what, and whether it is as it was written.

use anyhow::Context;
use fenghuo_store::Store;

use crate::cli::{AuditAction, AuditArgs, PlaceArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::{database, output};

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &AuditArgs) -> Result<(), Failure> {
    let location = database::location(place, config)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(async {
        let store = database::open_existing(&location).await?;
        let done = match args.action {
            AuditAction::Verify { json } => verify(&store, json).await,
            AuditAction::List { limit, json } => list(&store, limit, json).await,
        };
        store.close().await;
        done
    })
}

async fn verify(store: &Store, json: bool) -> Result<(), Failure> {
    let report = store.verify_audit().await.map_err(database::explain)?;
    if json {
        output::print(&serde_json::to_string(&report).context("cannot write JSON")?);
    } else if let Some(number) = report.broken {
        output::print(&format!("broken at entry {number}, after {} good ones", report.entries));
    } else {
        output::print(&format!(
            "{} entries, the chain holds\nhead\t{}",
            report.entries, report.head
        ));
    }
    if report.broken.is_none() { Ok(()) } else { Err(Failure::Findings) }
}

async fn list(store: &Store, limit: u32, json: bool) -> Result<(), Failure> {
    let entries = store.audit_log(i64::MAX, limit).await.map_err(database::explain)?;
    for entry in entries {
        output::print(&if json {
            serde_json::to_string(&entry).context("cannot write JSON")?
        } else {
            let (at, actor, action) = (entry.at, &entry.actor, &entry.action);
            format!(
                "{}\t{at}\t{actor}\t{action}\t{}\t{}",
                entry.number, entry.subject, entry.detail
            )
        });
    }
    Ok(())
}
