//! `POST /api/v1/chat`: one turn of a conversation; the session travels in the body.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};

use super::{ApiError, BotState, Visitor};
use crate::conversation::{MAX_MESSAGE, Message, Reply};

/// What a person did.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    session: Option<String>,
    text: Option<String>,
    choice: Option<String>,
}

/// The reply as the contract has it.
#[derive(Serialize)]
struct Told {
    session: String,
    text: String,
    #[serde(flatten)]
    reply: Reply,
}

pub(super) async fn post(
    State(state): State<BotState>,
    visitor: Option<Extension<Visitor>>,
    body: Result<Json<Said>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(said) = body?;
    let message = message(said.text, said.choice)?;
    state.admit(visitor, message.text())?;
    let now = state.clock.now();
    let world = state.current.get();
    let open = state.open_session(said.session.as_deref(), now).await;
    let session = open.id.as_str().to_owned();
    let reply = state.take_turn(&world, open, &message, now).await;
    let told = Told { session, text: reply.text(), reply };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(told)).into_response())
}

fn message(text: Option<String>, choice: Option<String>) -> Result<Message, ApiError> {
    match (text, choice) {
        (Some(text), None) if text.chars().count() > MAX_MESSAGE => Err(ApiError::TooLong),
        (Some(text), None) => Ok(Message::Text(text)),
        (None, Some(choice)) => Ok(Message::Choice(choice)),
        _ => Err(ApiError::Invalid("give either `text` or `choice`")),
    }
}
