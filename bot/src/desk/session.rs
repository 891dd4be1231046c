//! Who is at the desk: the cookie, the session behind it, and what to do without one.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};
use fenghuo_store::{Actor, DeskToken, Official, OfficialRole};
use jiff::Timestamp;

use super::error::DeskError;
use super::state::DeskState;

/// What the last action has done travels to the next page in a cookie that lives for one page.
const SAID: &str = "desk-said";
/// The double of the hidden field of the login form.
pub(super) const DOOR: &str = "desk-door";
/// On a browser on which she has logged in before, nobody's guesses slow an official down.
pub(super) const DEVICE: &str = "desk-device";
/// A year.
const DEVICE_AGE: u32 = 365 * 24 * 60 * 60;

/// An official with an open session.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) official: Official,
    pub(super) csrf: String,
    pub(super) token: DeskToken,
    /// What her last action has done.
    pub(super) said: Option<String>,
}

impl Signed {
    /// Fails unless her role is `least` or more.
    pub(super) fn must_be(&self, least: OfficialRole) -> Result<(), DeskError> {
        if self.official.role >= least { Ok(()) } else { Err(DeskError::NotAllowed) }
    }

    /// Who acts, for store and audit.
    pub(super) fn actor(&self) -> Actor {
        Actor::desk(&self.official.name)
    }

    pub(super) fn may_write(&self) -> bool {
        self.official.role >= OfficialRole::Editor
    }

    pub(super) fn may_approve(&self) -> bool {
        self.official.role >= OfficialRole::Approver
    }
}

impl FromRequestParts<DeskState> for Signed {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &DeskState,
    ) -> Result<Self, Self::Rejection> {
        let found = find(state, &parts.headers).await.map_err(|error| error.plain(state))?;
        found.ok_or_else(|| {
            let to = if parts.method == Method::GET { parts.uri.path() } else { "/desk" };
            Redirect::to(&format!("/desk/login?to={to}")).into_response()
        })
    }
}

/// The session of the cookie, if it is open.
pub(super) async fn find(
    state: &DeskState,
    headers: &HeaderMap,
) -> Result<Option<Signed>, DeskError> {
    let Some(token) = cookie(headers, state.cookie_name()).and_then(DeskToken::parse) else {
        return Ok(None);
    };
    let session = state.session(&token).await?;
    Ok(session.map(|session| Signed {
        official: session.official,
        csrf: session.csrf,
        token,
        said: cookie(headers, SAID).map(unescape).filter(|said| !said.is_empty()),
    }))
}

/// The value of the cookie `name`.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// The cookie that opens the desk until `expires`; an empty `token` ends it.
pub(super) fn opening(state: &DeskState, token: &str, expires: Timestamp) -> HeaderValue {
    let seconds = expires.duration_since(state.now()).as_secs().max(0);
    let age = if token.is_empty() { 0 } else { seconds };
    let name = state.cookie_name();
    set(state, &format!("{name}={token}; Path=/; Max-Age={age}"))
}

/// The cookie beside the login form.
pub(super) fn door(state: &DeskState, token: &str) -> HeaderValue {
    set(state, &format!("{DOOR}={token}; Path=/desk; Max-Age=3600"))
}

/// The cookie that makes this browser known to the throttle.
pub(super) fn device(state: &DeskState, mark: &str) -> HeaderValue {
    set(state, &format!("{DEVICE}={mark}; Path=/desk; Max-Age={DEVICE_AGE}"))
}

/// Goes to `to`, whose page begins with `said`.
pub(super) fn go_saying(state: &DeskState, to: &str, said: &str) -> Response {
    let cookie = set(state, &format!("{SAID}={}; Path=/desk; Max-Age=30", escape(said)));
    ([(header::SET_COOKIE, cookie)], Redirect::to(to)).into_response()
}

/// Ends what was said once it has been shown.
pub(super) fn forget_said(state: &DeskState) -> HeaderValue {
    set(state, &format!("{SAID}=; Path=/desk; Max-Age=0"))
}

/// Whether the page of `headers` shows what was said.
pub(super) fn has_said(headers: &HeaderMap) -> bool {
    cookie(headers, SAID).is_some()
}

fn set(state: &DeskState, cookie: &str) -> HeaderValue {
    let secure = if state.https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{cookie}; HttpOnly; SameSite=Strict{secure}"))
        .expect("hex digits and attributes of ours")
}

/// Hex: a cookie holds ASCII only, and what is said is Chinese.
fn escape(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn unescape(hex: &str) -> String {
    let digits: Vec<u8> = hex
        .chars()
        .take(2000)
        .filter_map(|c| c.to_digit(16))
        .map(|d| u8::try_from(d).unwrap_or(0))
        .collect();
    let bytes = digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_survives_a_cookie() {
        assert_eq!(unescape(&escape("已送审，等另一人批准")), "已送审，等另一人批准");
        assert_eq!(unescape("zz"), "");
        assert_eq!(unescape("ff"), "", "no text");
    }
}
