//! Every POST passes here: it comes from our own pages, from an open session, with that session's token.

use axum::Form;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use super::error::DeskError;
use super::fields::{Fields, File};
use super::login;
use super::session::{self, Signed};
use super::state::DeskState;

/// Fields one form may have; the largest of ours has a few hundred.
const MOST_FIELDS: usize = 5000;

/// A POST that may be acted upon.
pub(super) struct Posted {
    pub(super) signed: Signed,
    pub(super) fields: Fields,
}

impl FromRequest<DeskState> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &DeskState) -> Result<Self, Self::Rejection> {
        same_origin(state, request.headers()).map_err(|error| error.plain(state))?;
        let uri = request.uri().clone();
        let signed =
            session::find(state, request.headers()).await.map_err(|error| error.plain(state))?;
        let fields =
            read(request, state).await.map_err(|error| error.page(state, signed.as_ref()))?;
        // The session is over: the login page carries what was typed.
        let Some(signed) = signed else {
            return Err(login::again(state, uri.path(), fields.without(&["csrf"])).await);
        };
        if !bool::from(fields.text("csrf").as_bytes().ct_eq(signed.csrf.as_bytes())) {
            return Err(DeskError::Forged.page(state, Some(&signed)));
        }
        Ok(Self { signed, fields })
    }
}

/// The fields of a form, plain or with files.
pub(super) async fn read(request: Request, state: &DeskState) -> Result<Fields, DeskError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|rejection| DeskError::Unreadable(rejection.into_response().status()))?;
        return checked(pairs, Vec::new());
    }
    let multipart = Multipart::from_request(request, state).await;
    let mut parts = multipart.map_err(|rejection| DeskError::Unreadable(rejection.status()))?;
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    let unreadable =
        |error: axum::extract::multipart::MultipartError| DeskError::Unreadable(error.status());
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_some() {
            let bytes = part.bytes().await.map_err(unreadable)?.to_vec();
            files.push(File { field: name, bytes });
        } else {
            pairs.push((name, part.text().await.map_err(unreadable)?));
        }
        if pairs.len() + files.len() > MOST_FIELDS {
            break;
        }
    }
    checked(pairs, files)
}

fn checked(pairs: Vec<(String, String)>, files: Vec<File>) -> Result<Fields, DeskError> {
    if pairs.len() + files.len() > MOST_FIELDS {
        return Err(DeskError::Unreadable(axum::http::StatusCode::PAYLOAD_TOO_LARGE));
    }
    Ok(Fields::new(pairs, files))
}

/// Refuses what a page of another site has sent. A browser that says nothing is an old one, and the token decides.
pub(super) fn same_origin(state: &DeskState, headers: &HeaderMap) -> Result<(), DeskError> {
    let text = |name| headers.get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(DeskError::Forged);
    }
    let Some(origin) = text(header::ORIGIN) else { return Ok(()) };
    let own = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_host = own.is_some_and(|host| {
        origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host))
    });
    if is_host || origin.eq_ignore_ascii_case(&state.origin()) {
        Ok(())
    } else {
        Err(DeskError::Forged)
    }
}
