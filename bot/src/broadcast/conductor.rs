//! Begins campaigns when their time has come, writes out whom they go to, and ends them.
//!
//! One process does it, whichever holds the pseudo account; should two think they do, the store lets only
//! one of them.

use std::time::Duration;

use fenghuo_store::{Account, Actor, Campaign, CampaignState, Error, Hold, Store};
use jiff::Timestamp;
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

    /// Whether it has come further.
    async fn step(&self, campaign: &Campaign) -> Result<bool, Error> {
        let now = self.clock.now();
        let begins = campaign.state == CampaignState::Scheduled
            && campaign.draft.starts.is_none_or(|starts| starts <= now);
        let stepped = match begins {
            true => self.begin(campaign, now).await,
            false => self.write_out(campaign, now).await,
        };
        match stepped {
            Ok(()) => Ok(true),
            // An official was quicker.
            Err(Error::Stale | Error::WrongState { .. } | Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn begin(&self, campaign: &Campaign, now: Timestamp) -> Result<(), Error> {
        let Campaign { id, version, .. } = *campaign;
        self.store.send_campaign(id, version, &Actor::engine(), now).await?;
        tracing::info!(campaign = %id, "campaign begins");
        Ok(())
    }

    /// Writes the next of its recipients into the ledger; that begins with its approval.
    async fn write_out(&self, campaign: &Campaign, now: Timestamp) -> Result<(), Error> {
        if self.store.materialise(campaign.id, CHUNK, now).await?.done {
            tracing::info!(campaign = %campaign.id, "all recipients stand in the ledger");
        }
        Ok(())
    }
}
