//! `POST /api/v1/feedback`: a vote on a passage from the website.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::{Extension, Json};
use fenghuo_content::{Lang, Library};
use serde::Deserialize;

use super::{ApiError, BotState, Visitor};

/// A vote.
#[derive(Debug, Deserialize)]
pub(super) struct Vote {
    doc: String,
    #[serde(default)]
    section: String,
    helpful: bool,
}

pub(super) async fn post(
    State(state): State<BotState>,
    visitor: Option<Extension<Visitor>>,
    body: Result<Json<Vote>, JsonRejection>,
) -> Result<StatusCode, ApiError> {
    state.admit(visitor, None)?;
    let Json(vote) = body?;
    if !exists(&state.current.get().library, &vote) {
        return Err(ApiError::Invalid("no passage `section` of document `doc` in the library"));
    }
    let now = state.clock.now();
    state.store.record_feedback(&vote.doc, &vote.section, vote.helpful, now).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Only what the library holds is counted; an empty section means the document as a whole.
fn exists(library: &Library, vote: &Vote) -> bool {
    [Lang::Zh, Lang::En].into_iter().filter_map(|lang| library.find_in(&vote.doc, lang)).any(
        |document| {
            vote.section.is_empty() || document.passages().iter().any(|p| p.anchor == vote.section)
        },
    )
}
