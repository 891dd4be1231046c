//! The search page: results from the engine when a server stands behind it, else found by script in the index file.

use askama::Template;
use fenghuo_content::{Lang, Topic};
use fenghuo_search::{Answer, AnswerKind, Hit};

use super::Page;
use crate::Site;
use crate::asset::SEARCH;
use crate::frame::render;

#[derive(Template)]
#[template(path = "search.html")]
struct Search<'a> {
    query: &'a str,
    /// Whether a script looks through the index file.
    offline: bool,
    answer: Option<AnswerView<'a>>,
    results: Vec<ResultView<'a>>,
    searched: bool,
    live: bool,
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
        offline: false,
        answer: found.and_then(|found| answer(site, &found.answer)),
        results: found
            .map_or_else(Vec::new, |f| f.hits.iter().filter_map(|h| result(site, h)).collect()),
        searched: found.is_some(),
        live: site.options.live,
        topics: topics(site),
    };
    Page { title: "搜索".to_owned(), main: render(&view), noindex: true, ..Page::default() }
}

/// The page of a static host.
pub(super) fn offline(site: &Site) -> Page {
    let view = Search {
        query: "",
        offline: true,
        answer: None,
        results: Vec::new(),
        searched: false,
        live: site.options.live,
        topics: topics(site),
    };
    let scripts = vec![SEARCH.address.clone()];
    Page {
        title: "搜索".to_owned(),
        main: render(&view),
        noindex: true,
        scripts,
        ..Page::default()
    }
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
