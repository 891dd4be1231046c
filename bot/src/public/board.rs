//! The messages of the moment, read at most twice a second however many ask: pages, feeds and screens share them.

use std::sync::Arc;
use std::time::Duration;

use fenghuo_content::Published;
use fenghuo_site::World;
use fenghuo_store::{Error, Publication, PublicationFilter, Store};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::load;

/// Messages kept in sight; a county sends some hundred a year.
const MOST: u32 = 1000;

/// See above.
pub(super) struct Board {
    store: Store,
    fresh: Duration,
    latest: Mutex<Option<Latest>>,
}

struct Latest {
    read: Instant,
    /// Of which library: an edited notice speaks anew.
    library: String,
    rows: Vec<Publication>,
    messages: Arc<Vec<Published>>,
}

impl Board {
    /// A board over `store` whose messages are at most `fresh` old.
    pub(super) fn new(store: Store, fresh: Duration) -> Self {
        Self { store, fresh, latest: Mutex::new(None) }
    }

    /// All messages in sight, newest first.
    pub(super) async fn messages(&self, world: &World) -> Result<Arc<Vec<Published>>, Error> {
        let mut latest = self.latest.lock().await;
        if let Some(known) = latest.as_ref()
            && known.library == world.library.hash
            && known.read.elapsed() < self.fresh
        {
            return Ok(Arc::clone(&known.messages));
        }
        let filter = PublicationFilter { limit: MOST, ..PublicationFilter::default() };
        let rows = self.store.publications(&filter).await?;
        let same = latest
            .as_ref()
            .filter(|known| known.library == world.library.hash && known.rows == rows)
            .map(|known| Arc::clone(&known.messages));
        let messages = match same {
            Some(messages) => messages,
            None => Arc::new(load::published(&self.store, &world.library, &rows).await?),
        };
        *latest = Some(Latest {
            read: Instant::now(),
            library: world.library.hash.clone(),
            rows,
            messages: Arc::clone(&messages),
        });
        Ok(messages)
    }
}
