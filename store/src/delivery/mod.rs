//! The ledger: one row for each campaign and recipient, from the queue to its end.
//!
//! ```text
//! queued → leased → sending → sent | failed | unknown          skipped: never sent, with the reason
//!    ↖ retry ←───────┘
//! ```
//!
//! A row is leased under the hold of its account, and marked before each request; so what a dead process
//! leaves is known to be unsent (leased) or unknown (sending). Each write of a holder names its epoch.

mod complete;
mod finish;
mod lease;
mod list;
mod mark;
mod materialise;
mod plan;
mod quiet;
mod recover;
mod snapshot;

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use crate::word::words;
use crate::{Address, CampaignId, LeaveToken, SubscriberId};

pub use finish::Finished;
pub(crate) use finish::give_leases_back;
pub use list::{Delivery, DeliveryCount, DeliveryFilter, Progress};
pub use materialise::Materialised;
pub use recover::RecoveredDeliveries;
pub(crate) use snapshot::count as count_audience;

/// At most so many routine messages reach one person in [`WEEK`].
pub const WEEKLY_CAP: u32 = 3;

/// What the weekly cap looks back on.
pub(crate) const WEEK: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);

/// How often a message that may have arrived is sent again, where the policy is to.
pub(crate) const REPEATS: i64 = 3;

words! {
    /// Where a delivery is on its way.
    DeliveryState {
        /// Waits for its turn.
        Queued = 0 "queued",
        /// Waits to be tried again.
        Retry = 1 "retry",
        /// Taken by a sender; nothing was sent.
        Leased = 2 "leased",
        /// A request may be on its way.
        Sending = 3 "sending",
        /// Delivered to the channel.
        Sent = 10 "sent",
        /// Refused for good.
        Failed = 11 "failed",
        /// Whether it arrived is not known.
        Unknown = 12 "unknown",
        /// Not sent, for the reason noted.
        Skipped = 13 "skipped",
    }
}

impl DeliveryState {
    /// The state of `code`; what no version ever wrote counts as unknown.
    pub(crate) fn of(code: i64) -> Self {
        Self::from_code(code).unwrap_or(Self::Unknown)
    }

    /// Whether something remains to be done.
    pub fn is_pending(self) -> bool {
        self.code() < 10
    }
}

/// Which delivery. Shown as `c12.4711`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct DeliveryKey {
    /// The campaign.
    pub campaign: CampaignId,
    /// The number of the recipient, under which nobody is reached once she has left.
    pub recipient: i64,
}

impl DeliveryKey {
    /// Reads what it is shown as.
    pub fn parse(text: &str) -> Option<Self> {
        let (campaign, recipient) = text.split_once('.')?;
        let recipient = recipient
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| recipient.parse().ok())??;
        Some(Self { campaign: CampaignId::parse(campaign)?, recipient })
    }
}

impl fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.campaign, self.recipient)
    }
}

/// How much is leased, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTerms {
    /// At most so many.
    pub limit: u32,
    /// Until then they are ours; what is not marked or completed by then is taken back.
    pub until: Timestamp,
    /// At most so many routine messages in a week to one person.
    pub weekly_cap: u32,
}

impl LeaseTerms {
    /// At most `limit` until `until`, with the weekly cap everybody is promised.
    pub fn new(limit: u32, until: Timestamp) -> Self {
        Self { limit, until, weekly_cap: WEEKLY_CAP }
    }
}

/// A delivery this process is to make.
#[derive(Clone)]
pub struct Leased {
    /// Which.
    pub key: DeliveryKey,
    /// Which version of the campaign held when it was leased; texts may be kept by (campaign, version).
    pub version: i64,
    /// Who gets it, as the subscriber table names her.
    pub subscriber: SubscriberId,
    /// Where she is reached.
    pub address: Address,
    /// Her region.
    pub region: String,
    /// Her setting.
    pub role: Option<String>,
    /// Her language.
    pub language: String,
    /// Ends her subscription; for `List-Unsubscribe`.
    pub leave: LeaveToken,
    /// Counts the tries, from 1.
    pub attempt: u32,
    /// Whether the campaign is urgent.
    pub urgent: bool,
    /// When the campaign expires: not to be sent from then on.
    pub expires: Timestamp,
}

/// Shows neither address nor token.
impl fmt::Debug for Leased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Leased({}, attempt {})", self.key, self.attempt)
    }
}

/// How a delivery went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The channel has taken it.
    Sent {
        /// The channel's own id of the message.
        provider_id: Option<String>,
    },
    /// It surely did not arrive, and may be tried again at `at`.
    Retry {
        /// When.
        at: Timestamp,
        /// Why, without address or text.
        reason: String,
    },
    /// The channel has refused it for good.
    Failed {
        /// Why.
        reason: String,
        /// Whether nothing reaches this address any more (403): the subscriber becomes inactive.
        gone: bool,
    },
    /// The channel has given the chat another name, and nothing was delivered: the subscriber's address
    /// changes, and it is tried again there.
    Moved {
        /// The new name.
        to: String,
    },
    /// It may have arrived; the policy of the campaign says what follows.
    Unknown {
        /// What happened.
        reason: String,
    },
}

#[cfg(test)]
mod tests {
    use super::{CampaignId, DeliveryKey};

    #[test]
    fn a_delivery_is_named_by_campaign_and_recipient() {
        let key = DeliveryKey { campaign: CampaignId::new(12), recipient: 4711 };
        assert_eq!(key.to_string(), "c12.4711");
        assert_eq!(DeliveryKey::parse("c12.4711"), Some(key));
        for text in ["", "c12", "c12.", ".1", "c12.-1", "c12.4711.1"] {
            assert_eq!(DeliveryKey::parse(text), None, "{text}");
        }
    }
}
