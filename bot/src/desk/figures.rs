//! How far campaigns are, counted once a second however many officials watch: a county of a million takes a
//! tenth of a second to count.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_store::{CampaignId, Error, Progress, Store};
use tokio::sync::Mutex;
use tokio::time::Instant;

/// For so long a count holds.
const FRESH: Duration = Duration::from_millis(900);

/// The last counts; clones share them.
#[derive(Clone, Default)]
pub(super) struct Figures(Arc<Mutex<HashMap<CampaignId, (Instant, Progress)>>>);

impl Figures {
    /// How far the campaign `id` is, or was less than a second ago.
    pub(super) async fn progress(&self, store: &Store, id: CampaignId) -> Result<Progress, Error> {
        // One counts, the others wait for what it finds.
        let mut kept = self.0.lock().await;
        kept.retain(|_, (at, _)| at.elapsed() < FRESH);
        if let Some((_, progress)) = kept.get(&id) {
            return Ok(*progress);
        }
        let progress = store.campaign_progress(id).await?;
        kept.insert(id, (Instant::now(), progress));
        Ok(progress)
    }
}
