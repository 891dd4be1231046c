//! `fenghuo inbox`: how many updates came in and how they ended, and every one that did not end plainly.
//!
//! A repeated reply may have arrived twice; an unknown one may not have arrived at all. Neither
//! addresses nor texts are shown.

use anyhow::Context;
use fenghuo_store::{Error, InboxCounts, InboxEntry, InboxState, Listed, Store};

use crate::cli::{InboxArgs, PlaceArgs};
use crate::config::Config;
use crate::database;
use crate::failure::Failure;
use crate::output;

/// What is listed, and what it is called.
const LISTS: [(&str, Listed); 4] = [
    ("repeated", Listed::Repeated),
    ("unknown", Listed::State(InboxState::Unknown)),
    ("failed", Listed::State(InboxState::Failed)),
    ("unparsed", Listed::State(InboxState::Unparsed)),
];
/// Rows read at once.
const PAGE: u32 = 1000;

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &InboxArgs) -> Result<(), Failure> {
    let location = database::location(place, config)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(async {
        let store = database::open(&location).await?;
        let shown = show(&store, args.json).await;
        store.close().await;
        shown.map_err(database::explain)
    })?;
    Ok(())
}

async fn show(store: &Store, json: bool) -> Result<(), Error> {
    print_counts(&store.inbox_counts().await?, json);
    for (name, listed) in LISTS {
        let mut after = 0;
        loop {
            let rows = store.inbox(listed, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.row;
            rows.iter().for_each(|row| print_row(name, row, json));
        }
    }
    Ok(())
}

fn print_counts(counts: &InboxCounts, json: bool) {
    if json {
        return output::print(&serde_json::json!({ "counts": counts }).to_string());
    }
    output::print(&format!(
        "received {}, answered {}, waiting {}, failed {}, unknown {}, unparsed {}",
        counts.total(),
        counts.answered,
        counts.pending(),
        counts.failed,
        counts.unknown,
        counts.unparsed
    ));
}

fn print_row(name: &str, row: &InboxEntry, json: bool) {
    if json {
        return output::print(&serde_json::json!({ "list": name, "row": row }).to_string());
    }
    output::print(&format!(
        "{name}\t{}/{}\t{}\t{}\t{}\t{}",
        row.channel,
        row.account,
        row.update_id,
        row.received,
        row.repeats,
        row.reason.as_deref().unwrap_or_default()
    ));
}
