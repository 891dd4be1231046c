//! `fenghuo check`: every fault of the library, or the state of its reviews.

use anyhow::Context;
use fenghuo_content::{Diagnostic, Library, freshness};

use crate::cli::{CheckArgs, PlaceArgs};
use crate::clock::Clock;
use crate::failure::Failure;
use crate::{library, output};

pub(crate) fn run(place: &PlaceArgs, args: &CheckArgs) -> Result<(), Failure> {
    let (library, mut faults) = library::load(place.library.as_deref())?;
    if args.freshness {
        return report_freshness(&library, args.json);
    }
    if args.live {
        faults.extend(unreviewed(&library));
        faults.sort();
        faults.dedup();
    }
    for fault in &faults {
        let line = if args.json {
            serde_json::to_string(fault).context("cannot write JSON")?
        } else {
            fault.to_string()
        };
        output::print(&line);
    }
    let errors = faults.iter().filter(|fault| fault.is_error()).count();
    output::complain(&format!(
        "{} documents, {errors} errors, {} warnings",
        library.documents().len(),
        faults.len() - errors
    ));
    if errors > 0 { Err(Failure::Findings) } else { Ok(()) }
}

/// What a county that goes live must still have approved.
fn unreviewed(library: &Library) -> Vec<Diagnostic> {
    library
        .documents()
        .iter()
        .filter(|document| document.meta.reviewer.is_none())
        .map(|document| {
            let help = "请消防救援机构审定后写 reviewer";
            Diagnostic::error(&document.path, 1, "reviewer-missing", "没有审定机构", help)
        })
        .collect()
}

fn report_freshness(library: &Library, json: bool) -> Result<(), Failure> {
    let today = Clock::default().today();
    let all = freshness(library, today);
    for entry in &all {
        let meta = &entry.document.meta;
        let state = if entry.overdue { "过期" } else { "有效" };
        let reviewer = meta.reviewer.as_deref().unwrap_or("未审定");
        let line = if json {
            serde_json::json!({
                "path": entry.document.path, "reviewed": meta.reviewed, "due": entry.due,
                "overdue": entry.overdue, "reviewer": meta.reviewer,
            })
            .to_string()
        } else {
            format!(
                "{}\t{state}\t核对 {}\t下次 {}\t{reviewer}",
                entry.document.path, meta.reviewed, entry.due
            )
        };
        output::print(&line);
    }
    let overdue = all.iter().filter(|entry| entry.overdue).count();
    output::complain(&format!("{} documents, {overdue} overdue", all.len()));
    if overdue > 0 { Err(Failure::Findings) } else { Ok(()) }
}
