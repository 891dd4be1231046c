//! What a verdict means: for the row, for the pace, for the campaign.

use std::collections::VecDeque;
use std::time::Duration;

use fenghuo_store::DeliveryOutcome;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::event::{Event, Job};
use super::shift::Shift;
use super::words::pause;
use super::{Sender, Texts, Verdict};

/// So many refusals in a row, none of them because somebody is gone, and the fault is not theirs.
const REFUSALS: u32 = 20;
/// What did not leave is tried again after at least this.
const AGAIN: Duration = Duration::from_secs(1);
/// For a longer silence nothing is kept in stock.
const SHORT: Duration = Duration::from_secs(5);
/// A repeat that its channel knows is tried again no faster than this.
const REPEAT: Duration = Duration::from_secs(5);

impl<S: Sender, T: Texts> Shift<'_, S, T> {
    /// Takes in what the channel says of one message.
    pub(super) fn judge(&mut self, job: &Job, verdict: Verdict, now: Instant) {
        let wall = self.line.clock.now();
        let outcome = match verdict {
            Verdict::Sent { id } => {
                self.trouble.clear();
                self.refusals.remove(&job.key.campaign);
                DeliveryOutcome::Sent { provider_id: id }
            }
            Verdict::RetryAfter(wait) => {
                self.hush(wait, now, wall);
                retry(wall, wait, "the channel asks to wait")
            }
            Verdict::Busy(wait) => {
                self.chats.hush(&job.message.to.chat, now + wait);
                retry(wall, wait, "the chat has had enough for now")
            }
            Verdict::NotSent(reason) => {
                let until = self.trouble.not_sent(now, rand::random());
                self.pace.hush(until);
                retry(wall, (until - now).max(AGAIN), &reason)
            }
            Verdict::Unreachable { reason, gone } => {
                self.refused(job, &reason, gone);
                DeliveryOutcome::Failed { reason, gone }
            }
            Verdict::Moved(to) => DeliveryOutcome::Moved { to },
            Verdict::Rejected(reason) => {
                self.pause(job, reason.clone());
                retry(wall, Duration::ZERO, &reason)
            }
            Verdict::Unknown(reason) => self.unknown(reason, now, wall),
        };
        self.stamp(now);
        self.landed.push((job.key, outcome));
    }

    /// The channel wants silence, also from whoever holds the account after us.
    fn hush(&mut self, wait: Duration, now: Instant, wall: Timestamp) {
        self.pace.rest(now + wait);
        let waiting = std::mem::take(&mut self.marked);
        self.release(waiting, now);
        if wait > SHORT {
            let waiting = std::mem::take(&mut self.ready);
            self.give_back(waiting, now);
        }
        let until = after(wall, wait);
        if self.blocked_until.is_some_and(|known| known >= until) {
            return;
        }
        self.blocked_until = Some(until);
        tracing::warn!(account = self.line.account.name, ?wait, "the channel asks for silence");
        let (store, hold) = (self.line.store.clone(), self.hold.clone());
        self.tasks.spawn(async move { Event::Noted(store.block_account(&hold, until).await) });
    }

    fn unknown(&mut self, reason: String, now: Instant, wall: Timestamp) -> DeliveryOutcome {
        if let Some(until) = self.trouble.unknown(now, rand::random()) {
            self.pace.hush(until);
        }
        if self.line.sender.idempotent() {
            return retry(wall, REPEAT, &reason);
        }
        DeliveryOutcome::Unknown { reason }
    }

    /// One chat may refuse us; when all do, the campaign or the account has a fault.
    fn refused(&mut self, job: &Job, reason: &str, gone: bool) {
        if gone {
            self.trouble.clear();
            return;
        }
        let refusals = self.refusals.entry(job.key.campaign).or_default();
        *refusals += 1;
        if *refusals >= REFUSALS {
            self.refusals.remove(&job.key.campaign);
            self.pause(job, format!("{REFUSALS} recipients in a row refused: {reason}"));
        }
    }

    /// Stops the campaign of `job`; nothing of it is sent meanwhile.
    fn pause(&mut self, job: &Job, reason: String) {
        let (campaign, now) = (job.key.campaign, Instant::now());
        let mine = |job: &Job| job.key.campaign == campaign;
        let (stopped, left): (VecDeque<Job>, _) =
            std::mem::take(&mut self.marked).into_iter().partition(mine);
        self.marked = left;
        self.release(stopped, now);
        let (store, wall) = (self.line.store.clone(), self.line.clock.now());
        self.tasks.spawn(async move { Event::Noted(pause(&store, campaign, &reason, wall).await) });
    }
}

fn retry(wall: Timestamp, wait: Duration, reason: &str) -> DeliveryOutcome {
    DeliveryOutcome::Retry { at: after(wall, wait), reason: reason.to_owned() }
}

pub(super) fn after(wall: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    wall.saturating_add(wait).unwrap_or(wall)
}
