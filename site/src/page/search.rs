//! The search page: results from the engine when a server stands behind it, else found by script in the compact index.

use askama::Template;
use fenghuo_content::{Lang, Topic};
use fenghuo_search::{Answer, AnswerKind, Hit};

use super::Page;
use crate::Site;
use crate::asset::{DANGER, FIND_SCRIPT, SEARCH};
use crate::frame::render;
use crate::route::SEARCH_INDEX;

#[derive(Template)]
#[template(path = "search.html")]
struct Search<'a> {
    query: &'a str,
    answer: Option<AnswerView<'a>>,
    results: Vec<ResultView<'a>>,
    searched: bool,
    live: bool,
    /// Where the index for search without a server lies.
    folder: &'static str,
    version: &'a str,
    topics: Vec<&'a Topic>,
}

struct AnswerView<'a> {
    urgent: bool,
    lines: Vec<&'a str>,
    /// Where to read on: address and what it is.
    more: Option<(String, String)>,
}

struct ResultView<'a> {
    address: String,
    kind: &'static str,
    title: &'a str,
    text: &'a str,
}

/// What the engine found for a question.
pub(crate) struct Results<'a> {
    pub(crate) query: &'a str,
    pub(crate) answer: Answer,
    pub(crate) hits: Vec<Hit>,
}

/// The page with what was found.
pub(crate) fn results(site: &Site, found: Option<&Results<'_>>) -> Page {
    let view = Search {
        query: found.map_or("", |found| found.query),
        answer: found.and_then(|found| answer(site, &found.answer)),
        results: found
            .map_or_else(Vec::new, |f| f.hits.iter().filter_map(|h| result(site, h)).collect()),
        searched: found.is_some(),
        live: site.options.live,
        folder: SEARCH_INDEX,
        version: version(site),
        topics: topics(site),
    };
    Page {
        title: "搜索".to_owned(),
        description: "搜消防安全知识、指引、课程、自查表和案例，边输入边出结果。".to_owned(),
        main: render(&view),
        // Search engines list the page, not what was found on it.
        noindex: found.is_some(),
        scripts: vec![FIND_SCRIPT.address.clone(), DANGER.address.clone(), SEARCH.address.clone()],
        ..Page::default()
    }
}

/// Names the library in addresses of its index, so that parts of two libraries are never mixed.
pub(crate) fn version(site: &Site) -> &str {
    site.library.hash.get(..10).unwrap_or(&site.library.hash)
}

/// Only a card or a passage goes on top; "I do not know" would say less than the results below.
fn answer<'a>(site: &Site, answer: &'a Answer) -> Option<AnswerView<'a>> {
    let shown = matches!(answer.kind, AnswerKind::Emergency | AnswerKind::Answer);
    shown.then(|| AnswerView {
        urgent: answer.kind == AnswerKind::Emergency,
        lines: answer.text.lines().filter(|line| !line.trim().is_empty()).collect(),
        more: more(site, answer),
    })
}

fn more(site: &Site, answer: &Answer) -> Option<(String, String)> {
    if let Some(guide) = answer.guide.as_ref().and_then(|id| site.library.find(id.as_str())) {
        return Some((guide.address(), format!("一步一步：{}", guide.meta.title)));
    }
    let passage = answer.passage.as_ref()?;
    let document = site.library.find_in(passage.doc.as_str(), passage.lang)?;
    Some((
        format!("{}#{}", document.address(), passage.anchor),
        format!("看全文：{}", document.meta.title),
    ))
}

fn result<'a>(site: &Site, hit: &'a Hit) -> Option<ResultView<'a>> {
    let document =
        site.library.find(&hit.doc).or_else(|| site.library.find_in(&hit.doc, Lang::En))?;
    let anchor = if hit.section.is_empty() { String::new() } else { format!("#{}", hit.section) };
    Some(ResultView {
        address: format!("{}{anchor}", document.address()),
        kind: document.kind().name(),
        title: &hit.title,
        text: &hit.text,
    })
}

fn topics(site: &Site) -> Vec<&Topic> {
    site.library.topics.iter().filter(|topic| !site.index.of_topic(&topic.id).is_empty()).collect()
}
