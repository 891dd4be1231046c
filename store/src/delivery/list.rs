//! What officials see of the ledger.

use jiff::Timestamp;
use serde::Serialize;

use super::DeliveryState;
use crate::database::{Dialect, Row, sql};
use crate::{CampaignId, Error, Store, SubscriberId};

/// How far a campaign is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are the states of `DeliveryState`")]
pub struct Progress {
    pub queued: u64,
    pub retry: u64,
    pub leased: u64,
    pub sending: u64,
    pub sent: u64,
    pub failed: u64,
    pub unknown: u64,
    pub skipped: u64,
}

/// Which deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryFilter {
    /// All.
    All,
    /// Those in one state.
    State(DeliveryState),
    /// Those that may have been delivered more than once.
    Repeated,
}

/// A row of the ledger, without any address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Number of the recipient.
    pub recipient: i64,
    /// Who that is, while she subscribes.
    #[serde(skip)]
    pub subscriber: Option<SubscriberId>,
    /// The channel.
    pub channel: String,
    /// Our account there.
    pub account: String,
    /// Her region when the audience was frozen.
    pub region: String,
    /// Her setting then.
    pub role: Option<String>,
    /// Where it is on its way.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempt: u64,
    /// How often it was sent again although it may have arrived.
    pub repeats: u64,
    /// The channel's own id of the message.
    pub provider_id: Option<String>,
    /// Why it is where it is.
    pub reason: Option<String>,
    /// Since when.
    pub at: Option<Timestamp>,
}

/// So many deliveries have all this in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeliveryCount {
    /// Where they are on their way.
    pub state: DeliveryState,
    /// The channel.
    pub channel: String,
    /// Our account there.
    pub account: String,
    /// Their region.
    pub region: String,
    /// Their setting.
    pub role: Option<String>,
    /// The hour in which they came to their end.
    pub hour: Option<Timestamp>,
    /// Why they were skipped or failed.
    pub reason: Option<String>,
    /// How many.
    pub times: u64,
}

impl Progress {
    /// All deliveries.
    pub fn total(&self) -> u64 {
        self.pending() + self.sent + self.failed + self.unknown + self.skipped
    }

    /// Those with something left to do.
    pub fn pending(&self) -> u64 {
        self.queued + self.retry + self.leased + self.sending
    }

    fn of(&mut self, state: DeliveryState) -> &mut u64 {
        match state {
            DeliveryState::Queued => &mut self.queued,
            DeliveryState::Retry => &mut self.retry,
            DeliveryState::Leased => &mut self.leased,
            DeliveryState::Sending => &mut self.sending,
            DeliveryState::Sent => &mut self.sent,
            DeliveryState::Failed => &mut self.failed,
            DeliveryState::Unknown => &mut self.unknown,
            DeliveryState::Skipped => &mut self.skipped,
        }
    }
}

pub(super) const PROGRESS: &str =
    "SELECT state, COUNT(*) AS times FROM delivery WHERE campaign = $1 GROUP BY state";

pub(super) const COUNTS: &str = "SELECT counted.state AS state, channel, account.name AS account, region, role, hour, reason, times
     FROM (SELECT state, segment, CASE WHEN state >= 10 THEN at / 3600 END AS hour,
                  CASE WHEN state > 10 THEN reason END AS reason, COUNT(*) AS times
           FROM delivery WHERE campaign = $1
           GROUP BY state, segment, CASE WHEN state >= 10 THEN at / 3600 END,
                    CASE WHEN state > 10 THEN reason END) AS counted
     JOIN segment ON segment.number = counted.segment
     JOIN account ON account.number = segment.account
     ORDER BY counted.state, channel, account.name, region, role, hour, reason";

pub(super) const UNKNOWN: &str = "SELECT campaign.id AS id, COUNT(*) AS times
     FROM campaign CROSS JOIN delivery
     WHERE delivery.campaign = campaign.id AND policy = 2 AND delivery.state > 10 AND delivery.state = 12 AND due >= 0
     GROUP BY campaign.id ORDER BY campaign.id";

/// Rows with recipients above the one in place 2. What is listed often (failed, unknown, skipped) has an
/// index of its own.
pub(super) fn listing(dialect: Dialect, filter: DeliveryFilter) -> String {
    let index = match filter {
        DeliveryFilter::State(state) if state.code() > 10 => {
            dialect.pick(" INDEXED BY delivery_listed", "")
        }
        _ => "",
    };
    let which = match filter {
        DeliveryFilter::All => "$4 >= 0",
        DeliveryFilter::State(state) if state.code() > 10 => {
            "delivery.state > 10 AND delivery.state = $4"
        }
        DeliveryFilter::State(_) => "delivery.state = $4",
        DeliveryFilter::Repeated => "repeats > 0 AND $4 >= 0",
    };
    format!(
        "SELECT recipient, id, channel, account.name AS account, segment.region AS region,
                segment.role AS role, delivery.state AS state, attempt, repeats, provider_id, reason, at
         FROM delivery{index} JOIN segment ON segment.number = delivery.segment
         JOIN account ON account.number = delivery.account
         LEFT JOIN (SELECT number, id FROM subscriber) AS known ON known.number = recipient
         WHERE delivery.campaign = $1 AND recipient > $2 AND {which}
         ORDER BY recipient LIMIT $3"
    )
}

impl Store {
    /// How far the campaign `id` is. Reads all its rows: about a tenth of a second for a million.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaign_progress(&self, id: CampaignId) -> Result<Progress, Error> {
        let mut progress = Progress::default();
        for row in self.rows(sql(PROGRESS).bind(id.number())).await? {
            *progress.of(DeliveryState::of(row.get("state")?)) += row.count("times")?;
        }
        Ok(progress)
    }

    /// All that is to be counted of the campaign `id`, for its report; sums are made from it. About a second
    /// for a million rows.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaign_counts(&self, id: CampaignId) -> Result<Vec<DeliveryCount>, Error> {
        let rows = self.rows(sql(COUNTS).bind(id.number())).await?;
        rows.iter().map(read_count).collect()
    }

    /// Deliveries of the campaign `id` with recipients above `after`, at most `limit`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn deliveries(
        &self,
        id: CampaignId,
        filter: DeliveryFilter,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Delivery>, Error> {
        let state = match filter {
            DeliveryFilter::State(state) => state.code(),
            DeliveryFilter::All | DeliveryFilter::Repeated => 0,
        };
        let statement = sql(sqlx::AssertSqlSafe(listing(self.dialect(), filter)))
            .bind(id.number())
            .bind(after)
            .bind(i64::from(limit))
            .bind(state);
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// Campaigns with unknown deliveries on which an official has to decide, and how many.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn unknown_waiting(&self) -> Result<Vec<(CampaignId, u64)>, Error> {
        let rows = self.rows(sql(UNKNOWN)).await?;
        rows.iter().map(|row| Ok((CampaignId::new(row.get("id")?), row.count("times")?))).collect()
    }
}

fn role(row: &Row) -> Result<Option<String>, Error> {
    let role: String = row.get("role")?;
    Ok((!role.is_empty()).then_some(role))
}

fn read(row: &Row) -> Result<Delivery, Error> {
    let id: Option<String> = row.get("id")?;
    Ok(Delivery {
        recipient: row.get("recipient")?,
        subscriber: id.as_deref().and_then(SubscriberId::parse),
        channel: row.get("channel")?,
        account: row.get("account")?,
        region: row.get("region")?,
        role: role(row)?,
        state: DeliveryState::of(row.get("state")?),
        attempt: row.count("attempt")?,
        repeats: row.count("repeats")?,
        provider_id: row.get("provider_id")?,
        reason: row.get("reason")?,
        at: row.maybe_instant("at")?,
    })
}

fn read_count(row: &Row) -> Result<DeliveryCount, Error> {
    let hour: Option<i64> = row.get("hour")?;
    Ok(DeliveryCount {
        state: DeliveryState::of(row.get("state")?),
        channel: row.get("channel")?,
        account: row.get("account")?,
        region: row.get("region")?,
        role: role(row)?,
        hour: hour.and_then(|hour| Timestamp::from_second(hour * 3600).ok()),
        reason: row.get("reason")?,
        times: row.count("times")?,
    })
}
