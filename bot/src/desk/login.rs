//! Coming and going: name and password, the cookie, and what was being written when a session ended.

use askama::Template;
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use fenghuo_store::SessionId;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::error::DeskError;
use super::fields::Fields;
use super::guard::{self, Posted};
use super::page::{self, Frame};
use super::session::{self, Signed};
use super::state::DeskState;
use crate::office::{Credentials, LoginError};
use crate::web::Visitor;

#[derive(Template)]
#[template(path = "desk/login.html")]
struct View {
    frame: Frame,
    refusal: Option<String>,
    /// Whether there is no official at all.
    nobody: bool,
    door: String,
    to: String,
    name: String,
    held: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "desk/held.html")]
struct Held {
    frame: Frame,
    to: String,
    csrf: String,
    held: Vec<(String, String)>,
    preview: Option<String>,
}

/// Where to go after the login.
#[derive(Debug, Default, Deserialize)]
pub(super) struct To {
    #[serde(default)]
    to: String,
}

/// `GET /desk/login`
pub(super) async fn form(
    State(state): State<DeskState>,
    query: Result<Query<To>, QueryRejection>,
) -> Response {
    let to = query.map(|Query(query)| query.to).unwrap_or_default();
    ask(&state, Asked { to, ..Asked::default() }).await
}

/// The login page that carries what was typed when the session was over.
pub(super) async fn again(state: &DeskState, to: &str, held: Vec<(String, String)>) -> Response {
    ask(state, Asked { to: to.to_owned(), held, ..Asked::default() }).await
}

/// What the login page shows again.
#[derive(Default)]
struct Asked {
    status: StatusCode,
    refusal: Option<String>,
    to: String,
    name: String,
    held: Vec<(String, String)>,
}

async fn ask(state: &DeskState, asked: Asked) -> Response {
    let nobody = match state.store().officials().await {
        Ok(officials) => officials.iter().all(|official| official.disabled),
        Err(error) => return DeskError::from(error).plain(state),
    };
    let door = SessionId::from_bits(rand::random()).as_str().to_owned();
    let cookie = session::door(state, &door);
    let view = View {
        frame: Frame::new(state, None, "登录"),
        refusal: asked.refusal,
        nobody,
        door,
        to: own_path(&asked.to).to_owned(),
        name: asked.name,
        held: asked.held,
    };
    ([(header::SET_COOKIE, cookie)], page::show(asked.status, &view)).into_response()
}

/// `POST /desk/login`
pub(super) async fn enter(
    State(state): State<DeskState>,
    visitor: Option<Extension<Visitor>>,
    headers: HeaderMap,
    request: Request,
) -> Response {
    if let Err(error) = guard::same_origin(&state, &headers) {
        return error.plain(&state);
    }
    let fields = match guard::read(request, &state).await {
        Ok(fields) => fields,
        Err(error) => return error.plain(&state),
    };
    let asked = |status, refusal: String| Asked {
        status,
        refusal: Some(refusal),
        to: fields.text("to").to_owned(),
        name: fields.text("name").to_owned(),
        held: held(&fields),
    };
    let door = session::cookie(&headers, session::DOOR).unwrap_or_default();
    if door.is_empty() || !bool::from(door.as_bytes().ct_eq(fields.text("door").as_bytes())) {
        let sentence = "登录页开得太久，或者浏览器不让存 Cookie。请再填一次。".to_owned();
        return ask(&state, asked(StatusCode::FORBIDDEN, sentence)).await;
    }
    let from = visitor.map(|Extension(Visitor(address))| address);
    let credentials = Credentials {
        name: fields.text("name"),
        password: fields.raw("password"),
        from,
        device: session::cookie(&headers, session::DEVICE),
    };
    match state.login(credentials).await {
        Ok(login) => {
            let cookies = AppendHeaders([
                (header::SET_COOKIE, session::opening(&state, login.token.as_str(), login.expires)),
                (header::SET_COOKIE, session::device(&state, &login.device)),
            ]);
            let signed = Signed {
                official: login.official,
                csrf: login.csrf,
                token: login.token,
                said: None,
            };
            (cookies, go_on(&state, &signed, &fields)).into_response()
        }
        Err(LoginError::Wrong) => {
            let sentence = "姓名或密码不对，请再填一次。".to_owned();
            ask(&state, asked(StatusCode::UNAUTHORIZED, sentence)).await
        }
        Err(LoginError::Wait(wait)) => {
            let seconds = wait.as_secs() + 1;
            let sentence = format!("试得太快了，请 {seconds} 秒后再填一次。账号没有被锁。");
            let page = ask(&state, asked(StatusCode::TOO_MANY_REQUESTS, sentence)).await;
            ([(header::RETRY_AFTER, seconds.to_string())], page).into_response()
        }
        Err(LoginError::Store(error)) => DeskError::from(error).plain(&state),
    }
}

/// To where she wanted, or to the form she was sending when the session was over.
fn go_on(state: &DeskState, signed: &Signed, fields: &Fields) -> Response {
    let (to, held) = (own_path(fields.text("to")), held(fields));
    if held.is_empty() {
        return Redirect::to(to).into_response();
    }
    let preview = held.iter().find(|(name, _)| name == "body").map(|(_, text)| text.clone());
    let view = Held {
        frame: Frame::new(state, Some(signed), "接着提交"),
        to: to.to_owned(),
        csrf: signed.csrf.clone(),
        held,
        preview,
    };
    page::fine(&view)
}

fn held(fields: &Fields) -> Vec<(String, String)> {
    fields.under("held:").map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// A path of the desk; anything else could lead to another site.
fn own_path(to: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    let ours = to.starts_with("/desk/") && to.chars().all(plain) && !to.contains("//");
    if ours && !to.starts_with("/desk/log") { to } else { "/desk" }
}

/// `POST /desk/logout`
pub(super) async fn leave(State(state): State<DeskState>, posted: Posted) -> Response {
    if let Err(error) = state.logout(&posted.signed.token).await {
        return DeskError::from(error).page(&state, Some(&posted.signed));
    }
    let cookie = session::opening(&state, "", state.now());
    ([(header::SET_COOKIE, cookie)], Redirect::to("/desk/login")).into_response()
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn the_login_leads_nowhere_else() {
        for (to, expected) in [
            ("/desk/campaigns/c12", "/desk/campaigns/c12"),
            ("", "/desk"),
            ("//evil.example", "/desk"),
            ("https://evil.example/desk/", "/desk"),
            ("/desk//evil.example", "/desk"),
            ("/desk/login", "/desk"),
            ("/desk/logout", "/desk"),
            ("/desk/\r\nset-cookie:x", "/desk"),
        ] {
            assert_eq!(own_path(to), expected, "{to}");
        }
    }
}
