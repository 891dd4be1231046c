//! Marking what is about to be sent, and giving back what was not.

use jiff::Timestamp;

use super::DeliveryKey;
use crate::{Error, Hold, Store};

impl Store {
    /// Marks leased deliveries `sending` and returns those that may be sent now. Call it before each request.
    ///
    /// Left out is what is no longer ours, and what belongs to a campaign that was paused, stopped or has
    /// expired meanwhile; that goes back by itself.
    ///
    /// # Errors
    /// [`Error::Stale`] when the account is no longer ours; nothing may be sent.
    pub async fn mark_sending(
        &self,
        hold: &Hold,
        keys: Vec<DeliveryKey>,
        now: Timestamp,
    ) -> Result<Vec<DeliveryKey>, Error> {
        todo!("{hold:?} {keys:?} {now}")
    }

    /// Gives back deliveries of which surely nothing was sent, leased or marked; the try does not count.
    /// Returns how many were ours.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hand_back(&self, hold: &Hold, keys: Vec<DeliveryKey>) -> Result<u64, Error> {
        todo!("{hold:?} {keys:?}")
    }
}
