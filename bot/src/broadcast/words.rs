//! The words of campaigns, rendered once for each kind of reader and kept for a while.

use std::collections::HashMap;
use std::sync::Arc;

use fenghuo_store::{Actor, Campaign, CampaignId, CampaignState, Error, Store};
use jiff::Timestamp;
use tokio::sync::Mutex;

use super::{Reader, Rendered, TextFault, Texts};

/// Kinds of readers kept. A county has townships × settings × languages for each channel.
const KEPT: usize = 4096;

/// Renders and keeps.
pub(super) struct Words<T> {
    texts: T,
    store: Store,
    kept: Mutex<HashMap<(CampaignId, Reader), Arc<Rendered>>>,
}

impl<T: Texts> Words<T> {
    /// The words of `texts`.
    pub(super) fn new(texts: T, store: Store) -> Self {
        Self { texts, store, kept: Mutex::new(HashMap::new()) }
    }

    /// Whether what would be sent now is what was approved.
    pub(super) async fn approved(&self, campaign: &Campaign) -> Result<(), TextFault> {
        self.texts.approved(campaign).await
    }

    /// The words of `campaign` for `reader`; `None` where they cannot be made, and the campaign has
    /// been paused for it.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn find(
        &self,
        campaign: CampaignId,
        reader: Reader,
        now: Timestamp,
    ) -> Result<Option<Arc<Rendered>>, Error> {
        // One renders, the others wait for what it gets.
        let mut kept = self.kept.lock().await;
        let key = (campaign, reader);
        if let Some(rendered) = kept.get(&key) {
            return Ok(Some(Arc::clone(rendered)));
        }
        let Some(whole) = self.store.campaign(campaign).await? else { return Ok(None) };
        match self.texts.render(&whole, &key.1).await {
            Ok(rendered) => {
                if kept.len() >= KEPT {
                    kept.clear();
                }
                let rendered = Arc::new(rendered);
                kept.insert(key, Arc::clone(&rendered));
                Ok(Some(rendered))
            }
            Err(fault) => {
                pause(&self.store, campaign, &fault.to_string(), now).await?;
                Ok(None)
            }
        }
    }
}

/// Stops a campaign that has a fault, so that an official looks at it.
///
/// # Errors
/// When the store fails.
pub(super) async fn pause(
    store: &Store,
    campaign: CampaignId,
    reason: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let Some(found) = store.campaign(campaign).await? else { return Ok(()) };
    if found.state != CampaignState::Sending {
        return Ok(());
    }
    tracing::error!(%campaign, reason, "campaign paused");
    let paused = store.pause_campaign(campaign, found.version, reason, &Actor::engine(), now).await;
    match paused {
        // Somebody else was quicker; what she has done stands.
        Err(Error::Stale | Error::WrongState { .. }) => Ok(()),
        other => other.map(drop),
    }
}
