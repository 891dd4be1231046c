//! The report of a campaign: sums of the ledger by township, setting, channel and hour, as a page and as CSV.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use fenghuo_content::{Library, RegionKind};
use fenghuo_site::chart::{Bars, Row};
use fenghuo_store::{Campaign, CampaignId, DeliveryCount, DeliveryState};

use super::csv::Csv;
use super::error::DeskError;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use super::{label, when};
use crate::office::{self, audience, content};

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
    total: u64,
    /// Name, count, whether it is bad news.
    totals: Vec<(&'static str, u64, bool)>,
    summary: String,
    tables: Vec<Table>,
    hours: Option<String>,
    by_hour: Vec<(String, u64)>,
    reasons: Vec<(&'static str, String, u64)>,
    body: String,
}

struct Table {
    name: &'static str,
    rows: Vec<Line>,
}

struct Line {
    name: String,
    total: u64,
    sent: u64,
    failed: u64,
    unknown: u64,
    skipped: u64,
    waiting: u64,
}

/// Sums of deliveries by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) sent: u64,
    pub(super) failed: u64,
    pub(super) unknown: u64,
    pub(super) skipped: u64,
    pub(super) waiting: u64,
}

impl Sums {
    fn add(&mut self, state: DeliveryState, times: u64) {
        match state {
            DeliveryState::Sent => self.sent += times,
            DeliveryState::Failed => self.failed += times,
            DeliveryState::Unknown => self.unknown += times,
            DeliveryState::Skipped => self.skipped += times,
            _ => self.waiting += times,
        }
    }

    pub(super) fn total(self) -> u64 {
        self.sent + self.failed + self.unknown + self.skipped + self.waiting
    }
}

/// Sums of `counts` for each `key`.
fn sums<K: Ord>(
    counts: &[DeliveryCount],
    key: impl Fn(&DeliveryCount) -> K,
) -> BTreeMap<K, Sums> {
    let mut by: BTreeMap<K, Sums> = BTreeMap::new();
    for count in counts {
        by.entry(key(count)).or_default().add(count.state, count.times);
    }
    by
}

/// The township of a region; the county itself for whoever follows all of it.
pub(super) fn township<'a>(library: &'a Library, region: &'a str) -> &'a str {
    let found = library.regions.find(region);
    match found.and_then(|found| found.parent.as_deref()) {
        Some(above) if found.is_some_and(|found| found.kind == RegionKind::Village) => above,
        _ => region,
    }
}

/// The name of a township in a table.
pub(super) fn place_name(library: &Library, id: &str) -> String {
    if id == library.place.region { "全县（没选乡镇）".to_owned() } else { library.regions.name(id).to_owned() }
}

fn tables(library: &Library, counts: &[DeliveryCount]) -> Vec<Table> {
    let mut places = sums(counts, |count| township(library, &count.region).to_owned());
    let order = library.regions.iter().filter_map(|region| places.remove_entry(&region.id));
    let mut places_in_order: Vec<(String, Sums)> = order.collect();
    places_in_order.extend(places);
    let roles = sums(counts, |count| count.role.clone().unwrap_or_default());
    let channels = sums(counts, |count| count.channel.clone());
    let named = |rows: Vec<(String, Sums)>| rows.into_iter().map(|(name, sums)| line(name, sums)).collect();
    vec![
        Table {
            name: "乡镇",
            rows: named(places_in_order.into_iter().map(|(id, sums)| (place_name(library, &id), sums)).collect()),
        },
        Table {
            name: "场所",
            rows: named(roles.into_iter().map(|(id, sums)| (setting(&id), sums)).collect()),
        },
        Table {
            name: "渠道",
            rows: named(channels.into_iter().map(|(id, sums)| (content::channel_name(&id).to_owned(), sums)).collect()),
        },
    ]
}

/// Name of the setting `id`; empty for those who gave none.
fn setting(id: &str) -> String {
    if id.is_empty() { "没有选身份".to_owned() } else { audience::setting_name(id).to_owned() }
}

fn line(name: String, sums: Sums) -> Line {
    let Sums { sent, failed, unknown, skipped, waiting } = sums;
    Line { name, total: sums.total(), sent, failed, unknown, skipped, waiting }
}

/// When they arrived, hour by hour; a county that sends for days sees its last two days.
fn by_hour(counts: &[DeliveryCount]) -> Vec<(String, u64)> {
    let mut hours: BTreeMap<jiff::Timestamp, u64> = BTreeMap::new();
    for count in counts.iter().filter(|count| count.state == DeliveryState::Sent) {
        if let Some(hour) = count.hour {
            *hours.entry(hour).or_default() += count.times;
        }
    }
    let skipped = hours.len().saturating_sub(48);
    hours.into_iter().skip(skipped).map(|(hour, times)| (when::short(hour), times)).collect()
}

fn reasons(counts: &[DeliveryCount]) -> Vec<(&'static str, String, u64)> {
    let mut by: BTreeMap<(DeliveryState, &str), u64> = BTreeMap::new();
    for count in counts {
        if let Some(reason) = count.reason.as_deref().filter(|reason| !reason.is_empty()) {
            *by.entry((count.state, reason)).or_default() += count.times;
        }
    }
    let mut rows: Vec<_> = by
        .into_iter()
        .map(|((state, reason), times)| (label::delivery(state), label::reason(reason), times))
        .collect();
    rows.sort_by_key(|(_, _, times)| std::cmp::Reverse(*times));
    rows
}

/// `GET /desk/campaigns/{id}/report`
pub(super) async fn page(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Response {
    let found = find(&state, &id).await;
    match found {
        Ok((campaign, counts)) => page::fine(&view(&state, &signed, campaign, &counts)),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn find(state: &DeskState, id: &str) -> Result<(Campaign, Vec<DeliveryCount>), DeskError> {
    let id = CampaignId::parse(id).ok_or(DeskError::Missing)?;
    let campaign = state.store().campaign(id).await?.ok_or(DeskError::Missing)?;
    let counts = state.store().campaign_counts(id).await?;
    Ok((campaign, counts))
}

fn view(state: &DeskState, signed: &Signed, campaign: Campaign, counts: &[DeliveryCount]) -> View {
    let library = state.library();
    let all = sums(counts, |_| ()).into_values().next().unwrap_or_default();
    let by_hour = by_hour(counts);
    let bars = by_hour.iter().map(|(hour, times)| bar(hour, *times)).collect();
    let moment = |at: Option<jiff::Timestamp>| at.map_or_else(|| "—".to_owned(), when::moment);
    View {
        frame: Frame::new(state, Some(signed), format!("发送报告：{}", campaign.draft.title)),
        id: campaign.id,
        kind: office::kind_name(campaign.draft.kind),
        state: office::state_name(campaign.state),
        approver: approver(&campaign),
        started: moment(campaign.started),
        ended: moment(campaign.ended),
        expires: when::moment(campaign.draft.expires),
        audience: audience::words(&library, &campaign.draft.audience),
        total: all.total(),
        totals: vec![
            ("送达平台", all.sent, false),
            ("失败", all.failed, all.failed > 0),
            ("不确定", all.unknown, all.unknown > 0),
            ("跳过", all.skipped, false),
            ("还没发", all.waiting, false),
        ],
        summary: summary(&campaign, all),
        tables: tables(&library, counts),
        hours: (!by_hour.is_empty()).then(|| Bars::new("每小时送达", bars).to_string()),
        by_hour,
        reasons: reasons(counts),
        code: campaign.code,
        title: campaign.draft.title,
        author: campaign.author,
        body: campaign.draft.body,
    }
}

fn bar(name: &str, times: u64) -> Row {
    Row { name: name.to_owned(), value: u32::try_from(times).unwrap_or(u32::MAX) }
}

fn approver(campaign: &Campaign) -> String {
    match (&campaign.approver, campaign.overridden) {
        (Some(name), true) => format!("{name}一人紧急放行，理由：{}", campaign.reason.as_deref().unwrap_or("—")),
        (Some(name), false) => name.clone(),
        (None, _) => "—".to_owned(),
    }
}

fn summary(campaign: &Campaign, sums: Sums) -> String {
    let total = sums.total();
    if total == 0 {
        return "没有订阅的人符合条件；通知只在网页、订阅源和屏幕上发布。".to_owned();
    }
    let percent = sums.sent * 100 / total;
    let mut text = format!("应发 {total} 人，平台收下 {} 条，占 {percent}%。", sums.sent);
    if sums.waiting > 0 && !campaign.state.is_final() {
        text.push_str(&format!("还有 {} 条没发。", sums.waiting));
    }
    text
}

/// `GET /desk/campaigns/{id}/report.csv`: one line for all that have place, setting, channel, hour and end in common.
pub(super) async fn csv(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Response {
    let (campaign, counts) = match find(&state, &id).await {
        Ok(found) => found,
        Err(error) => return error.page(&state, Some(&signed)),
    };
    let library = state.library();
    let mut csv = Csv::new(&["乡镇", "村（社区）", "场所", "渠道", "账号", "结果", "原因", "小时", "人数"]);
    for count in &counts {
        let above = township(&library, &count.region);
        let village = if above == count.region { "" } else { library.regions.name(&count.region) };
        let hour = count.hour.map(when::moment).unwrap_or_default();
        csv.row(&[
            &place_name(&library, above),
            village,
            &setting(count.role.as_deref().unwrap_or_default()),
            content::channel_name(&count.channel),
            &count.account,
            label::delivery(count.state),
            &count.reason.as_deref().map(label::reason).unwrap_or_default(),
            &hour,
            &count.times.to_string(),
        ]);
    }
    csv.answer(&format!("fenghuo-{}.csv", campaign.id)).into_response()
}
