//! `/-/version`: tells the page an editor looks at when the library has changed (`serve --watch`).

use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};

use crate::Current;

pub(super) const VERSION: &str = "/-/version";

/// How long an answer waits for a change: short, since a server that stops lets its requests end.
const WAIT: Duration = Duration::from_secs(2);

/// The library in use. Who names it in the query is answered when there is another, or after a while.
pub(super) async fn version(
    State(mut current): State<Current>,
    RawQuery(known): RawQuery,
) -> Response {
    if !current.get().site.options().watch {
        return StatusCode::NOT_FOUND.into_response();
    }
    if let Some(known) = known {
        // Either way the answer is the same.
        let _ = tokio::time::timeout(WAIT, current.other_than(&known)).await;
    }
    ([(CACHE_CONTROL, "no-store")], current.get().library.hash.clone()).into_response()
}
