//! Bringing campaigns to their end.

use jiff::Timestamp;

use crate::database::Transaction;
use crate::{CampaignId, Error, Store};

/// What [`Store::finish_campaigns`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Everything of these has gone out.
    pub done: Vec<CampaignId>,
    /// The time of these is over.
    pub expired: Vec<CampaignId>,
    /// Deliveries of stopped or expired campaigns noted as skipped.
    pub skipped: u64,
    /// Whether more are to be noted: call it again soon.
    pub more: bool,
}

impl Store {
    /// Ends campaigns that have nothing left to send, or whose time is over, and notes what was not sent any more.
    /// To be called every few seconds; at most some thousand rows a call.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn finish_campaigns(&self, now: Timestamp) -> Result<Finished, Error> {
        todo!("{now}")
    }
}

/// Queues again what of a campaign is leased and not marked.
pub(crate) async fn give_leases_back(
    transaction: &mut Transaction,
    id: CampaignId,
) -> Result<(), Error> {
    todo!("{id} {:?}", transaction.dialect())
}
