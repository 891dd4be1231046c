//! `GET /api/v1/search?q=`: passages for a query as it is typed, best first, one a document.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use fenghuo_content::{Document, Lang};
use fenghuo_search::Hit;
use serde::{Deserialize, Serialize};

use super::value::number;
use super::{json, unreadable};
use crate::web::Problem;
use crate::{Current, Site};

/// Longer queries are cut: searching is no telling.
const LONGEST: usize = 200;
const HITS: usize = 20;
const MOST: usize = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    q: Option<String>,
    limit: Option<String>,
}

#[derive(Serialize)]
struct Found<'a> {
    q: &'a str,
    items: Vec<FoundItem<'a>>,
}

/// A passage found; names as in `hits` of an answer.
#[derive(Serialize)]
struct FoundItem<'a> {
    doc: &'a str,
    section: &'a str,
    title: &'a str,
    /// Title of the document alone, and of the passage where it has its own.
    doc_title: &'a str,
    section_title: &'a str,
    kind: &'static str,
    kind_name: &'static str,
    url: String,
    score: f32,
    text: &'a str,
}

pub(super) async fn get(
    State(current): State<Current>,
    params: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let read = params.map_err(|rejection| unreadable(&rejection)).and_then(read);
    let (query, limit) = match read {
        Ok(read) => read,
        Err(problem) => return problem.into_response(),
    };
    let world = current.get();
    let hits = world.engine.search(&query, limit);
    let items = hits.iter().filter_map(|hit| item(&world.site, hit)).collect();
    json(&headers, &Found { q: &query, items })
}

fn read(Query(asked): Query<Asked>) -> Result<(String, usize), Problem> {
    let limit = number(asked.limit.as_ref(), "limit", 1..=MOST)?.unwrap_or(HITS);
    let missing = || {
        let detail = "`q` is missing: it holds what to search for";
        Problem::new(StatusCode::BAD_REQUEST, detail).about("q", [""; 0])
    };
    let query: String = asked.q.ok_or_else(missing)?.trim().chars().take(LONGEST).collect();
    Ok((query, limit))
}

fn item<'a>(site: &'a Site, hit: &'a Hit) -> Option<FoundItem<'a>> {
    let document = find(site, &hit.doc)?;
    let title = document.meta.title.as_str();
    let anchor = if hit.section.is_empty() { String::new() } else { format!("#{}", hit.section) };
    Some(FoundItem {
        doc: &hit.doc,
        section: &hit.section,
        title: &hit.title,
        doc_title: title,
        section_title: hit.title.strip_prefix(title).unwrap_or("").trim_start_matches(" · "),
        kind: document.kind().folder(),
        kind_name: document.kind().name(),
        url: site.absolute(&format!("{}{anchor}", document.address())),
        score: hit.score,
        text: &hit.text,
    })
}

fn find<'a>(site: &'a Site, id: &str) -> Option<&'a Document> {
    site.library.find(id).or_else(|| site.library.find_in(id, Lang::En))
}
