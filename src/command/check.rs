//! `fenghuo check`: every fault of the library, or the state of its reviews.

use anyhow::Context;
use fenghuo_content::{Diagnostic, Freshness, Library, freshness};

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
    allowed(&library);
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

/// Names what documents were allowed, so that it is not forgotten.
fn allowed(library: &Library) {
    for document in library.documents() {
        for (rule, reason) in &document.meta.allow {
            output::complain(&format!("{}: note[allow]: {rule}: {reason}", document.path));
        }
    }
}

fn report_freshness(library: &Library, json: bool) -> Result<(), Failure> {
    let today = Clock::default().today();
    let all = freshness(library, today);
    for entry in &all {
        output::print(&if json { as_json(entry) } else { as_line(entry) });
    }
    let count = |is: fn(&Freshness<'_>) -> bool| all.iter().filter(|entry| is(entry)).count();
    let overdue = count(|entry| entry.overdue);
    let changed = count(|entry| !entry.changed.is_empty());
    output::complain(&format!(
        "{} documents, {overdue} overdue, {changed} with a changed law, {} never approved, {} orphaned",
        all.len(),
        count(|entry| entry.document.meta.reviewer.is_none()),
        count(|entry| entry.orphaned),
    ));
    if overdue + changed > 0 { Err(Failure::Findings) } else { Ok(()) }
}

fn as_json(entry: &Freshness<'_>) -> String {
    let laws: Vec<_> = entry.changed.iter().map(|change| change.what).collect();
    serde_json::json!({
        "path": entry.document.path, "reviewed": entry.document.meta.reviewed, "due": entry.due,
        "overdue": entry.overdue, "reviewer": entry.document.meta.reviewer, "law_changed": laws,
        "orphaned": entry.orphaned,
    })
    .to_string()
}

fn as_line(entry: &Freshness<'_>) -> String {
    let meta = &entry.document.meta;
    let state = if entry.overdue { "过期" } else { "有效" };
    let reviewer = meta.reviewer.as_deref().unwrap_or("未审定");
    let mut line = format!(
        "{}\t{state}\t核对 {}\t下次 {}\t{reviewer}",
        entry.document.path, meta.reviewed, entry.due
    );
    for change in &entry.changed {
        line.push_str(&format!("\t法律变了：{}（{} 起）", change.what, change.since));
    }
    if entry.orphaned {
        line.push_str("\t没有文章链接到");
    }
    line
}
