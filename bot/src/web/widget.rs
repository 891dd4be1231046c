//! `/widget.js` and `/widget`: the chat in a frame on the page of a school or a township.
//!
//! Only named origins may show it. Browsers keep no cookie for a frame of another site, so the session
//! travels in the form; the script learns a new one from a header.

use std::sync::Arc;

use askama::Template;
use axum::extract::DefaultBodyLimit;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Form, Router};
use fenghuo_site::{FramePage, World};
use serde::Deserialize;

use super::page::{FRAGMENT, shown};
use super::view::{self, Exchange};
use super::{BotState, MAX_BODY, Visitor};
use crate::channel::{Sent, known};
use crate::conversation::{Message, Reply, opening, refusal, too_fast};

const SCRIPT: &str = include_str!("../../assets/widget.js");
/// The session the next turn belongs to.
const SESSION: HeaderName = HeaderName::from_static("x-session");

#[derive(Clone)]
struct Frame {
    state: BotState,
    policy: HeaderValue,
}

/// Serves `/widget.js` and `/widget`, which pages of `origins` may show.
pub fn widget(state: BotState, origins: &[String]) -> Router {
    let frame = Frame { state, policy: policy(origins) };
    Router::new()
        .route("/widget.js", get(script))
        .route("/widget", get(open).post(say))
        .route("/widget/", get(open).post(say))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(frame))
}

/// That of all our pages, but for who may frame it.
fn policy(origins: &[String]) -> HeaderValue {
    let ancestors: String = origins.iter().map(|origin| format!(" {origin}")).collect();
    let policy = format!(
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'self'{ancestors}; form-action 'self'"
    );
    HeaderValue::from_str(&policy)
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'self'; frame-ancestors 'self'"))
}

async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, SCRIPT).into_response()
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
struct Said {
    session: Option<String>,
    text: Option<String>,
    choice: Option<String>,
}

/// `GET /widget`: the greeting.
async fn open(State(frame): State<Arc<Frame>>, headers: HeaderMap) -> Response {
    let world = frame.state.current.get();
    let now = frame.state.clock.now();
    let open = frame.state.open_session(None, now).await;
    let facts = known(&world, &frame.state.store, &Sent::default(), None, now).await;
    let reply = opening(&world, open.session, &facts, now);
    // Nothing of it is stored before something is said: crawlers open this page too.
    frame.show(&world, &headers, &Turn { session: "", said: "", reply: &reply })
}

/// `POST /widget`: one turn.
async fn say(
    State(frame): State<Arc<Frame>>,
    visitor: Option<Extension<Visitor>>,
    headers: HeaderMap,
    form: Result<Form<Said>, FormRejection>,
) -> Response {
    let world = frame.state.current.get();
    let said = match form {
        Ok(Form(said)) => said,
        Err(rejection) => {
            let turn = Turn { session: "", said: "", reply: &refusal() };
            let status = rejection.into_response().status();
            return (status, frame.show(&world, &headers, &turn)).into_response();
        }
    };
    let choice = said.choice.filter(|id| !id.is_empty());
    let message =
        choice.map_or_else(|| Message::Text(said.text.unwrap_or_default()), Message::Choice);
    let state = &frame.state;
    if state.admit(visitor, message.text()).is_err() {
        let session = said.session.unwrap_or_default();
        let turn = Turn { session: &session, said: "", reply: &too_fast() };
        let page = frame.show(&world, &headers, &turn);
        return (StatusCode::TOO_MANY_REQUESTS, page).into_response();
    }
    let now = state.clock.now();
    let open = state.open_session(said.session.as_deref(), now).await;
    let text = match &message {
        Message::Text(text) => shown(text),
        Message::Choice(id) => open.session.label(id).unwrap_or_default().to_owned(),
    };
    let session = open.id.as_str().to_owned();
    let reply = state.take_turn(&world, open, &message, now).await;
    frame.show(&world, &headers, &Turn { session: &session, said: &text, reply: &reply })
}

/// What is shown of a turn.
struct Turn<'a> {
    session: &'a str,
    said: &'a str,
    reply: &'a Reply,
}

impl Frame {
    /// The exchange in its page, or alone for the script.
    fn show(&self, world: &World, headers: &HeaderMap, turn: &Turn<'_>) -> Response {
        let exchange = Exchange { said: turn.said, reply: turn.reply, embedded: true };
        let html = if headers.contains_key(FRAGMENT) {
            exchange.render()
        } else {
            page(world, &exchange, turn.session)
        };
        let Ok(html) = html else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let mut response =
            ([(header::CACHE_CONTROL, "no-store"), (header::VARY, FRAGMENT)], Html(html))
                .into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy.clone());
        if let Ok(session) = HeaderValue::from_str(turn.session) {
            headers.insert(SESSION, session);
        }
        response
    }
}

fn page(world: &World, exchange: &Exchange<'_>, session: &str) -> askama::Result<String> {
    let main = view::Widget { exchange: exchange.render()?, session }.render()?;
    let (styles, scripts) = view::assets();
    Ok(world.site.bare(&FramePage {
        title: "问一问",
        path: "/widget",
        main: &main,
        styles: &styles,
        scripts: &scripts,
        noindex: true,
        ..FramePage::default()
    }))
}
