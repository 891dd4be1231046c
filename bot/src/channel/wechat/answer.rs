//! One post from disk to the answer of its request, within the time the platform waits.
//!
//! Whoever asks again while the first request is still being answered waits for the same reply.

use std::time::Duration;

use fenghuo_store::{Change, Claimed, Completion, Error, Received, Then, Update};
use tokio::time::{Instant, sleep, timeout_at};

use super::desk::{Desk, Spoken};
use super::post::{Incoming, Post};

/// An answer that is not ready by then is replaced; the platform waits five seconds.
const BUDGET: Duration = Duration::from_secs(3);
/// To bring the reply to disk after that.
const COMMIT: Duration = Duration::from_secs(1);
/// How often it is looked whether another request has answered the same post.
const LOOK: Duration = Duration::from_millis(40);

/// What the platform hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// This body.
    Reply(String),
    /// That we have it, and say nothing.
    Nothing,
    /// That we do not have it: it asks again.
    Unavailable,
}

impl Desk {
    /// Answers `post`; it is on disk before, and so is the reply.
    pub(super) async fn answer(&self, post: &Post) -> Answer {
        let deadline = Instant::now() + BUDGET;
        let _waiting = self.waiting.begin(&post.id);
        let settled = async {
            let received = self.receive(post).await?;
            self.settle(post, received, deadline).await
        };
        match timeout_at(deadline + COMMIT, settled).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                log(&error);
                self.unstored(post)
            }
            Err(_) => self.unstored(post),
        }
    }

    /// What could not be kept: danger is answered all the same; the rest is left to the next try.
    fn unstored(&self, post: &Post) -> Answer {
        let now = self.clock.now();
        let card = self.danger(&post.incoming, now);
        card.map_or(Answer::Unavailable, |text| {
            Answer::Reply(self.envelope(&text, &post.chat, &post.incoming.to, now))
        })
    }

    async fn receive(&self, post: &Post) -> Result<Received, Error> {
        let body = serde_json::to_string(&post.incoming).expect("texts can be written as JSON");
        let update = Update { id: post.id.clone(), chat: Some(post.chat.clone()), body };
        let received = self.store.receive(&self.account, vec![update], self.clock.now()).await?;
        Ok(received.into_iter().next().expect("one answer for one update"))
    }

    /// The reply to a post that is on disk: ours, or that of whoever is at it already.
    async fn settle(
        &self,
        post: &Post,
        received: Received,
        deadline: Instant,
    ) -> Result<Answer, Error> {
        let mut fresh = received.new;
        loop {
            if !fresh && let Some(answer) = self.stored(&post.id).await? {
                return Ok(answer);
            }
            fresh = false;
            if let Some(claimed) = self.store.claim_row(received.row, self.clock.now()).await? {
                return self.take(&claimed, &post.incoming, deadline).await;
            }
            sleep(LOOK).await;
        }
    }

    /// The reply that is stored, where the post has been answered.
    async fn stored(&self, id: &str) -> Result<Option<Answer>, Error> {
        let found = self.store.find_update(&self.account, id).await?;
        Ok(found.filter(|(entry, _)| !entry.state.is_pending()).map(|(entry, parts)| {
            let kept = || self.memory.find(entry.row);
            parts.into_iter().next().or_else(kept).map_or(Answer::Nothing, Answer::Reply)
        }))
    }

    /// Answers what is claimed, by `deadline` with whatever there is by then.
    async fn take(
        &self,
        claimed: &Claimed,
        incoming: &Incoming,
        deadline: Instant,
    ) -> Result<Answer, Error> {
        let now = self.clock.now();
        let spoken = by(deadline, self.speak(&claimed.address, incoming, now)).await;
        let spoken = spoken.unwrap_or_else(|| Spoken {
            text: self.without_answer(incoming, now),
            changes: Vec::new(),
        });
        let reply =
            spoken.text.map(|text| self.envelope(&text, &claimed.address.chat, &incoming.to, now));
        let forget = spoken.changes.iter().any(|change| matches!(change, Change::Forget { .. }));
        if let Some(reply) = reply.as_ref().filter(|_| forget) {
            self.memory.keep(claimed.row, reply.clone());
        }
        let completion = Completion {
            reply: reply.iter().cloned().collect(),
            then: Then::Done,
            changes: spoken.changes,
        };
        match self.store.complete(claimed, completion, now).await {
            Ok(_) => Ok(reply.map_or(Answer::Nothing, Answer::Reply)),
            Err(error) => {
                // The next try is to find it free; where even that fails, its claim runs out.
                let _ = self.store.release(claimed).await;
                Err(error)
            }
        }
    }
}

/// What `work` comes to by `deadline`; nothing where it fails.
async fn by<T>(deadline: Instant, work: impl Future<Output = Result<T, Error>>) -> Option<T> {
    match timeout_at(deadline, work).await {
        Ok(Ok(done)) => Some(done),
        Ok(Err(error)) => {
            log(&error);
            None
        }
        Err(_) => {
            tracing::warn!("an answer was not ready in time");
            None
        }
    }
}

pub(super) fn log(error: &Error) {
    crate::failure::failed(error);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_that_stalls_or_fails_is_replaced_within_the_budget() {
        let begun = Instant::now();
        let deadline = begun + BUDGET;
        assert_eq!(by::<u8>(deadline, std::future::pending()).await, None);
        assert_eq!(begun.elapsed(), BUDGET);
        assert_eq!(by::<u8>(deadline, async { Err(Error::Stale) }).await, None);
        assert_eq!(by(deadline + COMMIT, async { Ok(1) }).await, Some(1));
        assert!(BUDGET + COMMIT < Duration::from_secs(5));
    }
}
