//! Recovering what a sender had in hand when it died.

use jiff::Timestamp;

use crate::{Actor, CampaignId, Error, Hold, Store};

/// What was taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecoveredDeliveries {
    /// Surely not sent, queued again.
    pub requeued: u64,
    /// May have arrived, listed as unknown.
    pub unknown: u64,
    /// May have arrived, and will be sent again; listed too.
    pub resent: u64,
}

impl Store {
    /// Takes back what former holders of the account had in hand, and leases that are over.
    ///
    /// `repeatable`: the channel itself drops a message that comes twice (`clientmsgid`, idempotency
    /// key), so what may have arrived is simply sent again.
    ///
    /// # Errors
    /// [`Error::Stale`] when the account is no longer ours.
    pub async fn recover_deliveries(
        &self,
        hold: &Hold,
        repeatable: bool,
        now: Timestamp,
    ) -> Result<RecoveredDeliveries, Error> {
        todo!("{hold:?} {repeatable} {now}")
    }

    /// Decides what happens with all unknown deliveries of a campaign: sent again, or left at that. Returns how
    /// many.
    ///
    /// # Errors
    /// [`Error::NotAllowed`]; [`Error::WrongState`] when it is over.
    pub async fn resolve_unknown(
        &self,
        id: CampaignId,
        resend: bool,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64, Error> {
        todo!("{id} {resend} {actor:?} {now}")
    }
}
