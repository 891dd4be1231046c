//! `/healthz`, `/readyz`, `/metrics`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use fenghuo_site::Current;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use crate::config::Config;
use fenghuo_bot::Visitor;

#[derive(Clone)]
struct Health {
    current: Current,
    metrics: PrometheusHandle,
    config: Arc<Config>,
}

pub(super) fn router(current: Current, metrics: PrometheusHandle, config: Arc<Config>) -> Router {
    Router::new()
        .route("/healthz", get(async || ([(CACHE_CONTROL, "no-store")], "ok\n")))
        .route("/readyz", get(ready))
        .route("/metrics", get(figures))
        .with_state(Health { current, metrics, config })
}

/// The server listens only once library and index are there, so it is ready whenever it answers.
async fn ready(State(health): State<Health>) -> Response {
    let world = health.current.get();
    let body = json!({
        "ready": true,
        "library": world.library.hash,
        "documents": world.library.documents().len(),
        "index": "ready",
        "vectors": "none",
    });
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

/// Open to loopback, and to who carries the token.
async fn figures(
    State(health): State<Health>,
    Extension(Visitor(client)): Extension<Visitor>,
    headers: HeaderMap,
) -> Response {
    let token = health.config.server.metrics_token.as_deref().filter(|token| !token.is_empty());
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let carried = bearer.and_then(|value| value.strip_prefix("Bearer "));
    let known = token.zip(carried).is_some_and(|(token, carried)| same(token, carried));
    if client.is_loopback() || known {
        return health.metrics.render().into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

/// Compares without telling by its time how much was right.
fn same(a: &str, b: &str) -> bool {
    let difference = a.bytes().zip(b.bytes()).fold(0, |sum, (x, y)| sum | (x ^ y));
    a.len() == b.len() && difference == 0
}
