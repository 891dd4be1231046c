//! Security headers of every response, and the end of a connection whose body was refused.

use axum::extract::Request;
use axum::http::header::{
    CONNECTION, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Version};
use axum::middleware::Next;
use axum::response::Response;

/// Nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

pub(super) async fn secure(request: Request, next: Next) -> Response {
    let one_at_a_time = request.version() <= Version::HTTP_11;
    let mut response = next.run(request).await;
    // The rest of a refused body is not read: who sends the next request down the same connection would lose it.
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE && one_at_a_time {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    put(response.headers_mut());
    response
}

/// Adds what every response carries.
pub(super) fn put(headers: &mut HeaderMap) {
    // What has a policy of its own says there who may frame it; the older header knows only yes and no.
    let framed = headers.contains_key(CONTENT_SECURITY_POLICY);
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (PERMISSIONS, "camera=(), microphone=(), geolocation=()"),
        (OPENER, "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if !framed {
        headers.entry(X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    }
}
