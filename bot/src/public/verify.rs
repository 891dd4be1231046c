//! `/verify`: whether a message is ours, by its code; a form that works without script.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Json};
use fenghuo_content::published::{Said, State as Standing, moment};
use fenghuo_content::{Code, Published};
use fenghuo_site::FramePage;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::api::{open, state};
use super::cap::Moment;
use super::{Public, asset, notices};
use crate::web::{ApiError, Visitor};

/// Characters of what was typed that are shown again.
const SHOWN: usize = 20;

const BUSY: &str = "现在查不了，请过一分钟再查。着急就打12345核实。\n";

/// What was asked.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    code: String,
}

/// The answer as the contract has it.
#[derive(Default, Serialize)]
struct Verified {
    /// Whether it is ours.
    issued: bool,
    code: Option<Code>,
    kind: Option<&'static str>,
    kind_name: Option<&'static str>,
    title: Option<String>,
    issuer: Option<String>,
    at: Option<String>,
    expires: Option<String>,
    state: Option<&'static str>,
    url: Option<String>,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct Page<'a> {
    typed: &'a str,
    outcome: Outcome,
}

/// What the page says.
enum Outcome {
    /// Nothing was asked.
    Open,
    /// It cannot be a code.
    NoCode {
        misread: bool,
    },
    /// No message has it.
    Unknown(Code),
    Found(Box<Found>),
}

struct Found {
    code: Code,
    kind: &'static str,
    title: String,
    issuer: String,
    issued: String,
    expires: String,
    standing: &'static str,
    holds: bool,
    lines: Vec<String>,
    address: String,
}

/// `GET /verify?code=…`
pub(super) async fn page(
    State(public): State<Public>,
    visitor: Option<Extension<Visitor>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Query(Asked { code: typed }) = asked.unwrap_or_default();
    if public.bot.admit(visitor, None).is_err() {
        return (StatusCode::TOO_MANY_REQUESTS, BUSY).into_response();
    }
    let outcome = match outcome(&public, &typed).await {
        Ok(outcome) => outcome,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "store failed");
            return (StatusCode::SERVICE_UNAVAILABLE, BUSY).into_response();
        }
    };
    let status =
        if matches!(outcome, Outcome::Unknown(_)) { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let typed: String = typed.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    let Ok(main) = (Page { typed: &typed, outcome }).render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let (styles, scripts) = asset::notices();
    let html = public.current().get().site.frame(&FramePage {
        title: "查证通知",
        description: "收到消防通知，用通知上的6位编号查一查是不是真的。",
        path: "/verify",
        main: &main,
        styles: &styles,
        scripts: &scripts,
        ..FramePage::default()
    });
    (status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
}

/// `GET /api/v1/verify/CODE`
pub(super) async fn api(
    State(public): State<Public>,
    visitor: Option<Extension<Visitor>>,
    Path(typed): Path<String>,
    _headers: HeaderMap,
) -> Response {
    if let Err(refused) = public.bot.admit(visitor, None) {
        return refused.into_response();
    }
    let found = match Code::read(&typed) {
        Some(code) => notices::find(&public, &code).await,
        None => Ok(None),
    };
    let verified = match found {
        Ok(Some(published)) => Verified::of(&public, &published, public.now()),
        Ok(None) => Verified { code: Code::read(&typed), ..Verified::default() },
        Err(error) => return ApiError::from(error).into_response(),
    };
    open(([(header::CACHE_CONTROL, "no-store")], Json(verified)).into_response())
}

async fn outcome(public: &Public, typed: &str) -> Result<Outcome, fenghuo_store::Error> {
    if typed.trim().is_empty() {
        return Ok(Outcome::Open);
    }
    let Some(code) = Code::read(typed) else {
        return Ok(Outcome::NoCode { misread: Code::is_misread(typed) });
    };
    let found = notices::find(public, &code).await?;
    Ok(found.map_or(Outcome::Unknown(code), |published| {
        Outcome::Found(Box::new(Found::of(&published, public.now())))
    }))
}

impl Verified {
    fn of(public: &Public, published: &Published, now: Timestamp) -> Self {
        let kind = published.kind();
        Self {
            issued: true,
            code: Some(published.code.clone()),
            kind: Some(kind.word()),
            kind_name: Some(kind.name()),
            title: Some(published.title()),
            issuer: Some(issuer(published).to_owned()),
            at: Some(Moment::beijing(published.issued).text),
            expires: Some(Moment::beijing(published.expires).text),
            state: Some(state(published, now)),
            url: Some(public.current().get().site.absolute(&published.address())),
        }
    }
}

impl Found {
    fn of(published: &Published, now: Timestamp) -> Self {
        let standing = published.state(now);
        Self {
            code: published.code.clone(),
            kind: published.kind().name(),
            title: published.title(),
            issuer: issuer(published).to_owned(),
            issued: moment(published.issued),
            expires: moment(published.expires),
            holds: standing == Standing::Current,
            standing: match standing {
                Standing::Current => "现在有效",
                Standing::Expired => "已经过期",
                Standing::Replaced(_) => "已经更正，以后来的一条为准",
                Standing::Ended(_) => "已经撤回或解除",
            },
            lines: published.lines(),
            address: published.address(),
        }
    }
}

/// Whose words they are.
pub(crate) fn issuer(published: &Published) -> &str {
    match &published.said {
        Said::Own(_) => &published.sender,
        Said::Relay(relay) => &relay.issuer,
    }
}
