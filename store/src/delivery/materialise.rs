//! Materialising: the audience of an approved campaign is written out into the ledger, chunk by chunk.

use jiff::Timestamp;

use crate::{CampaignId, Error, Store};

/// What one call of [`Store::materialise`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Materialised {
    /// Recipients added.
    pub added: u64,
    /// Whether all stand in the ledger now, with their count and hash.
    pub done: bool,
}

impl Store {
    /// Writes the next `chunk` of subscriber numbers of an approved (scheduled, sending) campaign into the
    /// ledger. Called again until done; several processes may, one at a time does the work.
    ///
    /// # Errors
    /// [`Error::WrongState`], [`Error::NotFound`].
    pub async fn materialise(
        &self,
        id: CampaignId,
        chunk: u32,
        now: Timestamp,
    ) -> Result<Materialised, Error> {
        todo!("{id} {chunk} {now}")
    }
}
