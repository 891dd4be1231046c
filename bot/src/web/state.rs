//! What the handlers share.

use std::fmt;
use std::sync::Arc;

use fenghuo_site::Current;
use fenghuo_store::Store;
use jiff::Timestamp;

use crate::channel::Limits;

/// What the web channel works with; cheap to clone.
#[derive(Clone)]
pub struct BotState {
    /// The newest library, engine and site.
    pub current: Current,
    /// Where sessions, gaps and votes are kept.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// How fast one may ask.
    pub limits: Limits,
}

/// Tells the time; a rehearsal (`serve --now`) and tests tell their own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that stands still.
    pub fn fixed(now: Timestamp) -> Self {
        Self::new(move || now)
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
