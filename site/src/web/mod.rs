//! The public web routes: static pages, search, the read-only API.

mod api;
mod cache;
mod coding;
mod lessons;
mod pages;
mod problem;
mod search;
mod watched;

use axum::Router;
use axum::routing::get;

pub use cache::tagged_body;
pub(crate) use coding::Coded;
pub use pages::{ready as ready_page, serve as serve_page};
pub use problem::Problem;

use crate::Current;
use crate::page::FIND;

/// Serves all static pages, redirects, 404, `/search` and `/api/v1/{documents,lessons,cases,checklists}`.
///
/// It has a fallback, so whatever it is merged with must have none.
pub fn router(current: Current) -> Router {
    Router::new()
        .route("/search", get(search::page))
        .route("/search/", get(search::page))
        .route(FIND, get(lessons::find))
        .route(watched::VERSION, get(watched::version))
        .merge(api::router())
        .fallback(pages::serve)
        .with_state(current)
}
