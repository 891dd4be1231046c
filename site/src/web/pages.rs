//! Static pages from memory: tags, cache times, slashes, old addresses, 404.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::cache::{set, tagged};
use super::coding::Coding;
use super::problem::Problem;
use crate::machine::encode;
use crate::route::Route;
use crate::site::Rendered;
use crate::{Current, Site, World};

const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Whatever no other route takes; a router that takes a whole folder hands on what it does not know.
pub async fn serve(
    State(current): State<Current>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if uri.path().starts_with("/api/") {
        return Problem::new(StatusCode::NOT_FOUND, "no such resource").into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        let allow = [(header::ALLOW, "GET, HEAD")];
        return (StatusCode::METHOD_NOT_ALLOWED, allow).into_response();
    }
    let world = current.get();
    let Some(path) = decode(uri.path()) else { return missing(&world.site, &headers, &method) };
    if let Some((route, rendered)) = world.site.rendered(&path) {
        return found(route, rendered, &uri, &headers, &method);
    }
    match same_page(&world.site, &path) {
        Some(path) => moved(&path, uri.query()),
        None => missing(&world.site, &headers, &method),
    }
}

/// The page at `uri` where it was rendered before and only this crate answers for it: what is asked for most often
/// passes no router. `None` says nothing about whether there is one.
pub fn ready(world: &World, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    let path = uri.path();
    let (route, rendered) = world.site.known(path)?;
    let alone = match route {
        Route::Document(_) => !path.starts_with("/notices/"),
        Route::Asset(_) | Route::Media(_) | Route::SearchIndex(_) | Route::Lesson(_) => true,
        route => route.is_page() && !matches!(route, Route::Home) && path != "/notices/",
    };
    alone.then(|| found(route, rendered, uri, headers, method))
}

fn found(
    route: &Route,
    rendered: &Rendered,
    uri: &Uri,
    headers: &HeaderMap,
    method: &Method,
) -> Response {
    if let Route::Redirect(target) = route {
        return moved(target, None);
    }
    let head = method == Method::HEAD;
    let mut response = in_coding(route, rendered, headers, head);
    set(&mut response, header::CONTENT_TYPE, route.mime());
    let versioned = uri.query().is_some_and(|query| query.starts_with("v="));
    let cache = match route {
        Route::Asset(_) => FOR_EVER,
        Route::Media(_) | Route::SearchIndex(_) if versioned => FOR_EVER,
        Route::Media(_) | Route::Icon | Route::PngIcon(_) => "public, max-age=3600",
        Route::NoticeFeed | Route::LibraryFeed => "public, max-age=300",
        _ => "no-cache",
    };
    set(&mut response, header::CACHE_CONTROL, cache);
    if matches!(route, Route::Lesson(place) if place.is_download()) {
        set(&mut response, header::CONTENT_DISPOSITION, "attachment");
    }
    if matches!(route, Route::NoticeFeed | Route::LibraryFeed | Route::SearchIndex(_)) {
        set(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    }
    response
}

/// The body compressed as the reader likes it, where that helps.
fn in_coding(route: &Route, rendered: &Rendered, headers: &HeaderMap, head: bool) -> Response {
    let text = is_text(route.mime());
    let wanted = Coding::wanted(headers).filter(|_| text);
    let coded = wanted.and_then(|c| Some((c, rendered.coded.of(&rendered.bytes, c)?)));
    let (coding, body) = match coded {
        Some((coding, body)) => (Some(coding), body),
        None => (None, rendered.bytes.clone()),
    };
    let mut response = tagged(headers, &rendered.etag, body, head);
    if let Some(coding) = coding.filter(|_| response.status() != StatusCode::NOT_MODIFIED) {
        set(&mut response, header::CONTENT_ENCODING, coding.name());
    }
    if text {
        set(&mut response, header::VARY, "accept-encoding");
    }
    response
}

fn is_text(mime: &str) -> bool {
    mime.starts_with("text/") || ["json", "xml", "svg"].iter().any(|kind| mime.contains(kind))
}

/// The address at which the page of `path` really stands: with its slash, without one, or without `index.html`.
fn same_page(site: &Site, path: &str) -> Option<String> {
    let folder = path.strip_suffix("index.html").filter(|folder| folder.ends_with('/'));
    let candidates = [
        folder.map(str::to_owned),
        Some(format!("{path}/")),
        Some(path.trim_end_matches('/').to_owned()),
        Some(format!("{}/", path.trim_end_matches('/'))),
    ];
    candidates.into_iter().flatten().find(|candidate| site.routes.contains_key(candidate))
}

fn moved(path: &str, query: Option<&str>) -> Response {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    match HeaderValue::from_str(&format!("{}{query}", encode(path))) {
        Ok(location) => {
            (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn missing(site: &Site, headers: &HeaderMap, method: &Method) -> Response {
    let Some((route, rendered)) = site.rendered("/404.html") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A tag would turn the 404 into a 304 without a status.
    let mut headers = headers.clone();
    headers.remove(header::IF_NONE_MATCH);
    let mut response =
        tagged(&headers, &rendered.etag, rendered.bytes.clone(), method == Method::HEAD);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().remove(header::ETAG);
    set(&mut response, header::CONTENT_TYPE, route.mime());
    set(&mut response, header::CACHE_CONTROL, "no-cache");
    response
}

/// `path` without percent-encoding; `None` if that is not UTF-8.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex =
            tail.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_or_refused() {
        for (path, expected) in [
            ("/cases/", Some("/cases/")),
            ("/cases/place/%E5%AD%A6%E6%A0%A1/", Some("/cases/place/学校/")),
            ("/%", Some("/%")),
            ("/%zz/%4", Some("/%zz/%4")),
            ("/%ff", None),
        ] {
            assert_eq!(decode(path).as_deref(), expected, "{path}");
        }
    }
}
