//! Officials: who they are, added and changed by an admin; everybody changes her own password.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use fenghuo_store::{Official, OfficialRole};

use super::error::DeskError;
use super::guard::Posted;
use super::page::{self, Frame};
use super::session::{self, Signed};
use super::state::DeskState;
use super::{label, when};
use crate::office::{self, Credentials, LoginError};

/// What a password must be, as the office checks it.
const RULE: &str = "至少 10 个字，不要用姓名和常见的词。";

#[derive(Template)]
#[template(path = "desk/officials.html")]
struct View {
    frame: Frame,
    csrf: String,
    people: Vec<Person>,
    roles: Vec<(&'static str, &'static str, &'static str)>,
    rule: &'static str,
    /// What keeps messages from being approved.
    shortage: Option<&'static str>,
    faults: Vec<String>,
    name: String,
    role: String,
}

struct Person {
    name: String,
    role: &'static str,
    role_name: &'static str,
    added: String,
    disabled: bool,
    me: bool,
}

/// What was typed when adding failed.
#[derive(Default)]
struct Typed {
    faults: Vec<String>,
    name: String,
    role: String,
}

/// `GET /desk/officials`
pub(super) async fn get(State(state): State<DeskState>, signed: Signed) -> Response {
    show(&state, &signed, Typed::default()).await
}

async fn show(state: &DeskState, signed: &Signed, typed: Typed) -> Response {
    let status =
        if typed.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match view(state, signed, typed).await {
        Ok(view) => page::show(status, &view),
        Err(error) => error.page(state, Some(signed)),
    }
}

async fn view(state: &DeskState, signed: &Signed, typed: Typed) -> Result<View, DeskError> {
    signed.must_be(OfficialRole::Admin)?;
    let officials = state.store().officials().await?;
    Ok(View {
        frame: Frame::new(state, Some(signed), "人员").at("/desk/officials"),
        csrf: signed.csrf.clone(),
        shortage: shortage(&officials),
        people: officials.into_iter().map(|official| person(official, signed)).collect(),
        roles: OfficialRole::ALL
            .iter()
            .map(|role| (role.as_str(), label::official_role(*role), label::role_duty(*role)))
            .collect(),
        rule: RULE,
        faults: typed.faults,
        name: typed.name,
        role: typed.role,
    })
}

fn person(official: Official, signed: &Signed) -> Person {
    Person {
        role: official.role.as_str(),
        role_name: label::official_role(official.role),
        added: when::day_label(when::day(official.added)),
        disabled: official.disabled,
        me: official.name == signed.official.name,
        name: official.name,
    }
}

/// Whoever wrote a message cannot approve it, so there must be two.
fn shortage(officials: &[Official]) -> Option<&'static str> {
    let able = |role| officials.iter().filter(|o| !o.disabled && o.role >= role).count();
    match (able(OfficialRole::Approver), able(OfficialRole::Editor)) {
        (0, _) => Some("还没有审批员：通知写好了也没有人能批准。"),
        (1, 1) => Some("只有一个人能写能批：写的人不能自己批，请再添加一位。"),
        (1, _) => {
            Some("只有一位审批员：他写的通知没有人能批准，不在时也没有人能批准。请再添加一位。")
        }
        _ => None,
    }
}

/// `POST /desk/officials`: adds one.
pub(super) async fn add(State(state): State<DeskState>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let (name, role) = (fields.text("name"), fields.text("role"));
    let typed = |faults| Typed { faults, name: name.to_owned(), role: role.to_owned() };
    let Some(parsed) = OfficialRole::parse(role) else {
        return show(&state, &signed, typed(vec!["角色：请选一个".to_owned()])).await;
    };
    let actor = signed.actor();
    match state.add_official(name, parsed, fields.raw("password"), &actor).await {
        Ok(()) => session::go_saying(&state, "/desk/officials", &format!("已添加{name}。")),
        Err(error) => refused(&state, &signed, error, typed).await,
    }
}

/// `POST /desk/officials/change`: another role, another password, disabled, enabled.
pub(super) async fn change(State(state): State<DeskState>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let name = fields.text("name");
    let actor = signed.actor();
    let done = match (fields.text("do"), OfficialRole::parse(fields.text("role"))) {
        // She would lock herself out, perhaps as the last admin.
        _ if name == signed.official.name => {
            return DeskError::NotAllowed.page(&state, Some(&signed));
        }
        ("role", Some(role)) => state.set_role(name, role, &actor).await,
        ("password", _) => state.set_password(name, fields.raw("password"), &actor).await,
        ("disable", _) => state.set_disabled(name, true, &actor).await,
        ("enable", _) => state.set_disabled(name, false, &actor).await,
        _ => return DeskError::Missing.page(&state, Some(&signed)),
    };
    match done {
        Ok(()) => {
            let said = format!("{name}已改好。{name}要重新登录。");
            session::go_saying(&state, "/desk/officials", &said)
        }
        Err(error) => {
            let typed = |faults| Typed { faults, ..Typed::default() };
            refused(&state, &signed, error, typed).await
        }
    }
}

async fn refused(
    state: &DeskState,
    signed: &Signed,
    error: office::Error,
    typed: impl FnOnce(Vec<String>) -> Typed,
) -> Response {
    match DeskError::of(error, "/desk/officials") {
        DeskError::Refused { sentence, .. } => {
            let faults = sentence.lines().map(str::to_owned).collect();
            show(state, signed, typed(faults)).await
        }
        other => other.page(state, Some(signed)),
    }
}

#[derive(Template)]
#[template(path = "desk/password.html")]
struct Own {
    frame: Frame,
    csrf: String,
    rule: &'static str,
    fault: Option<String>,
}

/// `GET /desk/password`
pub(super) async fn own(State(state): State<DeskState>, signed: Signed) -> Response {
    own_page(&state, &signed, None)
}

fn own_page(state: &DeskState, signed: &Signed, fault: Option<String>) -> Response {
    let status = if fault.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let frame = Frame::new(state, Some(signed), "改我的密码");
    page::show(status, &Own { frame, csrf: signed.csrf.clone(), rule: RULE, fault })
}

/// `POST /desk/password`: whoever finds the desk open cannot take it over without the old one.
pub(super) async fn set_own(State(state): State<DeskState>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    let name = signed.official.name.clone();
    if fields.raw("new") != fields.raw("twice") {
        return own_page(&state, &signed, Some("两次写的新密码不一样，请再写一遍。".to_owned()));
    }
    let credentials =
        Credentials { name: &name, password: fields.raw("old"), from: None, device: None };
    // A login like any other, so that guessing is slowed like any other.
    match state.login(credentials).await {
        Ok(login) => drop(state.logout(&login.token).await),
        Err(LoginError::Store(error)) => return DeskError::from(error).page(&state, Some(&signed)),
        Err(refused) => return own_page(&state, &signed, Some(refused.chinese())),
    }
    match state.set_password(&name, fields.raw("new"), &signed.actor()).await {
        Ok(()) => session::go_saying(&state, "/desk/login", "密码改好了，请用新密码登录。"),
        Err(error) => match DeskError::of(error, "/desk/password") {
            DeskError::Refused { sentence, .. } => own_page(&state, &signed, Some(sentence)),
            other => other.page(&state, Some(&signed)),
        },
    }
}
