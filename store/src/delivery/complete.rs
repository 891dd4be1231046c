//! Completing.

use jiff::Timestamp;

use super::{DeliveryKey, DeliveryOutcome};
use crate::{Error, Hold, Store};

impl Store {
    /// Notes how deliveries went, with all that follows from it, in one commit. Returns how many were written.
    ///
    /// Written is what this holder has leased or marked and nobody has taken over since; also over an
    /// `unknown` that others noted because this process seemed dead. The rest is left as it is.
    ///
    /// # Errors
    /// When the query fails; then nothing was written.
    pub async fn complete_deliveries(
        &self,
        hold: &Hold,
        outcomes: Vec<(DeliveryKey, DeliveryOutcome)>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        todo!("{hold:?} {outcomes:?} {now}")
    }
}
