//! A strong entity tag names bytes; once a response is compressed its tag must be weak (RFC 9110, 8.8.1).

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_ENCODING, ETAG};
use axum::middleware::Next;
use axum::response::Response;

pub(super) async fn weaken(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    weaken_coded(&mut response);
    response
}

/// Weakens the tag of a response that is compressed.
pub(super) fn weaken_coded(response: &mut Response) {
    if !response.headers().contains_key(CONTENT_ENCODING) {
        return;
    }
    let weak = response
        .headers()
        .get(ETAG)
        .and_then(|tag| tag.to_str().ok())
        .filter(|tag| !tag.starts_with("W/"))
        .and_then(|tag| HeaderValue::from_str(&format!("W/{tag}")).ok());
    if let Some(weak) = weak {
        response.headers_mut().insert(ETAG, weak);
    }
}
