//! Replies to people who asked to be forgotten: erased on disk at once, but the platform may ask for
//! them again within seconds and must get the same bytes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The platform asks three times, five seconds apart.
const LIFE: Duration = Duration::from_secs(30);

/// Replies by the number of their row.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<i64, (Instant, String)>>);

impl Memory {
    /// Keeps `reply` for half a minute.
    pub(super) fn keep(&self, row: i64, reply: String) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (since, _)| since.elapsed() < LIFE);
        kept.insert(row, (Instant::now(), reply));
    }

    /// The reply kept for `row`.
    pub(super) fn find(&self, row: i64) -> Option<String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (since, _)| since.elapsed() < LIFE);
        kept.get(&row).map(|(_, reply)| reply.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_reply_is_kept_for_half_a_minute() {
        let memory = Memory::default();
        memory.keep(1, "已经删除".to_owned());
        tokio::time::advance(Duration::from_secs(29)).await;
        assert_eq!(memory.find(1).as_deref(), Some("已经删除"));
        assert_eq!(memory.find(2), None);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(memory.find(1), None);
        assert!(memory.0.lock().expect("not poisoned").is_empty());
    }
}
