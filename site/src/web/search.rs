//! `GET /search?q=`: results without a script, the answer on top.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::page::{Results, results};
use crate::{Current, World};

/// Longer questions are cut: the page is for searching, `/chat` for telling.
const LONGEST: usize = 200;
const HITS: usize = 20;

#[derive(Deserialize)]
pub(super) struct Params {
    #[serde(default)]
    q: String,
}

pub(super) async fn page(
    State(current): State<Current>,
    params: Result<Query<Params>, QueryRejection>,
) -> Response {
    let world = current.get();
    let query: String = params.map(|Query(params)| params.q).unwrap_or_default();
    let query: String = query.trim().chars().take(LONGEST).collect();
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, html(&world, &query)).into_response()
}

fn html(world: &World, query: &str) -> String {
    let page = if query.is_empty() {
        results(&world.site, None)
    } else {
        let (answer, hits) = (world.engine.ask(query), world.engine.search(query, HITS));
        results(&world.site, Some(&Results { query, answer, hits }))
    };
    world.site.wrap("/search/", &page)
}
