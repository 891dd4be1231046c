//! The web channel: the chat page and the API for questions, conversation and feedback.

mod ask;
mod asset;
mod chat;
mod error;
mod feedback;
mod page;
mod state;
mod turn;
mod view;
mod visitor;
mod widget;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub(crate) use asset::Asset;
pub(crate) use error::ApiError;
pub use state::{BotState, Clock};
pub use visitor::Visitor;
pub use widget::widget;

/// Longest body of a request: a question of 10,000 characters, percent-encoded, is 90 KB.
const MAX_BODY: usize = 128 * 1024;

/// Serves `/chat`, `/api/v1/{ask,chat,feedback}` and the assets of the chat page. It has no fallback.
pub fn router(state: BotState) -> Router {
    Router::new()
        .route("/chat", get(page::open).post(page::say))
        .route("/chat/", get(page::open).post(page::say))
        .route("/api/v1/ask", get(ask::get).post(ask::post))
        .route("/api/v1/chat", post(chat::post))
        .route("/api/v1/feedback", post(feedback::post))
        .route(&asset::STYLE.address, get(asset::style))
        .route(&asset::SCRIPT.address, get(asset::script))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(state)
}
