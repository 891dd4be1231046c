//! Begins campaigns when their time has come, writes out whom they go to, and ends them.
//!
//! One process does it, whichever holds the pseudo account; should two think they do, the store lets only
//! one of them.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_store::{Account, Actor, Campaign, CampaignId, CampaignState, Error, Hold, Store};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Texts;
use super::line::log;
use super::words::Words;
use crate::Clock;

/// Subscribers looked at in one commit at first, …
const CHUNK: u32 = 5_000;
/// … and at most: others write in between.
const LARGEST: u32 = 40_000;
/// A commit takes about this long, no less where the chunk may be larger.
const BRIEF: Duration = Duration::from_millis(60);
/// How often it is looked for what is due when nothing rings.
const TICK: Duration = Duration::from_millis(500);
/// How often campaigns are ended.
const FINISH: Duration = Duration::from_secs(1);
/// Another process conducts.
const TAKEN: Duration = Duration::from_secs(2);

/// Conducts the campaigns of a county.
pub(super) struct Conductor<T> {
    store: Store,
    clock: Clock,
    words: Arc<Words<T>>,
    /// Versions of campaigns that may not begin; said once.
    refused: HashSet<(CampaignId, i64)>,
    /// Subscribers looked at in the next commit.
    chunk: u32,
}

impl<T: Texts> Conductor<T> {
    /// A conductor of the campaigns in `store`.
    pub(super) fn new(store: Store, clock: Clock, words: Arc<Words<T>>) -> Self {
        Self { store, clock, words, refused: HashSet::new(), chunk: CHUNK }
    }

    /// Works until `stop` changes, whenever no other living process does.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) {
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

    async fn conduct(
        &mut self,
        hold: &Hold,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<(), Error> {
        let mut finish_at = Instant::now();
        while !*stop.borrow() {
            let store = self.store.clone();
            let ear = store.listen();
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
    async fn begin_one(&mut self) -> Result<bool, Error> {
        let due = self.store.due_campaigns(self.clock.now()).await?;
        for campaign in &due {
            if self.step(campaign).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether it has come further.
    async fn step(&mut self, campaign: &Campaign) -> Result<bool, Error> {
        let now = self.clock.now();
        let begins = campaign.state == CampaignState::Scheduled
            && campaign.draft.starts.is_none_or(|starts| starts <= now);
        let stepped = match begins {
            true => self.begin(campaign, now).await,
            false => self.write_out(campaign, now).await,
        };
        match stepped {
            Ok(stepped) => Ok(stepped),
            // An official was quicker.
            Err(Error::Stale | Error::WrongState { .. } | Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Begins it, if it still is what was approved; else an official must look at it.
    async fn begin(&mut self, campaign: &Campaign, now: Timestamp) -> Result<bool, Error> {
        let Campaign { id, version, .. } = *campaign;
        if self.refused.contains(&(id, version)) {
            return Ok(false);
        }
        if let Err(fault) = self.words.approved(campaign).await {
            tracing::error!(campaign = %id, %fault, "not what was approved: it does not begin");
            self.refused.insert((id, version));
            return Ok(false);
        }
        self.store.send_campaign(id, version, &Actor::engine(), now).await?;
        tracing::info!(campaign = %id, "campaign begins");
        Ok(true)
    }

    /// Writes the next of its recipients into the ledger; that begins with its approval.
    async fn write_out(&mut self, campaign: &Campaign, now: Timestamp) -> Result<bool, Error> {
        if campaign.materialised {
            return Ok(false);
        }
        let begun = Instant::now();
        if self.store.materialise(campaign.id, self.chunk, now).await?.done {
            tracing::info!(campaign = %campaign.id, "all recipients stand in the ledger");
        }
        self.chunk = next_chunk(self.chunk, begun.elapsed());
        Ok(true)
    }
}

/// After a chunk of this size took so long.
fn next_chunk(chunk: u32, took: Duration) -> u32 {
    if took < BRIEF {
        (chunk * 2).min(LARGEST)
    } else if took > BRIEF * 4 {
        (chunk / 2).max(CHUNK)
    } else {
        chunk
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_grows_while_commits_are_brief_and_shrinks_on_a_slow_disk() {
        let grown = |took| (0..9).fold(CHUNK, |chunk, _| next_chunk(chunk, took));
        assert_eq!(grown(BRIEF / 2), LARGEST);
        assert_eq!(grown(BRIEF * 2), CHUNK);
        assert_eq!(next_chunk(LARGEST, BRIEF * 5), LARGEST / 2);
        assert_eq!(next_chunk(CHUNK, BRIEF * 5), CHUNK);
    }
}
