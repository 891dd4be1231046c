//! What a dead process, or a request whose time ran out, left in the inbox.
//!
//! Nobody waits for those replies any more. What she asked us to do is done all the same; the reply is
//! listed as unknown.

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
                if let Err(error) = self.take_late(&claimed).await {
                    log(&error);
                    // Taken up again with the next sweep; where even that fails, its claim runs out.
                    let _ = self.store.release(&claimed).await;
                }
            }
        }
        Ok(())
    }

    /// Where the platform may still ask again its reply is kept for that; else it goes nowhere.
    async fn take_late(&self, claimed: &Claimed) -> Result<(), Error> {
        let now = self.clock.now();
        if now.duration_since(claimed.received) < PATIENCE {
            // A request may be waiting for it, or come again.
            return self.finish(claimed, Then::Done).await;
        }
        self.finish(claimed, Then::Send).await
    }

    async fn finish(&self, claimed: &Claimed, then: Then) -> Result<(), Error> {
        let now = self.clock.now();
        let Ok(incoming) = serde_json::from_str::<Incoming>(&claimed.body) else {
            let reason = "the stored message cannot be read".to_owned();
            return self.store.finish(claimed, Outcome::Failed { reason }, now).await;
        };
        let mut spoken = self.speak(&claimed.address, &incoming, now).await?;
        if then == Then::Send {
            // She has not seen this reply: the numbers she types next mean those of the one before.
            spoken.changes.retain(|change| !matches!(change, Change::SaveSession { .. }));
        }
        let reply =
            spoken.text.map(|text| self.envelope(&text, &claimed.address.chat, &incoming.to, now));
        let unheard = then == Then::Send && reply.is_some();
        let completion =
            Completion { reply: reply.into_iter().collect(), then, changes: spoken.changes };
        self.store.complete(claimed, completion, now).await?;
        if unheard {
            let reason = "nobody waited for the reply any more".to_owned();
            self.store.finish(claimed, Outcome::Unknown { reason }, now).await?;
        }
        Ok(())
    }
}
