//! The read-only API: documents, lessons, cases, checklists and search as JSON.

mod audience;
mod csv;
mod filter;
mod happened;
mod item;
mod lesson;
mod params;
mod search;
mod value;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use fenghuo_content::{Kind, Lang};
use serde::Serialize;

use super::Problem;
use super::cache::{set, tagged};
use crate::pack::Subject;
use crate::{Current, World, asset};
use filter::Filter;
use item::{Item, Whole};
use lesson::WholeLesson;
use params::Params;

/// Paths are whole, not nested: the handlers see the address as it was asked for.
pub(super) fn router() -> Router<Current> {
    Router::new()
        .route("/api/v1/documents", get(documents))
        .route("/api/v1/documents/{*id}", get(document))
        .route("/api/v1/lessons", get(lessons))
        .route("/api/v1/lessons/{*id}", get(one_lesson))
        .route("/api/v1/cases", get(cases))
        .route("/api/v1/cases.csv", get(case_table))
        .route("/api/v1/checklists", get(checklists))
        .route("/api/v1/search", get(search::get))
}

/// A page of a list.
#[derive(Serialize)]
struct List<'a> {
    items: Vec<Item<'a>>,
    total: usize,
    /// Address of the next page.
    next: Option<String>,
}

type Asked = Result<Query<Params>, QueryRejection>;

async fn documents(
    State(current): State<Current>,
    params: Asked,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    list(&current, None, params, &uri, &headers)
}

async fn lessons(
    State(current): State<Current>,
    params: Asked,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    list(&current, Some(Kind::Lesson), params, &uri, &headers)
}

async fn cases(
    State(current): State<Current>,
    params: Asked,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    list(&current, Some(Kind::Case), params, &uri, &headers)
}

/// All cases that fit, in one table.
async fn case_table(State(current): State<Current>, params: Asked, headers: HeaderMap) -> Response {
    let world = current.get();
    let read = params.map_err(|rejection| unreadable(&rejection));
    let filter =
        read.and_then(|Query(params)| Filter::parse(&world.library, Some(Kind::Case), &params));
    match filter {
        Ok(filter) => {
            let table = csv::cases(&world.site, filter.apply(&world).into_iter());
            shared(&headers, table.into_bytes(), "text/csv; charset=utf-8")
        }
        Err(problem) => problem.into_response(),
    }
}

async fn checklists(
    State(current): State<Current>,
    params: Asked,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    list(&current, Some(Kind::Checklist), params, &uri, &headers)
}

fn list(
    current: &Current,
    kind: Option<Kind>,
    params: Asked,
    uri: &Uri,
    headers: &HeaderMap,
) -> Response {
    let world = current.get();
    match answer(&world, kind, params, uri.path()) {
        Ok(list) => json(headers, &list),
        Err(problem) => problem.into_response(),
    }
}

fn answer<'a>(
    world: &'a World,
    kind: Option<Kind>,
    params: Asked,
    path: &str,
) -> Result<List<'a>, Problem> {
    let Query(params) = params.map_err(|rejection| unreadable(&rejection))?;
    let filter = Filter::parse(&world.library, kind, &params)?;
    let found = filter.apply(world);
    let total = found.len();
    let items = found.into_iter().skip(filter.offset).take(filter.limit);
    let items = items.map(|document| Item::new(&world.site, document, filter.minutes)).collect();
    let after = filter.offset.saturating_add(filter.limit);
    let next = (after < total).then(|| format!("{path}?{}", params.at(after, filter.limit)));
    Ok(List { items, total, next })
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OneParams {
    lang: Option<String>,
}

async fn document(
    State(current): State<Current>,
    Path(id): Path<String>,
    params: Result<Query<OneParams>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let world = current.get();
    let lang = match params {
        Ok(Query(OneParams { lang })) => value::lang(lang.as_deref()),
        Err(rejection) => Err(unreadable(&rejection)),
    };
    let found = |lang: Lang| {
        world.library.find_in(id.trim_end_matches('/'), lang).filter(|d| !d.meta.draft)
    };
    match lang.map(found) {
        Ok(Some(document)) => json(&headers, &Whole::new(&world.site, document)),
        Ok(None) => Problem::new(StatusCode::NOT_FOUND, "no document has this id").into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// One lesson, by its id with or without `lessons/`.
async fn one_lesson(
    State(current): State<Current>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let world = current.get();
    let short = id.trim_matches('/');
    let id = format!("lessons/{}", short.strip_prefix("lessons/").unwrap_or(short));
    let found = world.library.find(&id).filter(|document| !document.meta.draft);
    match found.and_then(|document| Subject::new(&world.site, document)) {
        Some(subject) => json(&headers, &WholeLesson::new(&subject)),
        None => Problem::new(StatusCode::NOT_FOUND, "no lesson has this id").into_response(),
    }
}

/// Why the query was not understood; serde names the parameter between back ticks.
fn unreadable(rejection: &QueryRejection) -> Problem {
    let text = rejection.body_text();
    let problem = Problem::new(StatusCode::BAD_REQUEST, text.clone());
    let named: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    match named.split_first() {
        Some((parameter, valid)) => problem.about(parameter, valid.iter().copied()),
        None => problem,
    }
}

/// `value` with its tag, readable from any site.
fn json(headers: &HeaderMap, value: &impl Serialize) -> Response {
    let Ok(body) = serde_json::to_vec(value) else {
        return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error").into_response();
    };
    shared(headers, body, "application/json")
}

/// `body` with its tag, readable from any site.
fn shared(headers: &HeaderMap, body: Vec<u8>, mime: &'static str) -> Response {
    let etag = format!("\"{}\"", asset::hash(&body, 16));
    let mut response = tagged(headers, &etag, body.into(), false);
    set(&mut response, header::CONTENT_TYPE, mime);
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response
}
