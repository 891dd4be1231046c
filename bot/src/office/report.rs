//! What became of a campaign: by township, setting, channel and hour, and why somebody did not get it.

use std::collections::BTreeMap;

use fenghuo_content::Library;
use fenghuo_store::{Campaign, CampaignId, DeliveryCount, DeliveryState};
use jiff::Timestamp;
use serde::Serialize;

use super::content::channel_name;
use super::moment::moment;
use super::sheet::township;
use super::{Error, Office, audience, state_name};

/// A whole report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The campaign as it stands.
    pub campaign: Campaign,
    /// All recipients.
    pub total: Tally,
    /// By township, in file order.
    pub by_township: Vec<(String, Tally)>,
    /// By village or whatever else readers chose, in file order.
    pub by_region: Vec<(String, Tally)>,
    /// By setting.
    pub by_setting: Vec<(String, Tally)>,
    /// By channel.
    pub by_channel: Vec<(String, Tally)>,
    /// How many came to their end in each hour.
    pub by_hour: Vec<(Timestamp, Tally)>,
    /// Why somebody did not get it, most frequent first.
    pub reasons: Vec<(DeliveryState, String, u64)>,
}

/// How many are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// On their way or waiting.
    pub waiting: u64,
    /// Taken by the channel.
    pub sent: u64,
    /// Refused for good.
    pub failed: u64,
    /// Nobody knows whether it arrived.
    pub unknown: u64,
    /// Not sent, for a reason.
    pub skipped: u64,
}

impl Tally {
    /// All of them.
    pub fn all(self) -> u64 {
        self.waiting + self.sent + self.failed + self.unknown + self.skipped
    }

    fn add(&mut self, state: DeliveryState, times: u64) {
        *match state {
            DeliveryState::Sent => &mut self.sent,
            DeliveryState::Failed => &mut self.failed,
            DeliveryState::Unknown => &mut self.unknown,
            DeliveryState::Skipped => &mut self.skipped,
            DeliveryState::Queued
            | DeliveryState::Retry
            | DeliveryState::Leased
            | DeliveryState::Sending => &mut self.waiting,
        } += times;
    }
}

impl Office {
    /// The report of the campaign `id`.
    ///
    /// # Errors
    /// `NotFound`, or when the store fails.
    pub async fn report(&self, id: CampaignId) -> Result<Report, Error> {
        let campaign = self.campaign(id).await?;
        let counts = self.store().campaign_counts(id).await?;
        Ok(report(&self.library(), campaign, &counts))
    }
}

fn report(library: &Library, campaign: Campaign, counts: &[DeliveryCount]) -> Report {
    let mut total = Tally::default();
    counts.iter().for_each(|count| total.add(count.state, count.times));
    let place = |id: &String| library.regions.iter().position(|region| region.id == *id);
    let named = |(_, id): (Option<usize>, String), tally: Tally| {
        (library.regions.name(&id).to_owned(), tally)
    };
    let by_place = |of: &dyn Fn(&DeliveryCount) -> String| {
        let key = |count: &DeliveryCount| {
            let id = of(count);
            Some((place(&id), id))
        };
        by(counts, key).into_iter().map(|(key, tally)| named(key, tally)).collect()
    };
    let setting = |count: &DeliveryCount| {
        let role = count.role.as_deref();
        Some(role.map_or("没有选身份", audience::setting_name).to_owned())
    };
    Report {
        total,
        by_township: by_place(&|count| township(library, &count.region)),
        by_region: by_place(&|count| count.region.clone()),
        by_setting: by(counts, setting).into_iter().collect(),
        by_channel: by(counts, |count| Some(channel_name(&count.channel).to_owned()))
            .into_iter()
            .collect(),
        by_hour: by(counts, |count| count.hour).into_iter().collect(),
        reasons: reasons(counts),
        campaign,
    }
}

/// Sums by `key`; what has none is left out.
fn by<K: Ord>(
    counts: &[DeliveryCount],
    key: impl Fn(&DeliveryCount) -> Option<K>,
) -> BTreeMap<K, Tally> {
    let mut sums: BTreeMap<K, Tally> = BTreeMap::new();
    for count in counts {
        if let Some(key) = key(count) {
            sums.entry(key).or_default().add(count.state, count.times);
        }
    }
    sums
}

fn reasons(counts: &[DeliveryCount]) -> Vec<(DeliveryState, String, u64)> {
    let mut sums: BTreeMap<(DeliveryState, &str), u64> = BTreeMap::new();
    for count in counts {
        if let Some(reason) = &count.reason {
            *sums.entry((count.state, reason)).or_default() += count.times;
        }
    }
    let mut reasons: Vec<_> =
        sums.into_iter().map(|((state, reason), n)| (state, reason.to_owned(), n)).collect();
    reasons.sort_by_key(|(_, _, times)| std::cmp::Reverse(*times));
    reasons
}

impl Report {
    /// One table: what is counted by, its name, and a number for each state. It begins with a mark by which
    /// spreadsheets know that it is UTF-8.
    pub fn csv(&self) -> String {
        let mut out = String::from("\u{feff}分类,名称,合计,已送达,未送达,不确定,跳过,等待\r\n");
        let mut row = |group: &str, name: &str, tally: &Tally| {
            let Tally { waiting, sent, failed, unknown, skipped } = *tally;
            let all = tally.all();
            let name = cell(name);
            out.push_str(&format!(
                "{group},{name},{all},{sent},{failed},{unknown},{skipped},{waiting}\r\n"
            ));
        };
        row("全部", &self.campaign.draft.title, &self.total);
        for (group, rows) in [
            ("乡镇", &self.by_township),
            ("地方", &self.by_region),
            ("场所", &self.by_setting),
            ("渠道", &self.by_channel),
        ] {
            rows.iter().for_each(|(name, tally)| row(group, name, tally));
        }
        self.by_hour.iter().for_each(|(hour, tally)| row("时间", &moment(*hour), tally));
        for (state, reason, times) in &self.reasons {
            let mut tally = Tally::default();
            tally.add(*state, *times);
            row("原因", reason, &tally);
        }
        out
    }

    /// The head of it in lines: where it stands, who has written and approved it, when.
    pub fn head(&self) -> Vec<(&'static str, String)> {
        let campaign = &self.campaign;
        let mut head = vec![
            ("编号", campaign.code.clone()),
            ("状态", state_name(campaign.state).to_owned()),
            ("起草", campaign.author.clone()),
        ];
        let approver = campaign.approver.clone();
        head.extend(approver.map(|name| {
            (
                "批准",
                if campaign.overridden {
                    format!("{name}（紧急放行，没有第二人）")
                } else {
                    name
                },
            )
        }));
        head.extend(campaign.started.map(|at| ("开始", moment(at))));
        head.extend(campaign.ended.map(|at| ("结束", moment(at))));
        head.push(("有效期至", moment(campaign.draft.expires)));
        head
    }
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if risky { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
