//! What went wrong around a handler, told as RFC 9457 problems with a constant text.

use std::any::Any;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::json;

const PROBLEM: &str = "application/problem+json";

/// A handler panicked: said once in the log, never shown.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the signature is that of `CatchPanicLayer::custom`"
)]
pub(super) fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(text, "a handler panicked");
    problem(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
}

/// Gives the framework's own refusals of API requests (body too large, wrong method, timeout) the shape of a problem.
pub(super) async fn problems(request: Request, next: Next) -> Response {
    let api = request.uri().path().starts_with("/api/");
    let response = next.run(request).await;
    let status = response.status();
    let shaped = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(PROBLEM.as_bytes()));
    if !api || shaped || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let mut refusal = problem(status, status.canonical_reason().unwrap_or("error"));
    for (name, value) in response.headers() {
        if !refusal.headers().contains_key(name) && name != axum::http::header::CONTENT_LENGTH {
            refusal.headers_mut().insert(name.clone(), value.clone());
        }
    }
    refusal
}

fn problem(status: StatusCode, title: &str) -> Response {
    let body = json!({ "type": "about:blank", "title": title, "status": status.as_u16() });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
    response
}
