//! `/notices/`: the list of what was sent beside the seasonal notices, and the page of each message.
//!
//! The folder belongs to the site, too: what is no code of ours is handed on to it.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use fenghuo_content::{Code, Published};
use fenghuo_site::{FramePage, PublishedPage, Site, serve_page, tagged_body};
use jiff::Timestamp;

use super::{Public, asset, load, speech};
use crate::web::ApiError;

/// Messages of the past on the list; the API has them all.
const PAST: usize = 50;

/// `GET /`: what holds now stands above the home page.
pub(super) async fn home(
    State(public): State<Public>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let world = public.current().get();
    let messages = public.messages(&world).await.unwrap_or_else(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "store failed");
        std::sync::Arc::default()
    });
    let now = public.now();
    let active: Vec<&Published> =
        messages.iter().filter(|published| published.is_active(now)).collect();
    if active.is_empty() {
        return serve_page(State(public.current().clone()), method, uri, headers).await;
    }
    let (styles, scripts) = asset::notices();
    let html = world.site.home(&active, now, (&styles, &scripts));
    tagged_body(&headers, "text/html; charset=utf-8", html.into_bytes())
}

/// `GET /notices/`
pub(super) async fn list(
    State(public): State<Public>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let world = public.current().get();
    let messages = match public.messages(&world).await {
        Ok(messages) => messages,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "store failed");
            return serve_page(State(public.current().clone()), method, uri, headers).await;
        }
    };
    let now = public.now();
    let (current, past): (Vec<&Published>, Vec<&Published>) =
        messages.iter().partition(|published| published.is_current(now));
    let past = &past[..past.len().min(PAST)];
    page(&world.site, &world.site.notice_list(&current, past, now), &headers)
}

/// `GET /notices/CODE/`
pub(super) async fn one(
    State(public): State<Public>,
    Path(code): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let world = public.current().get();
    let found = match Code::read(&code) {
        Some(code) => find(&public, &code).await,
        None => Ok(None),
    };
    match found {
        Ok(Some(published)) if uri.path() == published.address() => {
            let now = public.now();
            page(&world.site, &world.site.published(&published, now), &headers)
        }
        Ok(Some(published)) => {
            let to = [(header::LOCATION, published.address())];
            (StatusCode::PERMANENT_REDIRECT, to).into_response()
        }
        Ok(None) => serve_page(State(public.current().clone()), method, uri, headers).await,
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// `GET /notices/CODE/speech.txt`
pub(super) async fn speech(
    State(public): State<Public>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let world = public.current().get();
    let found = match Code::read(&code) {
        Some(code) => find(&public, &code).await,
        None => Ok(None),
    };
    match found {
        Ok(Some(published)) => {
            let script = script(&published, &world.site, public.now());
            tagged_body(&headers, "text/plain; charset=utf-8", script.into_bytes())
        }
        Ok(None) => (StatusCode::NOT_FOUND, "没有这条通知。\n").into_response(),
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// What is over must not be read out as if it held.
fn script(published: &Published, site: &Site, now: Timestamp) -> String {
    if published.is_current(now) {
        speech::script(published, site.library())
    } else {
        format!(
            "这条通知已经不再有效，不要播放。\n（{}，{}）\n",
            published.title(),
            published.until()
        )
    }
}

/// The message of `code`, on the board or older.
pub(super) async fn find(
    public: &Public,
    code: &Code,
) -> Result<Option<Published>, fenghuo_store::Error> {
    let world = public.current().get();
    let messages = public.messages(&world).await?;
    match messages.iter().find(|published| published.code == *code) {
        Some(published) => Ok(Some(published.clone())),
        None => load::look_up(public.store(), &world.library, code).await,
    }
}

fn page(site: &Site, page: &PublishedPage, headers: &HeaderMap) -> Response {
    let (styles, scripts) = asset::notices();
    let html = site.frame(&FramePage { styles: &styles, scripts: &scripts, ..page.frame() });
    tagged_body(headers, "text/html; charset=utf-8", html.into_bytes())
}
