//! `fenghuo eval`: how often golden questions are answered as they must be; or plain retrieval.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use fenghuo_search::Engine;
use fenghuo_search::eval::{Counts, Report, golden, retrieval};

use crate::cli::{EvalArgs, PlaceArgs};
use crate::failure::Failure;
use crate::{library, output};

pub(crate) fn run(place: &PlaceArgs, args: &EvalArgs) -> Result<(), Failure> {
    if let (Some(docs), Some(queries)) = (&args.docs, &args.queries) {
        return plain(docs, queries);
    }
    let library = Arc::new(library::load_leniently(place.library.as_deref())?);
    let engine = Engine::in_memory(library).context("cannot build the index")?;
    let lines = read_all(&args.files)?;
    let report = golden(&engine, &lines).context("golden files").map_err(Failure::Usage)?;
    if args.json {
        output::print(&serde_json::to_string(&report).context("cannot write JSON")?);
    } else {
        print_report(&report);
    }
    check_floors(&report, &args.floor)
}

fn plain(docs: &Path, queries: &Path) -> Result<(), Failure> {
    let scores =
        retrieval(&read(docs)?, &read(queries)?).context("retrieval").map_err(Failure::Usage)?;
    output::print(&serde_json::to_string(&scores).context("cannot write JSON")?);
    Ok(())
}

fn read_all(files: &[PathBuf]) -> Result<String, Failure> {
    let texts: Vec<String> = files.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    Ok(texts.join("\n"))
}

fn read(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .with_context(|| format!("`{}`", file.display()))
        .map_err(Failure::Usage)
}

fn print_report(report: &Report) {
    for failure in &report.failures {
        let text: String = failure.text.chars().take(120).collect();
        output::print(&format!(
            "✗ {} [{:?} → {}] {}\n    {}\n    {}",
            failure.id,
            failure.expect,
            failure.kind.key(),
            failure.q,
            failure.reason,
            text.replace('\n', " / ")
        ));
    }
    for (tag, counts) in &report.by_tag {
        output::print(&row(&format!("#{tag}"), *counts));
    }
    for (expect, counts) in &report.by_expect {
        output::print(&row(expect, *counts));
    }
    output::print(&row("all", report.all));
}

fn row(name: &str, counts: Counts) -> String {
    format!("{name:24} {:5}/{:<5} {:.3}", counts.right, counts.total, counts.rate())
}

/// `first` is the share of lines met over all; other names are expectations or tags.
fn check_floors(report: &Report, floors: &[(String, f64)]) -> Result<(), Failure> {
    let mut below = false;
    for (name, floor) in floors {
        let counts = match name.as_str() {
            "first" | "all" => Some(report.all),
            name => report.by_expect.get(name).or_else(|| report.by_tag.get(name)).copied(),
        };
        let Some(counts) = counts else {
            return Err(Failure::usage(format!(
                "floor `{name}`: no such expectation or tag in the files"
            )));
        };
        if counts.rate() < *floor {
            below = true;
            output::complain(&format!("below the floor: {name} {:.3} < {floor}", counts.rate()));
        }
    }
    if below { Err(Failure::Findings) } else { Ok(()) }
}
