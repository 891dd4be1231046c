//! Leasing.

use jiff::Timestamp;

use super::{LeaseTerms, Leased};
use crate::{Error, Hold, Store};

impl Store {
    /// Leases what is due on the account of `hold`: urgent campaigns first, then the older ones.
    ///
    /// Looked at again for each: who has left or became inactive is skipped, and so is who has had her
    /// week's routine messages; who sleeps is put off until her quiet hours end, or skipped where the
    /// campaign expires before. Urgent campaigns heed neither sleep nor cap.
    ///
    /// # Errors
    /// [`Error::Stale`] when the account is no longer ours.
    pub async fn lease(
        &self,
        hold: &Hold,
        terms: LeaseTerms,
        now: Timestamp,
    ) -> Result<Vec<Leased>, Error> {
        todo!("{hold:?} {terms:?} {now}")
    }
}
