//! What a dead process, or a request whose time ran out, left in the inbox.
//!
//! No request waits for those replies. What she asked us to do is done all the same; the reply is kept
//! for the case that the platform asks again, and listed as unknown, for nobody can tell whether it did.

use std::time::Duration;

use fenghuo_store::{AfterDeath, Change, Claimed, Completion, Error, Outcome, Then};
use jiff::SignedDuration;
use tokio::sync::watch;

use super::answer::log;
use super::desk::Desk;
use super::post::Incoming;

const TICK: Duration = Duration::from_secs(5);
const CHATS: u32 = 64;
/// Three requests five seconds apart, and some grace: after it the platform asks no more.
const PATIENCE: SignedDuration = SignedDuration::from_secs(20);

impl Desk {
    /// Takes up what was left, now and every few seconds until `stop` changes.
    pub(super) async fn sweep(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            if let Err(error) = self.sweep_once().await {
                log(&error);
            }
            tokio::select! {
                () = tokio::time::sleep(TICK) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn sweep_once(&self) -> Result<(), Error> {
        self.store.recover(&self.account, AfterDeath::Leave, self.clock.now()).await?;
        for run in self.store.claim(&self.account, CHATS, self.clock.now()).await? {
            for claimed in run.updates {
                self.take_or_leave(&claimed).await;
            }
        }
        Ok(())
    }

    /// What a request waits for is given back to it; and so is what fails, until the next sweep.
    async fn take_or_leave(&self, claimed: &Claimed) {
        let taken = match self.waiting.holds(&claimed.update_id) {
            true => self.store.release(claimed).await,
            false => self.take_late(claimed).await,
        };
        if let Err(error) = taken {
            log(&error);
            // Where even that fails, the claim runs out.
            let _ = self.store.release(claimed).await;
        }
    }

    async fn take_late(&self, claimed: &Claimed) -> Result<(), Error> {
        let now = self.clock.now();
        let Ok(incoming) = serde_json::from_str::<Incoming>(&claimed.body) else {
            let reason = "the stored message cannot be read".to_owned();
            return self.store.finish(claimed, Outcome::Failed { reason }, now).await;
        };
        let mut spoken = self.speak(&claimed.address, &incoming, now).await?;
        if now.duration_since(claimed.received) > PATIENCE {
            // She will not see this reply: the numbers she types next mean those of the one before.
            spoken.changes.retain(|change| !matches!(change, Change::SaveSession { .. }));
        }
        let reply =
            spoken.text.map(|text| self.envelope(&text, &claimed.address.chat, &incoming.to, now));
        let silent = reply.is_none();
        let completion = Completion {
            reply: reply.into_iter().collect(),
            then: Then::Send,
            changes: spoken.changes,
        };
        self.store.complete(claimed, completion, now).await?;
        if silent {
            return Ok(());
        }
        let reason = "answered when no request waited for it; a repeat gets the reply".to_owned();
        self.store.finish(claimed, Outcome::Unknown { reason }, now).await
    }
}
