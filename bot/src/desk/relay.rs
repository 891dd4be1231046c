//! Passing on a warning of others: its file is read, kept byte for byte, and made a message that waits for one
//! official.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use fenghuo_store::{OfficialRole, StoredRelay};

use super::error::DeskError;
use super::guard::Posted;
use super::home::Link;
use super::page::{self, Frame};
use super::session::{self, Signed};
use super::state::DeskState;
use super::tree::{self, Branch};
use super::when;
use crate::office;
use crate::public::relay;

/// Warnings listed below the form.
const LISTED: u32 = 10;

#[derive(Template)]
#[template(path = "desk/relay.html")]
struct View {
    frame: Frame,
    csrf: String,
    fault: Option<String>,
    text: String,
    regions: Vec<Branch>,
    known: Vec<Link>,
}

/// `GET /desk/relay`
pub(super) async fn form(State(state): State<DeskState>, signed: Signed) -> Response {
    show(&state, &signed, None, String::new(), &[]).await
}

async fn show(
    state: &DeskState,
    signed: &Signed,
    fault: Option<String>,
    text: String,
    regions: &[String],
) -> Response {
    let status = if fault.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let known = async {
        signed.must_be(OfficialRole::Editor)?;
        known(state).await
    };
    let known = match known.await {
        Ok(known) => known,
        Err(error) => return error.page(state, Some(signed)),
    };
    let library = state.library();
    let frame = Frame::new(state, Some(signed), "转发上级预警").at("/desk/start");
    let regions = tree::tree(&library.regions, &library.place.region, regions);
    page::show(status, &View { frame, csrf: signed.csrf.clone(), fault, text, regions, known })
}

async fn known(state: &DeskState) -> Result<Vec<Link>, DeskError> {
    let mut known = Vec::new();
    for stored in state.store().relays(LISTED).await? {
        let campaign = state.store().campaign_of_relay(stored.id).await?;
        known.push(Link {
            href: campaign.map(|found| format!("/desk/campaigns/{}", found.id)).unwrap_or_default(),
            title: stored.relay.title,
            text: format!("{}，{}收到", stored.relay.issuer, when::moment(stored.received)),
        });
    }
    Ok(known)
}

/// `POST /desk/relay`
pub(super) async fn import(State(state): State<DeskState>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    if let Err(error) = signed.must_be(OfficialRole::Editor) {
        return error.page(&state, Some(&signed));
    }
    let text = fields.raw("text").to_owned();
    let regions = fields.all("region");
    let bytes = match fields.file("file") {
        Some(file) => file.to_vec(),
        None => text.clone().into_bytes(),
    };
    if bytes.trim_ascii().is_empty() {
        let fault = "请选预警文件，或者粘贴它的内容。".to_owned();
        return show(&state, &signed, Some(fault), text, &regions).await;
    }
    let world = state.current.get();
    let chosen = (!regions.is_empty()).then(|| regions.clone());
    let actions = |relay: &relay::Relay| relay::actions(&world, relay);
    match state.pass_on(&bytes, actions, "file", chosen, &signed.actor()).await {
        Ok(campaign) => {
            let said = "已导入。请核对原文、发给谁和失效时间。";
            session::go_saying(&state, &format!("/desk/campaigns/{}", campaign.id), said)
        }
        Err(office::Error::Known(id)) => session::go_saying(
            &state,
            &format!("/desk/campaigns/{id}"),
            "这条预警以前导入过，就是这一条。",
        ),
        Err(error) if error.is_refusal() => {
            show(&state, &signed, Some(error.chinese()), text, &regions).await
        }
        Err(error) => DeskError::of(error, "/desk/relay").page(&state, Some(&signed)),
    }
}

/// A warning as its issuer wrote it, for officials: who, which number, since when, where, and the words.
pub(super) fn words(stored: &StoredRelay) -> String {
    let Ok(relay) = relay::read(&stored.relay.raw) else {
        return String::from_utf8_lossy(&stored.relay.raw).into_owned();
    };
    let head = [
        format!("发布单位：{}", relay.issuer()),
        format!("编号：{}", relay.alert.identifier),
        format!("发布时间：{}", when::moment(relay.alert.sent.at)),
        format!("地区：{}", relay.areas().join("、")),
        String::new(),
    ];
    head.into_iter().chain(relay.text()).collect::<Vec<_>>().join("\n")
}
