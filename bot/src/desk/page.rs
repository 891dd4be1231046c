//! The frame of the desk's pages and the headers of its answers.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use fenghuo_store::OfficialRole;

use super::asset::{SCRIPT, STYLE};
use super::session::{self, Signed};
use super::state::DeskState;
use super::{label, when};

/// Nothing from elsewhere, nothing inline, no plug-ins, no frames.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What the frame shows around a page.
pub(super) struct Frame {
    pub(super) title: String,
    /// Address of the entry of the navigation that is marked.
    pub(super) here: &'static str,
    pub(super) county: String,
    pub(super) now: String,
    pub(super) who: Option<Who>,
    /// What the last action has done.
    pub(super) said: Option<String>,
}

/// Who is logged in.
pub(super) struct Who {
    pub(super) name: String,
    pub(super) role: &'static str,
    pub(super) csrf: String,
    may_write: bool,
    is_admin: bool,
}

impl Who {
    fn of(signed: &Signed) -> Self {
        let role = signed.official.role;
        Self {
            name: signed.official.name.clone(),
            role: label::official_role(role),
            csrf: signed.csrf.clone(),
            may_write: role != OfficialRole::Viewer,
            is_admin: role == OfficialRole::Admin,
        }
    }

    /// The navigation: what she may not do is not offered.
    pub(super) fn entries(&self) -> Vec<(&'static str, &'static str)> {
        let mut entries = vec![("/desk", "待办")];
        if self.may_write {
            entries.push(("/desk/start", "写通知"));
        }
        entries.extend([
            ("/desk/campaigns", "通知"),
            ("/desk/year", "年历"),
            ("/desk/boards", "台账"),
            ("/desk/reach", "成效"),
            ("/desk/checks", "自查"),
            ("/desk/gaps", "问题"),
        ]);
        entries.push(if self.is_admin {
            ("/desk/officials", "人员")
        } else {
            ("/desk/audit", "记录")
        });
        entries
    }
}

impl Frame {
    /// The frame for `signed`, or for nobody.
    pub(super) fn new(
        state: &DeskState,
        signed: Option<&Signed>,
        title: impl Into<String>,
    ) -> Self {
        Self {
            title: title.into(),
            here: "",
            county: state.library().place.name.clone(),
            now: when::moment(state.now()),
            who: signed.map(Who::of),
            said: signed.and_then(|signed| signed.said.clone()),
        }
    }

    /// The same with `here` marked in the navigation.
    pub(super) fn at(mut self, here: &'static str) -> Self {
        self.here = here;
        self
    }

    pub(super) fn style(&self) -> &'static str {
        &STYLE.address
    }

    pub(super) fn script(&self) -> &'static str {
        &SCRIPT.address
    }
}

/// `template` as an answer.
pub(super) fn show(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the desk cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page that is fine.
pub(super) fn fine(template: &impl Template) -> Response {
    show(StatusCode::OK, template)
}

/// Pages of the desk are kept nowhere. The referrer policy is milder than that of the site: with `no-referrer`,
/// browsers say `Origin: null` in a form's POST and hide what the guard must see.
pub(super) async fn headers(
    State(state): State<DeskState>,
    request: Request,
    next: Next,
) -> Response {
    let has_said = request.method() == Method::GET && session::has_said(request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if has_said {
        headers.append(header::SET_COOKIE, session::forget_said(&state));
    }
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}
