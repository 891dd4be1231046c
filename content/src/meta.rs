//! Front matter that every kind has, read into [`Meta`].

use jiff::civil::Date;
use serde::Deserialize;

use crate::document::{Meta, Season, Source, SourceKind};
use crate::front::{Day, Front};

const SUMMARY_LIMIT: usize = 80;

/// A source as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSource {
    title: String,
    issuer: String,
    date: toml::Value,
    kind: SourceKind,
    article: Option<String>,
    url: Option<String>,
}

/// Months as written.
#[derive(Deserialize)]
#[serde(untagged)]
enum RawSeason {
    Words(Vec<String>),
    Months(Vec<i8>),
}

/// `[[allow]]`: a rule this document may break, and why.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Allow {
    pub(crate) rule: String,
    pub(crate) reason: String,
}

impl Meta {
    pub(crate) fn read(front: &mut Front<'_>) -> Option<Self> {
        let title = front.text("title");
        let summary = summary(front);
        let audience = front.list("audience", 1);
        let topics = front.list("topics", 1);
        let season = season(front);
        let draft = front.optional("draft").unwrap_or(false);
        let reviewed = front.required::<Day>("reviewed");
        let review_every = review_every(front);
        let reviewer = reviewer(front);
        let aliases = aliases(front);
        let sources = sources(front);
        let allow: Vec<Allow> = front.optional("allow").unwrap_or_default();
        Some(Self {
            title: title?,
            summary: summary?,
            audience: audience?,
            topics: topics?,
            season,
            draft,
            reviewed: reviewed?.0,
            review_every,
            reviewer,
            aliases,
            sources,
            allow: allow.into_iter().map(|allow| (allow.rule, allow.reason)).collect(),
        })
    }
}

fn summary(front: &mut Front<'_>) -> Option<String> {
    let line = front.line("summary");
    let summary = front.text("summary")?;
    let length = summary.chars().count();
    if length > SUMMARY_LIMIT {
        let message = format!("`summary` 有 {length} 字，最多 {SUMMARY_LIMIT} 字");
        front.error(line, "too-long", message, "只留最要紧的一两句");
    }
    Some(summary)
}

fn season(front: &mut Front<'_>) -> Season {
    let line = front.line("season");
    match front.optional::<RawSeason>("season") {
        None => Season::ALL,
        Some(RawSeason::Words(words)) if words.iter().all(|word| word == "all") => Season::ALL,
        Some(RawSeason::Months(months)) if months.iter().all(|m| (1..=12).contains(m)) => {
            Season::of(months)
        }
        Some(_) => {
            front.error(line, "front-value", "`season` 写得不对", "写 [\"all\"] 或月份 [6, 7, 8]");
            Season::ALL
        }
    }
}

fn review_every(front: &mut Front<'_>) -> u32 {
    let line = front.line("review_every");
    let months = front.optional("review_every").unwrap_or(12);
    if !(1..=120).contains(&months) {
        front.error(line, "front-value", "`review_every` 写得不对", "写月数，1 到 120");
    }
    months
}

/// An empty `reviewer` counts as none, so that nobody approves by leaving quotes behind.
fn reviewer(front: &mut Front<'_>) -> Option<String> {
    front.optional::<String>("reviewer").filter(|office| !office.trim().is_empty())
}

fn aliases(front: &mut Front<'_>) -> Vec<String> {
    let line = front.line("aliases");
    let aliases: Vec<String> = front.optional("aliases").unwrap_or_default();
    let fine = |alias: &String| {
        alias.len() > 2
            && alias.starts_with('/')
            && alias.ends_with('/')
            && !alias.contains("//")
            && !alias.contains("..")
            && alias
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-/".contains(&b))
    };
    for alias in aliases.iter().filter(|alias| !fine(alias)) {
        front.error(
            line,
            "alias",
            format!("旧网址 `{alias}` 不对"),
            "写成 /old/path/，前后都有斜线",
        );
    }
    aliases
}

fn sources(front: &mut Front<'_>) -> Vec<Source> {
    let line = front.line("sources");
    let raw: Vec<RawSource> = front.optional("sources").unwrap_or_default();
    raw.into_iter().filter_map(|source| checked(front, line, source)).collect()
}

fn checked(front: &mut Front<'_>, line: u32, raw: RawSource) -> Option<Source> {
    let date = match &raw.date {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if !is_source_date(&date) {
        let message = format!("来源《{}》的日期 `{date}` 不对", raw.title);
        front.error(line, "source-date", message, "写 2021-04-29、2021-04 或 2021");
    }
    if raw.title.trim().is_empty() || raw.issuer.trim().is_empty() {
        front.error(line, "source-empty", "来源没有标题或发布机关", "补上 title 和 issuer");
        return None;
    }
    if let Some(url) = &raw.url
        && !is_official(url)
    {
        let message = format!("来源《{}》的网址 `{url}` 不是官方网站", raw.title);
        front.error(line, "source-url", message, "只写 https 开头的 .gov.cn 网址；没有就删掉 url");
    }
    let RawSource { title, issuer, kind, article, url, .. } = raw;
    Some(Source { title, issuer, date, kind, article, url })
}

/// A year, a month or a day.
fn is_source_date(text: &str) -> bool {
    let padded = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    padded.parse::<Date>().is_ok()
}

/// Whether `url` leads to a government or standards site.
fn is_official(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    [".gov.cn", ".npc.gov.cn", ".ul.com", ".ul.org"].iter().any(|end| host.ends_with(end))
        || host == "gov.cn"
}
