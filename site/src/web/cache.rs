//! Entity tags: what the reader already has is not sent again.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

/// A body with its tag, as far as `request` lacks it.
pub(super) fn tagged(request: &HeaderMap, etag: &str, body: Bytes, head: bool) -> Response {
    let known = request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| names(value, etag));
    let length = body.len();
    let mut response =
        if known || head { Response::new(Body::empty()) } else { Response::new(Body::from(body)) };
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    if let Ok(value) = HeaderValue::from_str(etag) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

/// A body that other crates made, with a tag of its content; to be asked for again each time.
pub fn tagged_body(request: &HeaderMap, mime: &'static str, body: Vec<u8>) -> Response {
    let etag = format!("\"{}\"", crate::asset::hash(&body, 16));
    let mut response = tagged(request, &etag, body.into(), false);
    set(&mut response, header::CONTENT_TYPE, mime);
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    response
}

/// Whether `If-None-Match: value` names `etag`; weak and strong tags are the same here (RFC 9110 §13.1.2).
fn names(value: &str, etag: &str) -> bool {
    value
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

/// Sets a header whose value is known to be fine.
pub(super) fn set(response: &mut Response, name: header::HeaderName, value: &'static str) {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_in_any_form_a_browser_sends() {
        for (value, expected) in [
            ("\"abc\"", true),
            ("W/\"abc\"", true),
            ("\"x\", \"abc\"", true),
            ("*", true),
            ("\"ab\"", false),
            ("abc", false),
            ("", false),
        ] {
            assert_eq!(names(value, "\"abc\""), expected, "{value}");
        }
    }
}
