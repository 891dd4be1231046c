//! `/in/wechat/NAME`: the address the platform asks and posts to.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use fenghuo_store::Update;

use super::answer::{Answer, log};
use super::desk::Desk;
use super::envelope::NOTHING;
use super::gate::{self, Gate, Refusal};
use super::post::digest;

/// A message in both forms (兼容模式) has some 10 KB at most.
const MAX_BODY: usize = 64 * 1024;
/// Of what cannot be read this much is kept, in characters.
const MAX_KEPT: usize = 4_000;

/// An account at work and who may come in.
pub(super) struct Door {
    pub(super) gate: Gate,
    pub(super) desk: Arc<Desk>,
}

/// All accounts by name.
pub(super) type Doors = Arc<HashMap<String, Door>>;

pub(super) fn router(doors: Doors) -> Router {
    Router::new()
        .route("/in/wechat/{name}", get(confirm).post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(doors)
}

/// The platform asks whether this address is ours.
async fn confirm(
    State(doors): State<Doors>,
    Path(name): Path<String>,
    Query(query): Query<gate::Query>,
) -> Response {
    let Some(door) = doors.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match door.gate.echo(&query, door.desk.clock.now().as_second()) {
        Ok(echo) => echo.into_response(),
        Err(refusal) => refuse(&name, &refusal),
    }
}

/// The platform posts a message or an event.
async fn receive(
    State(doors): State<Doors>,
    Path(name): Path<String>,
    Query(query): Query<gate::Query>,
    body: Bytes,
) -> Response {
    let Some(door) = doors.get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let body = String::from_utf8_lossy(&body);
    let post = match door.gate.open(&query, &body, door.desk.clock.now().as_second()) {
        Ok(post) => post,
        Err(refusal) => {
            if refusal.is_unreadable() {
                door.desk.list(&body).await;
            }
            return refuse(&name, &refusal);
        }
    };
    // A task of its own: the platform hangs up after five seconds, and the answer must be on disk by
    // the time it asks again.
    let desk = Arc::clone(&door.desk);
    let answered = tokio::spawn(async move { desk.answer(&post).await });
    match answered.await.unwrap_or(Answer::Unavailable) {
        Answer::Reply(body) => ([(CONTENT_TYPE, "text/xml; charset=utf-8")], body).into_response(),
        Answer::Nothing => NOTHING.into_response(),
        Answer::Unavailable => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn refuse(account: &str, refusal: &Refusal) -> Response {
    tracing::warn!(account, reason = %refusal, "refused a callback");
    refusal.status().into_response()
}

impl Desk {
    /// Keeps what came from the platform and could not be read, for an operator to see.
    async fn list(&self, body: &str) {
        let id = format!("x-{}", digest(&[body]));
        let update = Update { id, chat: None, body: body.chars().take(MAX_KEPT).collect() };
        let kept = self.store.receive(&self.account, vec![update], self.clock.now()).await;
        if let Err(error) = kept {
            log(&error);
        }
    }
}
