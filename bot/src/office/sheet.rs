//! The pre-flight sheet: everything a second person looks at before she approves, as data.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_content::{Library, Region};
use fenghuo_store::{
    AudienceCount, Campaign, CampaignFilter, CampaignId, CampaignKind, CampaignState, Draft,
};
use jiff::Timestamp;
use serde::Serialize;

use super::content::{self, CHANNELS, Channel};
use super::moment::{moment, wall};
use super::{Fault, Office, Subject, audience, township_of};

/// Recipients a second of an account of which nobody has said how fast it is.
const SLOW: f64 = 1.0;

/// What stands on the sheet.
#[derive(Clone, Debug, Serialize)]
pub struct Sheet {
    /// The campaign, once there is one.
    pub campaign: Option<CampaignId>,
    /// The text on each channel, as readers in one of the regions get it.
    pub channels: Vec<ChannelSheet>,
    /// Name of that region.
    pub sample_region: String,
    /// The audience in words.
    pub audience_words: String,
    /// Who gets it, as of now.
    pub audience: AudienceCount,
    /// How many get it altogether; with a correction also those whom the first message has reached.
    pub total: u64,
    /// By township, villages with their township, in file order.
    pub by_township: Vec<(String, u64)>,
    /// By setting, with its Chinese name.
    pub by_setting: Vec<(String, u64)>,
    /// Seconds from beginning to end at the rates of the accounts.
    pub last_recipient_seconds: u64,
    /// When it begins.
    pub begins: Timestamp,
    /// When the last recipient gets it.
    pub ends: Timestamp,
    /// When it expires.
    pub expires: Timestamp,
    /// Faults that keep it from being approved.
    pub faults: Vec<Fault>,
    /// What one should know before approving, in Chinese.
    pub warnings: Vec<String>,
}

/// The text on one channel.
#[derive(Clone, Debug, Serialize)]
pub struct ChannelSheet {
    /// The channel.
    pub channel: Channel,
    /// Whether an account of ours sends there.
    pub configured: bool,
    /// Title or subject.
    pub title: String,
    /// As the reader sees it.
    pub text: String,
    /// As HTML, where the channel shows HTML; safe to embed.
    pub html: Option<String>,
    /// Its length as the channel counts it.
    pub length: usize,
    /// Whether it is too long.
    pub over: bool,
    /// Whether only the short message is shown, since not all of it fits.
    pub shortened: bool,
    /// How many get it there.
    pub recipients: u64,
    /// What the channel allows.
    pub quota: Option<String>,
    /// Seconds to the last recipient there.
    pub seconds: u64,
}

/// A channel for check boxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ChannelChoice {
    /// The channel.
    pub channel: Channel,
    /// Whether an account of ours sends there.
    pub configured: bool,
}

impl Office {
    /// The channels an audience may name.
    pub fn channels(&self) -> Vec<ChannelChoice> {
        let sends = CHANNELS.iter().filter(|channel| channel.sends);
        sends
            .map(|channel| ChannelChoice {
                channel: *channel,
                configured: self.sends_on(channel.id),
            })
            .collect()
    }

    fn sends_on(&self, channel: &str) -> bool {
        self.settings().lines.iter().any(|line| line.channel == channel)
    }

    /// The sheet of `campaign`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sheet(&self, campaign: &Campaign) -> Result<Sheet, fenghuo_store::Error> {
        let subject = Subject::of(self.store(), campaign).await?;
        self.sheet_of(&subject, Some(campaign)).await
    }

    /// The sheet of a draft nobody has saved yet.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sheet_of_draft(&self, draft: &Draft) -> Result<Sheet, fenghuo_store::Error> {
        let subject = self.subject(draft).await?;
        self.sheet_of(&subject, None).await
    }

    async fn sheet_of(
        &self,
        subject: &Subject,
        campaign: Option<&Campaign>,
    ) -> Result<Sheet, fenghuo_store::Error> {
        let library = self.library();
        let draft = &subject.draft;
        let now = self.now();
        let audience = self.store().audience_count(&draft.audience).await?;
        let total = match draft.refers {
            Some(first) => self.store().following_count(draft.kind, &draft.audience, first).await?,
            None => audience.total,
        };
        let regions = self.readers(&library, subject);
        let region = sample_region(&library, &regions, &audience);
        let (place, words, counts) = (region.clone(), subject.clone(), audience.clone());
        let ground = Arc::clone(&library);
        let channels =
            self.aside(move |office| office.channel_sheets(&ground, &words, &place, &counts)).await;
        let seconds = self.seconds(&audience);
        let begins = draft.starts.filter(|starts| *starts > now).unwrap_or(now);
        let last = seconds.values().copied().max().unwrap_or(0);
        let ends = begins.saturating_add(Duration::from_secs(last)).unwrap_or(Timestamp::MAX);
        let mut sheet = Sheet {
            campaign: campaign.map(|campaign| campaign.id),
            channels,
            sample_region: region.name.clone(),
            audience_words: audience::words(&library, &draft.audience),
            by_township: by_township(&library, &audience),
            by_setting: by_setting(&audience),
            audience,
            total,
            last_recipient_seconds: last,
            begins,
            ends,
            expires: draft.expires,
            faults: self.check(draft).await?,
            warnings: Vec::new(),
        };
        sheet.warnings = self.warnings(subject, &sheet, campaign).await?;
        if sheet.faults.is_empty() {
            let words = subject.clone();
            let remarks = self
                .aside(move |office| content::remarks(office.ground(&library), &words, &regions))
                .await;
            sheet.warnings.extend(remarks.iter().map(ToString::to_string));
        }
        Ok(sheet)
    }

    fn channel_sheets(
        &self,
        library: &Library,
        subject: &Subject,
        region: &Region,
        audience: &AudienceCount,
    ) -> Vec<ChannelSheet> {
        let seconds = self.seconds(audience);
        let sheet = |channel: &Channel| {
            let shown = content::render(self.ground(library), subject, channel, region).ok()?;
            let shown = content::placed(shown, channel, township_of(library, &region.id));
            let recipients = audience.by_channel.iter().find(|(id, _)| id == channel.id);
            let lines = self.settings().lines.iter().filter(|line| line.channel == channel.id);
            let seconds = seconds.iter().filter(|((id, _), _)| id == channel.id).map(|(_, s)| *s);
            Some(ChannelSheet {
                channel: *channel,
                configured: !channel.sends || self.sends_on(channel.id),
                title: shown.rendered.title,
                html: matches!(channel.id, "email" | "page").then_some(shown.rendered.html),
                text: shown.text,
                length: shown.length,
                over: shown.length > channel.most,
                shortened: shown.shortened,
                recipients: recipients.map_or(0, |(_, count)| *count),
                quota: lines.filter_map(|line| line.quota.clone()).next(),
                seconds: seconds.max().unwrap_or(0),
            })
        };
        CHANNELS.iter().filter_map(sheet).collect()
    }

    /// Seconds each account needs for its part of `audience`.
    fn seconds(&self, audience: &AudienceCount) -> BTreeMap<(String, String), u64> {
        let needs = |((channel, account), count): &((String, String), u64)| {
            let line = self.settings().lines.iter();
            let line = line.clone().find(|l| l.channel == *channel && l.account == *account);
            let rate = line.map_or(SLOW, |line| line.per_second).max(0.001);
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an estimate of seconds"
            )]
            let seconds = (*count as f64 / rate).ceil() as u64;
            ((channel.clone(), account.clone()), seconds)
        };
        audience.by_account.iter().map(needs).collect()
    }

    async fn warnings(
        &self,
        subject: &Subject,
        sheet: &Sheet,
        campaign: Option<&Campaign>,
    ) -> Result<Vec<String>, fenghuo_store::Error> {
        let draft = &subject.draft;
        let mut warnings = Vec::new();
        if sheet.total == 0 {
            warnings
                .push("没有人会收到：这些条件下没有订阅的人。网页、大屏上照样会登出来".to_owned());
        }
        if sheet.ends > draft.expires {
            warnings.push(format!(
                "发不完：按现在的速度要到 {} 才发完，有效期到 {}；没发到的会跳过",
                moment(sheet.ends),
                moment(draft.expires)
            ));
        }
        for channel in sheet.channels.iter().filter(|c| c.recipients > 0 && !c.configured) {
            warnings.push(format!(
                "{}有 {} 人，但是没有配置账号，他们收不到",
                channel.channel.name, channel.recipients
            ));
        }
        if !draft.urgent {
            let time = wall(sheet.begins).time();
            let minute = u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute()));
            let minute = minute.unwrap_or(0);
            let quiet = self.store().audience_quiet(&draft.audience, minute).await?;
            if quiet > 0 {
                warnings
                    .push(format!("开始的时候有 {quiet} 人设了免打扰，过了免打扰时间才发给他们"));
            }
        }
        for (_, account) in &sheet.audience.whole {
            warnings.push(format!(
                "公众号“{account}”一次群发给全部关注的人，这里只算 1 个；实际多少人看公众号后台"
            ));
        }
        if let Some(earlier) = self.sent_before(draft, campaign).await? {
            warnings
                .push(format!("同一篇资料 {} 已经发过：{earlier}", moment(earlier_time(&earlier))));
        }
        if draft.kind == CampaignKind::Drill && draft.urgent {
            warnings.push("演练设成了紧急，夜里也会响".to_owned());
        }
        Ok(warnings)
    }

    /// The newest campaign from the same document that went out in the last month.
    async fn sent_before(
        &self,
        draft: &Draft,
        campaign: Option<&Campaign>,
    ) -> Result<Option<Earlier>, fenghuo_store::Error> {
        let Some(document) = draft.document.clone().filter(|_| draft.refers.is_none()) else {
            return Ok(None);
        };
        let filter = CampaignFilter {
            document: Some(document),
            states: vec![CampaignState::Sending, CampaignState::Paused, CampaignState::Done],
            limit: 5,
            ..CampaignFilter::default()
        };
        let month = self.now() - jiff::SignedDuration::from_hours(24 * 31);
        let found = self.store().campaigns(&filter).await?.into_iter().find(|earlier| {
            Some(earlier.id) != campaign.map(|campaign| campaign.id)
                && earlier.started.is_some_and(|started| started > month)
        });
        Ok(found.map(Earlier))
    }
}

/// A campaign that said the same before.
struct Earlier(Campaign);

impl std::fmt::Display for Earlier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}“{}”", self.0.id, self.0.draft.title)
    }
}

fn earlier_time(earlier: &Earlier) -> Timestamp {
    earlier.0.started.unwrap_or(earlier.0.created)
}

/// The region with most recipients, else the first of the audience, else the county.
fn sample_region(library: &Library, regions: &[Region], audience: &AudienceCount) -> Region {
    let most = audience.by_region.iter().max_by_key(|(_, count)| *count);
    let most = most.and_then(|(id, _)| regions.iter().find(|region| region.id == *id));
    most.or_else(|| regions.first())
        .cloned()
        .unwrap_or_else(|| content::region_of(library, &library.place.region))
}

/// Counts by township; whoever follows the whole county stands under its name.
pub(super) fn by_township(library: &Library, audience: &AudienceCount) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<usize, (String, u64)> = BTreeMap::new();
    for (id, count) in &audience.by_region {
        let top = township(library, id);
        let place =
            library.regions.iter().position(|region| region.id == top).unwrap_or(usize::MAX);
        let name = library.regions.name(&top).to_owned();
        counts.entry(place).or_insert((name, 0)).1 += count;
    }
    counts.into_values().collect()
}

/// The township `id` lies in, or `id` itself.
pub(super) fn township(library: &Library, id: &str) -> String {
    let within = library.regions.townships().find(|town| library.regions.within(id, &town.id));
    within.map_or_else(|| id.to_owned(), |town| town.id.clone())
}

fn by_setting(audience: &AudienceCount) -> Vec<(String, u64)> {
    let name = |id: &String| match id.as_str() {
        "" => "没有选身份".to_owned(),
        id => audience::setting_name(id).to_owned(),
    };
    audience.by_role.iter().map(|(id, count)| (name(id), *count)).collect()
}
