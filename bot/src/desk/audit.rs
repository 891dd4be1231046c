//! The audit log, page by page, and whether its chain holds.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use fenghuo_store::{AuditEntry, CampaignId};
use serde::Deserialize;

use super::error::DeskError;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use super::{label, when};

const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "desk/audit.html")]
struct View {
    frame: Frame,
    rows: Vec<Line>,
    before: Option<i64>,
    /// What following the chain has shown.
    verdict: Option<(String, String)>,
}

/// One entry.
struct Line {
    number: i64,
    when: String,
    who: String,
    what: String,
    subject: String,
    /// Where the thing is found.
    href: Option<String>,
    detail: String,
}

/// What is shown.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    before: String,
    verify: String,
}

/// `GET /desk/audit`
pub(super) async fn get(
    State(state): State<DeskState>,
    signed: Signed,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    match view(&state, &signed, &wanted).await {
        Ok(view) => page::fine(&view),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn view(state: &DeskState, signed: &Signed, wanted: &Wanted) -> Result<View, DeskError> {
    let before = wanted.before.parse().unwrap_or(i64::MAX);
    let entries = state.store().audit_log(before, PAGE).await?;
    let verdict = match wanted.verify.as_str() {
        "1" => Some(verdict(state).await?),
        _ => None,
    };
    let last = entries.last().filter(|last| last.number > 1 && entries.len() == PAGE as usize);
    Ok(View {
        frame: Frame::new(state, Some(signed), "办理记录").at("/desk/audit"),
        before: last.map(|last| last.number),
        rows: entries.into_iter().map(line).collect(),
        verdict,
    })
}

async fn verdict(state: &DeskState) -> Result<(String, String), DeskError> {
    let report = state.store().verify_audit().await?;
    let told = match report.broken {
        None => format!("核对了 {} 条，没有被改过。", report.entries),
        Some(number) => {
            format!("第 {number} 条对不上：记录被改过。请马上报告管理员，并保留数据库。")
        }
    };
    let head = if report.head.is_empty() {
        "还没有记录。".to_owned()
    } else {
        format!("最后一条的指纹：{}。抄在别处，以后能看出末尾有没有被删。", report.head)
    };
    Ok((told, head))
}

fn line(entry: AuditEntry) -> Line {
    let campaign =
        CampaignId::parse(&entry.subject).filter(|_| entry.action.starts_with("campaign."));
    Line {
        number: entry.number,
        when: when::moment(entry.at),
        who: label::actor(&entry.actor).to_owned(),
        what: label::action(&entry.action).to_owned(),
        href: campaign.map(|id| format!("/desk/campaigns/{id}")),
        subject: entry.subject,
        detail: label::detail(&entry.detail),
    }
}
