//! `fenghuo gaps`: the questions that had no answer, near-duplicates together, most asked first; with a drafted stub
//! of front matter for the largest group.

use anyhow::Context;
use fenghuo_content::{DocumentId, stub};
use fenghuo_search::group_similar;
use fenghuo_store::Gap;
use jiff::civil::Date;
use serde_json::json;

use crate::cli::{GapsArgs, PlaceArgs};
use crate::clock::Clock;
use crate::config::Config;
use crate::database;
use crate::failure::Failure;
use crate::output;

/// Questions of a group that are shown, and drafted.
const SHOWN: usize = 8;

/// Gaps that ask the same, most asked first.
struct Group<'a> {
    count: u64,
    samples: Vec<&'a str>,
    first: Option<Date>,
    last: Option<Date>,
}

impl<'a> Group<'a> {
    fn of(gaps: &[&'a Gap]) -> Self {
        Self {
            count: gaps.iter().map(|gap| gap.count).sum(),
            samples: gaps.iter().map(|gap| gap.sample.as_str()).collect(),
            first: gaps.iter().map(|gap| gap.first).min(),
            last: gaps.iter().map(|gap| gap.last).max(),
        }
    }
}

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &GapsArgs) -> Result<(), Failure> {
    let location = database::location(place, config)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let gaps = runtime.block_on(async {
        let store = database::open(&location).await?;
        let gaps = store.gaps().await;
        store.close().await;
        gaps.map_err(database::explain)
    });
    let gaps = gaps.context("cannot read the store")?;
    let questions: Vec<&str> = gaps.iter().map(|gap| gap.sample.as_str()).collect();
    let places = group_similar(&questions).context("cannot compare questions")?;
    let mut groups: Vec<Group<'_>> = places
        .into_iter()
        .map(|places| Group::of(&places.iter().map(|at| &gaps[*at]).collect::<Vec<_>>()))
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    for group in &groups {
        output::print(&if args.json { as_json(group) } else { as_line(group) });
    }
    if let Some(largest) = groups.first().filter(|_| !args.json) {
        output::print(&format!("\n{}", drafted(largest)));
    }
    Ok(())
}

fn as_json(group: &Group<'_>) -> String {
    let Group { count, samples, first, last } = group;
    let sample = samples.first();
    json!({ "count": count, "sample": sample, "questions": samples, "first": first, "last": last })
        .to_string()
}

fn as_line(group: &Group<'_>) -> String {
    let shown: Vec<&str> = group.samples.iter().copied().take(SHOWN).collect();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    format!("{}\t{}\t{}—{}", group.count, shown.join(" / "), day(group.first), day(group.last))
}

/// The stub of a knowledge document with the group's questions in it.
fn drafted(group: &Group<'_>) -> String {
    let id = DocumentId::parse("knowledge/gap/draft").expect("a document id");
    let quoted = |text: &&str| toml::Value::String((*text).to_owned()).to_string();
    let title = group.samples.first().map(quoted).unwrap_or_default();
    let questions: Vec<String> = group.samples.iter().take(SHOWN).map(quoted).collect();
    let files = stub(&id, Clock::default().today());
    let lines = files.iter().flat_map(|(_, text)| text.lines()).map(|line| {
        if line.starts_with("title = \"标题") {
            format!("title = {title}")
        } else if line.starts_with("questions = ") {
            format!("questions = [{}]", questions.join(", "))
        } else {
            line.to_owned()
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}
