//! `/api/v1/ask`: one question, one answer, no session.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use fenghuo_search::{Answer, AnswerKind};
use serde::{Deserialize, Serialize};

use super::{ApiError, BotState, Visitor};
use crate::conversation::MAX_MESSAGE;

/// A question.
#[derive(Debug, Deserialize)]
pub(super) struct Question {
    q: Option<String>,
    /// Given back as it came.
    id: Option<String>,
}

/// The answer as the contract has it.
#[derive(Serialize)]
struct Answered {
    id: Option<String>,
    q: String,
    #[serde(flatten)]
    answer: Answer,
}

/// `GET /api/v1/ask?q=…`
pub(super) async fn get(
    State(state): State<BotState>,
    visitor: Option<Extension<Visitor>>,
    query: Result<Query<Question>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Query(question) = query?;
    ask(&state, visitor, question).await
}

/// `POST /api/v1/ask {"q"}`
pub(super) async fn post(
    State(state): State<BotState>,
    visitor: Option<Extension<Visitor>>,
    body: Result<Json<Question>, JsonRejection>,
) -> Result<Response, ApiError> {
    let Json(question) = body?;
    ask(&state, visitor, question).await
}

async fn ask(
    state: &BotState,
    visitor: Option<Extension<Visitor>>,
    question: Question,
) -> Result<Response, ApiError> {
    let q = question.q.ok_or(ApiError::Invalid("`q` is missing: it holds the question"))?;
    if q.chars().count() > MAX_MESSAGE {
        return Err(ApiError::TooLong);
    }
    state.admit(visitor, Some(&q))?;
    let answer = state.current.get().engine.ask(&q);
    if answer.kind == AnswerKind::Unknown {
        state.file_gap(&q, state.clock.now()).await;
    }
    let headers = [(header::CACHE_CONTROL, "no-store"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    Ok((headers, Json(Answered { id: question.id, q, answer })).into_response())
}
