//! Begins campaigns when their time has come, writes out whom they go to, and ends them.
//!
//! One process does it, whichever holds the pseudo account; should two think they do, the store lets only
//! one of them.

use std::time::Duration;

use fenghuo_store::{Account, Actor, Campaign, CampaignState, Error, Hold, Store};
use tokio::sync::watch;
use tokio::time::Instant;

use super::line::log;
use crate::Clock;

/// Subscribers looked at in one commit; others write in between.
const CHUNK: u32 = 5_000;
/// How often it is looked for what is due when nothing rings.
const TICK: Duration = Duration::from_millis(500);
/// How often campaigns are ended.
const FINISH: Duration = Duration::from_secs(1);
/// Another process conducts.
const TAKEN: Duration = Duration::from_secs(2);

/// Conducts the campaigns of a county.
pub(super) struct Conductor {
    pub(super) store: Store,
    pub(super) clock: Clock,
}

impl Conductor {
    /// Works until `stop` changes, whenever no other living process does.
    pub(super) async fn run(self, mut stop: watch::Receiver<bool>) {
        let account = Account::new("broadcast", "campaigns");
        while !*stop.borrow() {
            match self.store.hold_sender(&account).await {
                Ok(Some(hold)) => {
                    self.conduct(&hold, &mut stop).await.unwrap_or_else(|error| log(&error));
                }
                Ok(None) => {}
                Err(error) => log(&error),
            }
            tokio::select! {
                () = tokio::time::sleep(TAKEN) => {}
                _ = stop.changed() => {}
            }
        }
    }

    async fn conduct(&self, hold: &Hold, stop: &mut watch::Receiver<bool>) -> Result<(), Error> {
        let mut finish_at = Instant::now();
        while !*stop.borrow() {
            let ear = self.store.listen();
            let begun = self.begin_one().await?;
            if Instant::now() >= finish_at {
                finish_at = Instant::now() + FINISH;
                if !self.store.is_held(hold).await? {
                    return Ok(());
                }
                self.store.finish_campaigns(self.clock.now()).await?;
            }
            if begun {
                continue;
            }
            tokio::select! {
                () = ear => {}
                () = tokio::time::sleep(TICK) => {}
                _ = stop.changed() => {}
            }
        }
        self.store.let_go(hold).await
    }

    /// Takes the most urgent campaign that is due one step on; whether there was one.
    async fn begin_one(&self) -> Result<bool, Error> {
        let due = self.store.due_campaigns(self.clock.now()).await?;
        for campaign in &due {
            if self.step(campaign).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether it has come further; an official may have been quicker.
    async fn step(&self, campaign: &Campaign) -> Result<bool, Error> {
        let now = self.clock.now();
        let stepped = if campaign.state == CampaignState::Sending {
            let written = self.store.materialise(campaign.id, CHUNK, now).await;
            written.map(|written| {
                if written.done {
                    tracing::info!(campaign = %campaign.id, "all recipients stand in the ledger");
                }
            })
        } else {
            let (id, version) = (campaign.id, campaign.version);
            let begun = self.store.send_campaign(id, version, &Actor::engine(), now).await;
            begun.map(|_| tracing::info!(campaign = %id, "campaign begins"))
        };
        match stepped {
            Ok(()) => Ok(true),
            Err(Error::Stale | Error::WrongState { .. } | Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
