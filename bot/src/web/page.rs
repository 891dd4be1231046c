//! `/chat`: the conversation as a plain form, which the script of the page makes comfortable.
//!
//! The form shows the last exchange; what was said is not stored. A cookie holds the session and
//! nothing else. The script asks for the exchange alone and appends it to the page.

use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form};
use fenghuo_site::{FramePage, World};
use serde::Deserialize;

use super::view::{self, Chat, Exchange};
use super::{BotState, Visitor};
use crate::channel::{Sent, known};
use crate::conversation::{Message, Reply, opening, refusal, too_fast};

const COOKIE: &str = "fenghuo_session";
/// The script sends it to get the exchange without the page around it.
pub(super) const FRAGMENT: &str = "x-fragment";
/// Characters of a message shown again.
const MAX_SHOWN: usize = 500;
/// As long as the store keeps a session.
const COOKIE_AGE: u32 = 24 * 60 * 60;

/// What the form sends: a tapped choice wins over a draft in the text field.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Said {
    #[serde(alias = "q")]
    text: Option<String>,
    choice: Option<String>,
}

/// `GET /chat`: the greeting; `?choice=` and `?q=` open it with a first message.
pub(super) async fn open(
    State(state): State<BotState>,
    visitor: Option<Extension<Visitor>>,
    headers: HeaderMap,
    query: Result<Query<Said>, QueryRejection>,
) -> Response {
    let said = query.map(|Query(said)| said).unwrap_or_default();
    match said.message() {
        Some(message) => exchange(&state, visitor, &headers, &message).await,
        None => {
            let world = state.current.get();
            let now = state.clock.now();
            let open = state.open_session(session_of(&headers), now).await;
            let facts = known(&world, &state.store, &Sent::default(), None, now).await;
            let reply = opening(&world, open.session, &facts, now);
            show(&world, &headers, "", &reply)
        }
    }
}

/// `POST /chat`: one turn.
pub(super) async fn say(
    State(state): State<BotState>,
    visitor: Option<Extension<Visitor>>,
    headers: HeaderMap,
    form: Result<Form<Said>, FormRejection>,
) -> Response {
    match form {
        Ok(Form(said)) => {
            let message = said.message().unwrap_or(Message::Text(String::new()));
            exchange(&state, visitor, &headers, &message).await
        }
        Err(rejection) => {
            let status = rejection.into_response().status();
            let page = show(&state.current.get(), &headers, "", &refusal());
            (status, page).into_response()
        }
    }
}

async fn exchange(
    state: &BotState,
    visitor: Option<Extension<Visitor>>,
    headers: &HeaderMap,
    message: &Message,
) -> Response {
    if let Err(refused) = state.admit(visitor, message.text()) {
        let page = show(&state.current.get(), headers, "", &too_fast());
        return (refused.status(), page).into_response();
    }
    let now = state.clock.now();
    let world = state.current.get();
    let open = state.open_session(session_of(headers), now).await;
    let said = match message {
        Message::Text(text) => shown(text),
        Message::Choice(id) => open.session.label(id).unwrap_or_default().to_owned(),
    };
    let cookie = cookie(&world, open.id.as_str());
    let reply = state.take_turn(&world, open, message, now).await;
    let mut response = show(&world, headers, &said, &reply);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}

impl Said {
    fn message(self) -> Option<Message> {
        let choice = self.choice.filter(|id| !id.is_empty());
        choice.map(Message::Choice).or(self.text.map(Message::Text))
    }
}

/// What was said, as far as it is shown again.
pub(super) fn shown(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control() || *c == '\n').take(MAX_SHOWN).collect()
}

/// The exchange in its page, or alone for the script.
fn show(world: &World, headers: &HeaderMap, said: &str, reply: &Reply) -> Response {
    let exchange = Exchange { said, reply, embedded: false };
    let html =
        if headers.contains_key(FRAGMENT) { exchange.render() } else { page(world, &exchange) };
    let Ok(html) = html else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    ([(header::CACHE_CONTROL, "no-store"), (header::VARY, FRAGMENT)], Html(html)).into_response()
}

fn page(world: &World, exchange: &Exchange<'_>) -> askama::Result<String> {
    let main = Chat { exchange: exchange.render()? }.render()?;
    let (styles, scripts) = view::assets();
    Ok(world.site.frame(&FramePage {
        title: "问一问",
        description: "用自己的话问消防安全问题，回答出自核对过的资料，并注明来源。",
        path: "/chat",
        main: &main,
        styles: &styles,
        scripts: &scripts,
        ..FramePage::default()
    }))
}

fn session_of(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}

fn cookie(world: &World, id: &str) -> HeaderValue {
    let secure =
        if world.site.options().public_url.starts_with("https:") { "; Secure" } else { "" };
    let text =
        format!("{COOKIE}={id}; Path=/chat; Max-Age={COOKIE_AGE}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).expect("a session id is hex digits")
}
