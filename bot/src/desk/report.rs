//! The report of a campaign: by township, setting, channel and hour, as a page and as CSV.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use fenghuo_site::chart::{Bars, Row};
use fenghuo_store::{Campaign, CampaignId};
use jiff::Timestamp;

use super::csv;
use super::error::DeskError;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use super::{label, when};
use crate::office::{self, Report, Tally, audience};

/// Hours drawn; a campaign that takes longer shows its last ones.
const HOURS: usize = 48;

#[derive(Template)]
#[template(path = "desk/report.html")]
struct View {
    frame: Frame,
    id: CampaignId,
    code: String,
    title: String,
    kind: &'static str,
    state: &'static str,
    author: String,
    approver: String,
    started: String,
    ended: String,
    expires: String,
    audience: String,
    total: Tally,
    summary: String,
    tables: Vec<Table>,
    /// A chart as SVG.
    hours: Option<String>,
    by_hour: Vec<(String, u64)>,
    reasons: Vec<(&'static str, String, u64)>,
    body: String,
}

struct Table {
    name: &'static str,
    rows: Vec<(String, Tally)>,
}

/// `GET /desk/campaigns/{id}/report`
pub(super) async fn page(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Response {
    match find(&state, &id).await {
        Ok(report) => page::fine(&view(&state, &signed, report)),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

/// `GET /desk/campaigns/{id}/report.csv`
pub(super) async fn table(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Response {
    match find(&state, &id).await {
        Ok(report) => csv::answer(&format!("fenghuo-{}.csv", report.campaign.id), report.csv()),
        Err(error) => error.page(&state, Some(&signed)).into_response(),
    }
}

async fn find(state: &DeskState, id: &str) -> Result<Report, DeskError> {
    let id = CampaignId::parse(id).ok_or(DeskError::Missing)?;
    state.report(id).await.map_err(|error| DeskError::of(error, format!("/desk/campaigns/{id}")))
}

fn view(state: &DeskState, signed: &Signed, report: Report) -> View {
    let library = state.library();
    let campaign = report.campaign;
    let by_hour = by_hour(report.by_hour);
    let moment = |at: Option<Timestamp>| at.map_or_else(|| "—".to_owned(), when::moment);
    View {
        frame: Frame::new(state, Some(signed), format!("发送报告：{}", campaign.draft.title)),
        id: campaign.id,
        kind: office::content::kind_name(campaign.draft.kind),
        state: office::state_name(campaign.state),
        approver: approver(&campaign),
        started: moment(campaign.started),
        ended: moment(campaign.ended),
        expires: when::moment(campaign.draft.expires),
        audience: audience::words(&library, &campaign.draft.audience),
        total: report.total,
        summary: summary(&campaign, report.total),
        tables: vec![
            Table { name: "乡镇", rows: report.by_township },
            Table { name: "场所", rows: report.by_setting },
            Table { name: "渠道", rows: report.by_channel },
        ],
        hours: (!by_hour.is_empty()).then(|| Bars::new("每小时送达", bars(&by_hour)).to_string()),
        by_hour,
        reasons: report
            .reasons
            .into_iter()
            .map(|(state, reason, times)| (label::delivery(state), label::reason(&reason), times))
            .collect(),
        code: campaign.code,
        title: campaign.draft.title,
        author: label::actor(&campaign.author).to_owned(),
        body: campaign.draft.body,
    }
}

/// How many the channels took, hour by hour.
fn by_hour(hours: Vec<(Timestamp, Tally)>) -> Vec<(String, u64)> {
    let sent: Vec<(Timestamp, u64)> =
        hours.into_iter().map(|(hour, tally)| (hour, tally.sent)).filter(|(_, n)| *n > 0).collect();
    let skipped = sent.len().saturating_sub(HOURS);
    sent.into_iter().skip(skipped).map(|(hour, times)| (when::short(hour), times)).collect()
}

fn bars(by_hour: &[(String, u64)]) -> Vec<Row> {
    let row = |(name, times): &(String, u64)| Row {
        name: name.clone(),
        value: u32::try_from(*times).unwrap_or(u32::MAX),
    };
    by_hour.iter().map(row).collect()
}

fn approver(campaign: &Campaign) -> String {
    match (&campaign.approver, campaign.overridden) {
        (Some(name), true) => {
            let reason = campaign.reason.as_deref().unwrap_or("—");
            format!("{name}一人紧急放行，理由：{reason}")
        }
        (Some(name), false) => label::actor(name).to_owned(),
        (None, _) => "—".to_owned(),
    }
}

fn summary(campaign: &Campaign, total: Tally) -> String {
    let all = total.all();
    if all == 0 {
        return "没有订阅的人符合条件；通知只在网页、订阅源和屏幕上发布。".to_owned();
    }
    let percent = total.sent * 100 / all;
    let mut text = format!("应发 {all} 人，平台收下 {} 条，占 {percent}%。", total.sent);
    if total.waiting > 0 && !campaign.state.is_final() {
        text.push_str(&format!("还有 {} 条没发。", total.waiting));
    }
    text
}
