//! `fenghuo gaps`: the questions that had no answer, near-duplicates together, most asked first; with a drafted stub
//! of front matter for the largest group.

use anyhow::Context;
use fenghuo_search::group_similar;
use fenghuo_store::{Gap, Store};
use serde_json::json;

use crate::cli::{GapsArgs, PlaceArgs};
use crate::command::serve::database_path;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

/// Questions of a group that are shown, and drafted.
const SHOWN: usize = 8;

/// A group of near-duplicates.
struct Group<'a> {
    count: u64,
    samples: Vec<&'a str>,
    period: String,
}

impl<'a> Group<'a> {
    fn of(gaps: &[&'a Gap]) -> Self {
        let first = gaps.iter().map(|gap| gap.first).min();
        let last = gaps.iter().map(|gap| gap.last).max();
        let period = first.zip(last).map(|(first, last)| format!("{first}—{last}"));
        Self {
            count: gaps.iter().map(|gap| gap.count).sum(),
            samples: gaps.iter().map(|gap| gap.sample.as_str()).collect(),
            period: period.unwrap_or_default(),
        }
    }
}

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: &GapsArgs) -> Result<(), Failure> {
    let path = database_path(place, config)?;
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    let gaps = runtime.block_on(async {
        let store = Store::open(&path).await?;
        let gaps = store.gaps().await;
        store.close().await;
        gaps
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
        output::print(&format!("\n{}", stub(largest)));
    }
    Ok(())
}

fn as_json(group: &Group<'_>) -> String {
    let Group { count, samples, period } = group;
    let sample = samples.first();
    json!({ "count": count, "sample": sample, "questions": samples, "period": period }).to_string()
}

fn as_line(group: &Group<'_>) -> String {
    let shown: Vec<&str> = group.samples.iter().copied().take(SHOWN).collect();
    format!("{}\t{}\t{}", group.count, shown.join(" / "), group.period)
}

/// Front matter to begin a document with; what an editor must fill in is empty.
fn stub(group: &Group<'_>) -> String {
    let quoted =
        |text: &str| format!("{:?}", text.chars().filter(|c| !c.is_control()).collect::<String>());
    let title = quoted(group.samples.first().copied().unwrap_or_default());
    let questions: Vec<String> =
        group.samples.iter().take(SHOWN).map(|text| format!("  {},", quoted(text))).collect();
    format!(
        "+++\ntitle = {title}\nsummary = \"\"\naudience = [\"resident\"]\ntopics = []\nseason = [\"all\"]\nreviewed = \nanswer = \"\"\"\n\"\"\"\nquestions = [\n{}\n]\nurgency = \"learn\"\n\n[[sources]]\ntitle = \"\"\nissuer = \"\"\ndate = \"\"\nkind = \"law\"\n+++",
        questions.join("\n")
    )
}
