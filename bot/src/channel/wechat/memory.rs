//! What is known of requests for a few seconds, in memory alone: which of them wait, and replies to
//! people who asked to be forgotten. Those are erased on disk at once, but the platform may ask for them
//! again and must get the same bytes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
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

/// Posts whose request waits for the reply at this moment, by id.
#[derive(Debug, Default)]
pub(super) struct Waiting(Mutex<HashMap<String, usize>>);

impl Waiting {
    /// From now on a request waits for `id`, until what is returned is dropped.
    pub(super) fn begin(&self, id: &str) -> Wait<'_> {
        *self.lock().entry(id.to_owned()).or_default() += 1;
        Wait { all: self, id: id.to_owned() }
    }

    /// Whether a request waits for `id`.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that waits.
pub(super) struct Wait<'w> {
    all: &'w Waiting,
    id: String,
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        let mut waiting = self.all.lock();
        if let Some(requests) = waiting.get_mut(&self.id) {
            *requests -= 1;
            if *requests == 0 {
                waiting.remove(&self.id);
            }
        }
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

    #[test]
    fn a_post_is_waited_for_until_its_last_request_ends() {
        let waiting = Waiting::default();
        let (first, second) = (waiting.begin("m-1"), waiting.begin("m-1"));
        drop(first);
        assert!(waiting.holds("m-1") && !waiting.holds("m-2"));
        drop(second);
        assert!(!waiting.holds("m-1") && waiting.lock().is_empty());
    }
}
