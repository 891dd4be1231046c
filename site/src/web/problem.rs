//! Errors of the API as RFC 9457 `application/problem+json`.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    #[serde(serialize_with = "code")]
    status: StatusCode,
    title: &'static str,
    detail: String,
    /// The parameter at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<String>,
    /// Values it may have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    valid: Vec<String>,
}

fn code<S: serde::Serializer>(status: &StatusCode, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u16(status.as_u16())
}

impl Problem {
    /// A problem of `status`; `detail` says in English what to change.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            title: status.canonical_reason().unwrap_or("Error"),
            detail: detail.into(),
            parameter: None,
            valid: Vec::new(),
        }
    }

    /// The same with the parameter at fault and, where they can be listed, the values it may have.
    pub fn about(
        mut self,
        parameter: &str,
        valid: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.parameter = Some(parameter.to_owned());
        self.valid = valid.into_iter().map(Into::into).collect();
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_string(&self).unwrap_or_default();
        let headers = [
            (header::CONTENT_TYPE, "application/problem+json"),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        ];
        (self.status, headers, body).into_response()
    }
}
