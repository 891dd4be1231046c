//! What the API refuses, as RFC 9457 problems. What happened inside is logged here, once, and never told.

use std::time::Duration;

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use fenghuo_site::Problem;

/// A request the API does not answer.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// The body or the query cannot be read.
    Unreadable { status: StatusCode, detail: String },
    /// A field is missing or meaningless.
    Invalid(&'static str),
    /// The question is longer than anyone reads.
    TooLong,
    /// Asked faster than people do.
    TooFast {
        /// How long to wait.
        wait: Duration,
    },
    /// The database does not answer.
    Store(fenghuo_store::Error),
}

impl ApiError {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::Unreadable { status, .. } => *status,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooFast { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Store(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn detail(self) -> String {
        match self {
            Self::Unreadable { detail, .. } => detail,
            Self::Invalid(detail) => detail.to_owned(),
            Self::TooLong => "the text is longer than 10,000 characters".to_owned(),
            Self::TooFast { .. } => "too many requests, please wait a moment".to_owned(),
            Self::Store(_) => "the service is busy, please try again".to_owned(),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Store(error) = &self {
            crate::failure::failed(error);
        }
        let status = self.status();
        let wait = match &self {
            Self::TooFast { wait } => Some(wait.as_secs() + 1),
            _ => None,
        };
        let mut response = Problem::new(status, self.detail()).into_response();
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        Self::Unreadable { status: rejection.status(), detail: rejection.body_text() }
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::Unreadable { status: rejection.status(), detail: rejection.body_text() }
    }
}

impl From<fenghuo_store::Error> for ApiError {
    fn from(error: fenghuo_store::Error) -> Self {
        Self::Store(error)
    }
}
