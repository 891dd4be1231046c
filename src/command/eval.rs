//! `fenghuo eval`: how often golden questions are answered as they must be; or plain retrieval.

use std::path::{Path, PathBuf};

use anyhow::Context;
use fenghuo_search::Engine;
use fenghuo_search::eval::{Counts, Fold, Report, golden, retrieval, tune};

use crate::cli::{EvalArgs, PlaceArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::{meaning, output};

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &EvalArgs) -> Result<(), Failure> {
    if let (Some(docs), Some(queries)) = (&args.docs, &args.queries) {
        return plain(docs, queries);
    }
    let engine = meaning::engine(place, config)?;
    let lines = read_all(&args.files)?;
    if let Some(out) = &args.out {
        return learn(&engine, &lines, out, args.json);
    }
    let report = golden(&engine, &lines).context("golden files").map_err(Failure::Usage)?;
    if args.json {
        output::print(&serde_json::to_string(&report).context("cannot write JSON")?);
    } else {
        print_report(&report);
    }
    check_floors(&report, &args.floor)
}

/// Learns weights, prints what each fold gives and writes the file.
fn learn(engine: &Engine, lines: &str, out: &Path, json: bool) -> Result<(), Failure> {
    let tuned = tune(engine, lines).context("golden files").map_err(Failure::Usage)?;
    if json {
        output::print(&serde_json::to_string(&tuned.folds).context("cannot write JSON")?);
    } else {
        output::print("learned → held out; lines, first, third, mrr, refused, answered");
        tuned.folds.iter().for_each(|fold| output::print(&fold_row(fold)));
    }
    std::fs::write(out, &tuned.weights)
        .with_context(|| format!("`{}`", out.display()))
        .map_err(Failure::Usage)
}

fn fold_row(fold: &Fold) -> String {
    let pair = |[learned, held]: [f32; 2]| format!("{learned:.3} → {held:.3}");
    format!(
        "{:16} {:4}  {}   {}   {}   {}   {}",
        fold.name,
        fold.lines,
        pair(fold.first),
        pair(fold.third),
        pair(fold.mrr),
        pair(fold.refused),
        pair(fold.answered)
    )
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
        let parts: Vec<String> =
            failure.parts.iter().map(|(name, part)| format!("{name} {part:+.1}")).collect();
        let rank = failure.rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
        output::print(&format!(
            "✗ {} [{} {} → {}] {}\n    {}\n    rank {rank} · probability {:.2}: {}\n    {}",
            failure.id,
            failure.split.key(),
            failure.expect.key(),
            failure.kind.key(),
            failure.q,
            failure.reason,
            failure.probability,
            parts.join(" "),
            text.replace('\n', " / ")
        ));
    }
    print_reliability(report);
    for (tag, counts) in &report.by_tag {
        output::print(&row(&format!("#{tag}"), *counts));
    }
    for (name, counts) in report.by_expect.iter().chain(&report.by_split) {
        output::print(&row(name, *counts));
    }
    for (name, counts) in named(report) {
        output::print(&row(name, counts));
    }
    output::print(&format!("{:24} {:5}", "must_not", report.must_not));
}

/// Shares that stand for all lines.
fn named(report: &Report) -> [(&'static str, Counts); 5] {
    [
        ("document", report.document),
        ("third", report.third),
        ("first", report.first),
        ("calm", report.calm),
        ("all", report.all),
    ]
}

fn print_reliability(report: &Report) {
    output::print("probability  expected  true");
    for (step, bin) in report.reliability.iter().enumerate().filter(|(_, b)| b.counts.total > 0) {
        output::print(&format!(
            "{:.1}–{:.1}      {:.3}     {:.3}  of {}",
            step as f32 / 10.0,
            (step + 1) as f32 / 10.0,
            bin.expected / bin.counts.total as f32,
            bin.counts.rate(),
            bin.counts.total
        ));
    }
}

fn row(name: &str, counts: Counts) -> String {
    format!("{name:24} {:5}/{:<5} {:.3}", counts.right, counts.total, counts.rate())
}

/// `first`: lines that expect an answer are met; `document` and `third`: the named document is first, or among the
/// first three; `calm`: near-misses without an alarm; `must_not`: share of lines free of what must not be said; other names are expectations, halves
/// (`answer.test`, `third.test`) or tags.
fn check_floors(report: &Report, floors: &[(String, f64)]) -> Result<(), Failure> {
    let mut below = false;
    for (name, floor) in floors {
        let clean = Counts { right: report.all.total - report.must_not, total: report.all.total };
        let counts = named(report)
            .into_iter()
            .chain([("must_not", clean)])
            .find(|(known, _)| known == name)
            .map(|(_, counts)| counts)
            .or_else(|| {
                let tables = [&report.by_expect, &report.by_split, &report.by_tag];
                tables.into_iter().find_map(|table| table.get(name)).copied()
            });
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
