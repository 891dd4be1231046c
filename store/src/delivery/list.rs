//! What officials see of the ledger.

use jiff::Timestamp;
use serde::Serialize;

use super::DeliveryState;
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

impl Store {
    /// How far the campaign `id` is. Reads all its rows: a tenth of a second for a million.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaign_progress(&self, id: CampaignId) -> Result<Progress, Error> {
        todo!("{id}")
    }

    /// All that is to be counted of the campaign `id`, for its report; sums are made from it. About a second
    /// for a million rows.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaign_counts(&self, id: CampaignId) -> Result<Vec<DeliveryCount>, Error> {
        todo!("{id}")
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
        todo!("{id} {filter:?} {after} {limit}")
    }

    /// Campaigns with unknown deliveries on which an official has to decide, and how many.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn unknown_waiting(&self) -> Result<Vec<(CampaignId, u64)>, Error> {
        todo!()
    }
}
