//! Notices of the library fall due by their rule and become campaigns: each occasion once, whoever asks, however
//! long nobody did.
//!
//! Some days ahead an occasion becomes a draft for two people, or, where the county allows it, a campaign that
//! goes out by itself on its day. What nobody drafted before its first day was over is passed over and listed:
//! a reminder that comes late reminds of nothing.

use std::fmt;

use fenghuo_content::kind::Notice;
use fenghuo_content::{Content, Document, Kind, Library, Occasion};
use fenghuo_store::{Actor, CampaignId, CampaignState, OccasionMark};
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use super::moment::{day, instant};
use super::{Error, Office, SeasonRule, from_notice};

/// Occasions older than this are not listed as missed.
const BACK_DAYS: i32 = 400;
/// Nothing of ours begins at a full hour: group robots are closed then.
const MINUTE: i8 = 10;

/// One time a notice falls due, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Due {
    /// `notices/qingming 2027-04-05`.
    pub key: String,
    /// The notice.
    pub document: String,
    /// Its title.
    pub title: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// When it is over.
    pub expires: Timestamp,
    /// What became of it.
    pub state: DueState,
}

/// What became of an occasion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "state")]
pub enum DueState {
    /// Its day has not come near.
    Upcoming,
    /// It is to be drafted now.
    Due,
    /// It has become a campaign.
    Drafted {
        /// Which.
        campaign: CampaignId,
        /// Where that stands.
        is: CampaignState,
    },
    /// It was passed over.
    Skipped {
        /// Why.
        reason: String,
    },
    /// It lies before the time at which this office began.
    Past,
}

impl fmt::Display for DueState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upcoming => f.write_str("upcoming"),
            Self::Due => f.write_str("due"),
            Self::Drafted { campaign, is } => write!(f, "{campaign} {is}"),
            Self::Skipped { reason } => write!(f, "skipped: {reason}"),
            Self::Past => f.write_str("past"),
        }
    }
}

/// What one look at the calendar has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Campaigns that were created.
    pub drafted: Vec<CampaignId>,
    /// Occasions that were passed over.
    pub skipped: Vec<String>,
}

impl Office {
    /// The occasions of `year` in order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn year_plan(&self, year: i16) -> Result<Vec<Due>, fenghuo_store::Error> {
        let library = self.library();
        let marks = self.store().occasions("notices/").await?;
        let mut plan = Vec::new();
        for (document, notice, occasion) in occasions(&library, year..=year) {
            let mut due = due(document, notice, occasion);
            due.state = self.state(&due, &marks).await?;
            plan.push(due);
        }
        Ok(plan)
    }

    /// Occasions that want somebody's eye now: to be drafted, drafted but not approved, passed over lately.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn due(&self) -> Result<Vec<Due>, fenghuo_store::Error> {
        let today = day(self.now());
        let from = today.saturating_sub(31.days());
        let until = today.saturating_add(i32::from(self.settings().season.ahead).days());
        let mut near = Vec::new();
        for year in today.year() - 1..=today.year() + 1 {
            let plan = self.year_plan(year).await?;
            near.extend(plan.into_iter().filter(|due| (from..=until).contains(&due.start)));
        }
        near.retain(|due| !matches!(due.state, DueState::Past));
        Ok(near)
    }

    async fn state(
        &self,
        due: &Due,
        marks: &[OccasionMark],
    ) -> Result<DueState, fenghuo_store::Error> {
        let today = day(self.now());
        let Some(mark) = marks.iter().find(|mark| mark.name == due.key) else {
            let SeasonRule { ahead, .. } = self.settings().season;
            return Ok(if due.start < today {
                DueState::Past
            } else if due.start <= today.saturating_add(i32::from(ahead).days()) {
                DueState::Due
            } else {
                DueState::Upcoming
            });
        };
        Ok(match mark.campaign {
            Some(campaign) => {
                let found = self.store().campaign(campaign).await?;
                let is = found.map_or(CampaignState::Cancelled, |campaign| campaign.state);
                DueState::Drafted { campaign, is }
            }
            None => DueState::Skipped { reason: mark.skipped.clone().unwrap_or_default() },
        })
    }

    /// Looks at the calendar: drafts what falls due, passes over what is late. Any number of processes may do
    /// so at any time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn tick_season(&self) -> Result<Ticked, Error> {
        let library = self.library();
        let today = day(self.now());
        let rule = self.settings().season;
        let marks = self.store().occasions("notices/").await?;
        // What fell due before there was anybody to draft it is nobody's omission.
        let since = self.store().officials().await?.iter().map(|one| day(one.added)).min();
        let since = since.unwrap_or(today).max(today.saturating_sub(BACK_DAYS.days()));
        let until = today.saturating_add(i32::from(rule.ahead).days());
        let mut ticked = Ticked::default();
        for (document, notice, occasion) in occasions(&library, since.year()..=until.year()) {
            let due = due(document, notice, occasion);
            let known = marks.iter().any(|mark| mark.name == due.key);
            if known || occasion.start < since || occasion.start > until {
                continue;
            }
            if occasion.start < today {
                if document.meta.reviewed > occasion.start {
                    continue;
                }
                let reason = "late: nobody drafted it before its first day was over";
                let engine = Actor::engine();
                if self.store().skip_occasion(&due.key, reason, &engine, self.now()).await? {
                    ticked.skipped.push(due.key);
                }
            } else if let Some(campaign) = self.draft_occasion(&due, &Actor::engine()).await? {
                ticked.drafted.push(campaign);
                if rule.auto {
                    self.let_out(campaign, &due).await?;
                }
            }
        }
        Ok(ticked)
    }

    /// Drafts the occasion `key` for an official, before the engine does.
    ///
    /// # Errors
    /// What the store refuses; `NotFound` where there is no such occasion.
    pub async fn draft_of_occasion(&self, key: &str, actor: &Actor) -> Result<CampaignId, Error> {
        let missing = || fenghuo_store::Error::NotFound { what: "occasion" };
        let library = self.library();
        let year: i16 = key
            .rsplit_once(' ')
            .and_then(|(_, day)| day.parse::<Date>().ok())
            .map(Date::year)
            .ok_or_else(missing)?;
        let found = occasions(&library, year..=year)
            .into_iter()
            .map(|(document, notice, occasion)| due(document, notice, occasion))
            .find(|due| due.key == key)
            .ok_or_else(missing)?;
        self.draft_occasion(&found, actor)
            .await?
            .ok_or_else(|| fenghuo_store::Error::OccasionTaken { campaign: None }.into())
    }

    /// `None` where another one was first.
    async fn draft_occasion(&self, due: &Due, actor: &Actor) -> Result<Option<CampaignId>, Error> {
        let Some(mut draft) = from_notice(&self.library(), &due.document, self.now()) else {
            return Ok(None);
        };
        let hour = i8::try_from(self.settings().season.hour.min(23)).unwrap_or(8);
        let starts = instant(due.start.at(hour, MINUTE, 0, 0));
        draft.starts = Some(starts).filter(|starts| *starts > self.now());
        draft.expires = due.expires;
        draft.occasion = Some(due.key.clone());
        match self.create_unchecked(self.written_out(draft), actor).await {
            Ok(campaign) => Ok(Some(campaign.id)),
            Err(Error::Store(fenghuo_store::Error::OccasionTaken { .. })) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lets a seasonal campaign go out by itself; one with faults waits for people instead.
    async fn let_out(&self, id: CampaignId, due: &Due) -> Result<(), Error> {
        let campaign = self.campaign(id).await?;
        let faults = self.check(&campaign.draft).await?;
        if let Some(fault) = faults.first() {
            tracing::error!(campaign = %id, fault = %fault, "a seasonal notice waits for an editor");
            return Ok(());
        }
        let hash = self.hash(&campaign).await?;
        let engine = Actor::engine();
        let approved =
            self.store().auto_approve(id, campaign.version, &hash, &engine, self.now()).await?;
        let at = campaign.draft.starts.unwrap_or_else(|| self.now());
        self.store().schedule_campaign(id, approved.version, at, &engine, self.now()).await?;
        tracing::info!(campaign = %id, occasion = due.key, "scheduled by itself");
        Ok(())
    }
}

/// All occasions that begin in `years`, in order.
fn occasions(
    library: &Library,
    years: std::ops::RangeInclusive<i16>,
) -> Vec<(&Document, &Notice, Occasion)> {
    let mut all = Vec::new();
    for document in library.of_kind(Kind::Notice) {
        let Content::Notice(notice) = &document.content else { continue };
        for when in &notice.when {
            let of_year = years.clone().flat_map(|year| when.occasions(year));
            all.extend(of_year.map(|occasion| (document, notice, occasion)));
        }
    }
    all.sort_by(|a, b| (a.2, &a.0.id).cmp(&(b.2, &b.0.id)));
    all
}

fn due(document: &Document, notice: &Notice, occasion: Occasion) -> Due {
    Due {
        key: format!("{} {}", document.id, occasion.start),
        document: document.id.to_string(),
        title: document.meta.title.clone(),
        start: occasion.start,
        end: occasion.end,
        expires: instant(expiry(occasion, notice.expires_after_hours)),
        state: DueState::Upcoming,
    }
}

/// After its last day, or later where it is kept longer.
fn expiry(occasion: Occasion, hours: u32) -> DateTime {
    let begin = occasion.start.at(0, 0, 0, 0);
    let kept = begin.saturating_add(i64::from(hours).hours());
    let after = occasion.end.tomorrow().unwrap_or(occasion.end).at(0, 0, 0, 0);
    kept.max(after)
}

/// The plan as a calendar file.
pub fn calendar(plan: &[Due], title: &str) -> String {
    use icalendar::{Calendar, Component, Event, Property};
    let mut calendar = Calendar::new();
    calendar.name(title).timezone("Asia/Shanghai");
    for due in plan {
        let stamp = due.start.strftime("%Y%m%dT000000Z").to_string();
        let date = |day: Date| day.strftime("%Y%m%d").to_string();
        let after = due.end.tomorrow().unwrap_or(due.end);
        let event = Event::new()
            .summary(&due.title)
            .uid(&format!("{}@fenghuo", due.key.replace([' ', '/'], "-")))
            .add_property("DTSTAMP", &stamp)
            .append_property(
                Property::new("DTSTART", date(due.start)).add_parameter("VALUE", "DATE").done(),
            )
            .append_property(
                Property::new("DTEND", date(after)).add_parameter("VALUE", "DATE").done(),
            )
            .done();
        calendar.push(event);
    }
    calendar.done().to_string()
}
