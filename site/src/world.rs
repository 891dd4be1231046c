//! One version of everything the library gives, and the place where the running server finds the newest.

use std::sync::Arc;

use fenghuo_content::Library;
use fenghuo_search::Engine;
use tokio::sync::watch;

use crate::Site;

/// Everything one version of the library gives; never changed, only replaced.
pub struct World {
    /// The documents.
    pub library: Arc<Library>,
    /// Search and answers over them.
    pub engine: Arc<Engine>,
    /// The website made of them.
    pub site: Arc<Site>,
}

/// The newest world; cheap to clone, follows every reload.
#[derive(Clone)]
pub struct Current(watch::Receiver<Arc<World>>);

impl Current {
    /// Follows `receiver`.
    pub fn new(receiver: watch::Receiver<Arc<World>>) -> Self {
        Self(receiver)
    }

    /// Always `world`: for tests and one-shot commands.
    pub fn fixed(world: Arc<World>) -> Self {
        Self(watch::channel(world).1)
    }

    /// Waits until the library is another than `hash`; for ever when the world is fixed.
    pub(crate) async fn other_than(&mut self, hash: &str) {
        if self.0.wait_for(|world| world.library.hash != hash).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// The newest world.
    pub fn get(&self) -> Arc<World> {
        Arc::clone(&self.0.borrow())
    }
}
