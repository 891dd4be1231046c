//! One look for many who want to know the same at the same time.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

type Look<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Those who wait for the next look, and whether somebody is looking.
struct Waiting<T> {
    next: Vec<oneshot::Sender<T>>,
    /// How the last one who asked would look.
    how: Option<Look<T>>,
    looking: bool,
}

/// Shares looks; clones share it.
pub(crate) struct Flight<T>(Arc<Mutex<Waiting<T>>>);

impl<T> Clone for Flight<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Flight<T> {
    fn default() -> Self {
        let waiting = Waiting { next: Vec::new(), how: None, looking: false };
        Self(Arc::new(Mutex::new(waiting)))
    }
}

impl<T: Clone + Send + 'static> Flight<T> {
    /// What a look finds that begins after this call; `None` where it panicked.
    pub(crate) async fn join(&self, how: impl Future<Output = T> + Send + 'static) -> Option<T> {
        let (sender, found) = oneshot::channel();
        let first = {
            let mut waiting = self.lock();
            waiting.next.push(sender);
            waiting.how = Some(Box::pin(how));
            !std::mem::replace(&mut waiting.looking, true)
        };
        if first {
            // In a task of its own: whoever asked first may go away.
            tokio::spawn(self.clone().look());
        }
        found.await.ok()
    }

    async fn look(self) {
        // Should a look panic, the next one who asks looks again.
        let ends = Ends(&self);
        loop {
            // Whoever is about to ask may come along.
            tokio::task::yield_now().await;
            let (next, how) = {
                let mut waiting = self.lock();
                let Some(how) = waiting.how.take() else {
                    waiting.looking = false;
                    break;
                };
                (std::mem::take(&mut waiting.next), how)
            };
            let found = how.await;
            for sender in next {
                drop(sender.send(found.clone()));
            }
        }
        std::mem::forget(ends);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Ends<'f, T: Clone + Send + 'static>(&'f Flight<T>);

impl<T: Clone + Send + 'static> Drop for Ends<'_, T> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.looking = false;
        waiting.how = None;
        waiting.next.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn those_who_ask_together_share_a_look_that_began_after_they_asked() {
        let (flight, looks) = (Flight::<usize>::default(), Arc::new(AtomicUsize::new(0)));
        let ask = || {
            let (flight, looks) = (flight.clone(), Arc::clone(&looks));
            async move { flight.join(async move { looks.fetch_add(1, Ordering::SeqCst) + 1 }).await }
        };
        let found = futures_util::future::join_all((0..50).map(|_| ask())).await;
        assert!(found.iter().all(|found| *found == Some(1)), "{found:?}");
        assert_eq!(ask().await, Some(2));
    }

    #[tokio::test]
    async fn a_look_that_panics_leaves_the_next_one_to_look_again() {
        let flight = Flight::<usize>::default();
        assert_eq!(flight.join(async { panic!("no") }).await, None);
        assert_eq!(flight.join(async { 7 }).await, Some(7));
    }
}
