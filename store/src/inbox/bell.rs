//! Hearing that there is something to claim.

use std::pin::Pin;

use tokio::sync::futures::Notified;

use crate::Store;

/// Hears everything that comes in from the moment it exists. Await it when a claim came back empty.
pub type Ear<'s> = Pin<Box<Notified<'s>>>;

impl Store {
    /// An ear for new updates, of this process and of others on the same database.
    ///
    /// Make it before claiming, so that nothing falls between the two; and wait no longer than a second
    /// or so, because a ring from another process may be lost and retries fall due silently.
    pub fn listen(&self) -> Ear<'_> {
        let mut ear = Box::pin(self.bell().notified());
        ear.as_mut().enable();
        ear
    }

    pub(crate) fn ring(&self) {
        self.bell().notify_waiters();
        self.ring_elsewhere();
    }
}
