//! The updates of one chat, one after the other: handled and committed in batches, sent in order.

use std::time::Duration;

use fenghuo_store::{Address, Change, Claimed, Completion, Error, Outcome, Run, Then};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::{Carrier, Carry, Delivery, Worker, log};

/// A claim holds for a minute, and a process that froze for half of one has lost it. Nothing new is begun
/// after this much of it …
const BEGIN: Duration = Duration::from_secs(15);
/// … and no request after this much, so that its answer comes in time.
const REQUEST: Duration = Duration::from_secs(20);
/// Most updates in one commit …
const BATCH: usize = 64;
/// … and how long the first of them waits for the others to be handled.
const PATIENCE: Duration = Duration::from_millis(10);
/// Most deliveries of a chat that are not yet noted on disk.
const UNNOTED: usize = 16;
/// How often a reply that may have arrived is sent again before it is given up.
const MAX_REPEATS: u64 = 3;

/// An update whose reply is on disk.
struct Ready {
    claimed: Claimed,
    parts: Vec<String>,
    /// The row says that it may be on its way.
    marked: bool,
}

/// What handling an update came to.
enum Handled {
    Completion(Completion),
    /// It cannot be handled, and is listed.
    Broken,
    /// The database does not answer.
    Failed,
}

impl<C: Carrier> Worker<C> {
    /// Handles the updates of one chat in order, and sends; what cannot be begun in time is given back.
    pub(super) async fn take(&self, run: Run) {
        let begun = Instant::now();
        // While one batch is sent, the next one is handled.
        let (ready, sending) = mpsc::channel(1);
        tokio::join!(self.handle_all(run, ready, begun), self.send_all(sending, begun));
    }

    /// Handles `run` batch by batch; what it cannot is given back.
    async fn handle_all(&self, run: Run, ready: mpsc::Sender<Vec<Ready>>, begun: Instant) {
        let mut updates = run.updates.into_iter().peekable();
        while updates.peek().is_some() {
            let go_on = begun.elapsed() < BEGIN && self.handle_batch(&mut updates, &ready).await;
            if !go_on {
                self.release(updates).await;
                return;
            }
        }
    }

    /// Handles, commits and passes on what comes next; whether the rest may follow.
    async fn handle_batch(
        &self,
        updates: &mut std::iter::Peekable<std::vec::IntoIter<Claimed>>,
        ready: &mpsc::Sender<Vec<Ready>>,
    ) -> bool {
        let begun = Instant::now();
        let (mut batch, mut carry, mut go_on) = (Vec::new(), Carry::default(), true);
        while go_on && batch.len() < BATCH && (batch.is_empty() || begun.elapsed() < PATIENCE) {
            let Some(claimed) = updates.next_if(|next| next.reply.is_none() || batch.is_empty())
            else {
                break;
            };
            if let Some(parts) = claimed.reply.clone() {
                let marked = false;
                return self.pass(ready, vec![Ready { claimed, parts, marked }]).await;
            }
            match self.handle(&claimed, &carry).await {
                Handled::Completion(completion) => {
                    let last = !carry.keep(&completion.changes);
                    batch.push((claimed, completion));
                    if last {
                        break;
                    }
                }
                Handled::Broken => break,
                Handled::Failed => {
                    self.release([claimed]).await;
                    go_on = false;
                }
            }
        }
        match self.commit(batch).await {
            Some(batch) => self.pass(ready, batch).await && go_on,
            None => false,
        }
    }

    /// Passes `batch` on to be sent; where nothing is sent any more, it is put back.
    async fn pass(&self, ready: &mpsc::Sender<Vec<Ready>>, batch: Vec<Ready>) -> bool {
        match ready.send(batch).await {
            Ok(()) => true,
            Err(mpsc::error::SendError(batch)) => {
                self.hand_back(batch).await;
                false
            }
        }
    }

    async fn handle(&self, claimed: &Claimed, carry: &Carry) -> Handled {
        let now = self.clock.now();
        let handling = std::panic::AssertUnwindSafe(self.carrier.handle(claimed, carry, now));
        // An update that makes us panic must not come back for ever.
        match futures_util::FutureExt::catch_unwind(handling).await {
            Ok(Ok(completion)) => Handled::Completion(completion),
            Ok(Err(error)) => {
                log(&error);
                Handled::Failed
            }
            Err(_) => {
                tracing::error!(row = claimed.row, "handling an update panicked; it is listed");
                let reason = "handling it panicked".to_owned();
                match self.finish(claimed, Outcome::Failed { reason }).await {
                    true => Handled::Broken,
                    false => Handled::Failed,
                }
            }
        }
    }

    /// Commits what `batch` came to; what is to be sent, or nothing where that failed.
    async fn commit(&self, batch: Vec<(Claimed, Completion)>) -> Option<Vec<Ready>> {
        if batch.is_empty() {
            return Some(Vec::new());
        }
        let (batch, mut ready): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .map(|(claimed, completion)| {
                let ready = Ready {
                    claimed: claimed.clone(),
                    parts: completion.reply.clone(),
                    marked: true,
                };
                ((claimed, Completion { then: Then::Send, ..completion }), ready)
            })
            .unzip();
        let results = match self.store.complete_run(batch, self.clock.now()).await {
            Ok(results) => results,
            Err(error) => {
                log(&error);
                self.release(ready.into_iter().map(|ready| ready.claimed)).await;
                return None;
            }
        };
        // Where a claim is lost, so is what comes after it.
        let lost = results.iter().position(|result| !self.note(result.as_ref().map(drop)));
        let rest = lost.map(|place| ready.split_off(place));
        if let Some(rest) = rest {
            self.hand_back(rest).await;
        }
        ready.retain(|ready| !ready.parts.is_empty());
        Some(ready)
    }

    /// Sends what is ready, in order; once something does not get through, the rest is put back.
    async fn send_all(&self, mut ready: mpsc::Receiver<Vec<Ready>>, begun: Instant) {
        let (mut noting, mut go_on) = (JoinSet::new(), true);
        while let Some(batch) = ready.recv().await {
            let mut batch = batch.into_iter();
            while go_on && let Some(ready) = batch.next() {
                go_on = self.send(&ready, begun, &mut noting).await;
                go_on = settle(&mut noting, UNNOTED).await && go_on;
            }
            self.hand_back(batch.collect()).await;
            if !go_on {
                // Whoever handles the next batch learns of it; what is on its way comes here.
                ready.close();
            }
        }
        settle(&mut noting, 0).await;
    }

    /// Sends the parts of a reply that have not been delivered; whether the next reply may follow.
    async fn send(
        &self,
        ready: &Ready,
        begun: Instant,
        noting: &mut JoinSet<Result<(), Error>>,
    ) -> bool {
        let Ready { claimed, parts, marked } = ready;
        if !marked && !self.note(self.store.begin_sending(claimed).await.as_ref().copied()) {
            return false;
        }
        let mut address = claimed.address.clone();
        let mut sent = claimed.sent_parts.min(parts.len());
        while sent < parts.len() {
            if begun.elapsed() >= REQUEST {
                self.finish(claimed, Outcome::Retry { at: self.clock.now() }).await;
                return false;
            }
            match self.carrier.deliver(&address, &parts[sent]).await {
                Delivery::Done => {
                    sent += 1;
                    let last = sent == parts.len();
                    let noted = async { self.store.confirm_parts(claimed, sent).await };
                    if !last && !self.note(noted.await.as_ref().copied()) {
                        return false;
                    }
                }
                Delivery::Moved(chat) if chat != address.chat => {
                    let to = address.account.address(chat);
                    self.apply(Change::Relocate { from: address, to: to.clone() }).await;
                    address = to;
                }
                other => return self.stop(claimed, &address, other).await,
            }
        }
        let (store, claimed, now) = (self.store.clone(), claimed.clone(), self.clock.now());
        noting.spawn(async move { store.finish(&claimed, Outcome::Sent, now).await });
        true
    }

    /// Notes that a part did not get through; whether the next update of the chat may be taken.
    async fn stop(&self, claimed: &Claimed, address: &Address, delivery: Delivery) -> bool {
        let now = self.clock.now();
        let (outcome, go_on) = match delivery {
            Delivery::Later(wait) => (Outcome::Retry { at: after(now, wait) }, false),
            Delivery::Unknown(reason) if claimed.repeats < MAX_REPEATS => {
                let wait = Duration::from_secs(1 << claimed.repeats);
                (Outcome::Repeat { at: after(now, wait), reason }, false)
            }
            Delivery::Unknown(reason) => (Outcome::Unknown { reason }, true),
            Delivery::Refused { reason, gone } => {
                if gone {
                    self.apply(Change::SetActive { address: address.clone(), active: false }).await;
                }
                (Outcome::Failed { reason }, true)
            }
            Delivery::Done | Delivery::Moved(_) => {
                (Outcome::Failed { reason: "the chat moves in circles".to_owned() }, true)
            }
        };
        self.finish(claimed, outcome).await && go_on
    }

    /// Puts replies back that were not begun.
    async fn hand_back(&self, rest: Vec<Ready>) {
        let retry = || Outcome::Retry { at: self.clock.now() };
        let back = rest.iter().map(|ready| self.finish(&ready.claimed, retry()));
        futures_util::future::join_all(back).await;
    }

    async fn release(&self, updates: impl IntoIterator<Item = Claimed>) {
        let updates: Vec<Claimed> = updates.into_iter().collect();
        let released = updates.iter().map(|claimed| self.store.release(claimed));
        for result in futures_util::future::join_all(released).await {
            self.note(result.as_ref().copied());
        }
    }

    async fn apply(&self, change: Change) {
        let applied = self.store.apply(vec![change], self.clock.now()).await;
        self.note(applied.as_ref().map(drop));
    }

    async fn finish(&self, claimed: &Claimed, outcome: Outcome) -> bool {
        let finished = self.store.finish(claimed, outcome, self.clock.now()).await;
        self.note(finished.as_ref().copied())
    }

    /// Whether it went well; if not, another process has the claim or will take it over.
    fn note(&self, result: Result<(), &Error>) -> bool {
        result.inspect_err(|error| log(error)).is_ok()
    }
}

/// Waits until at most `most` notes are on their way; whether those that ended went well.
async fn settle(noting: &mut JoinSet<Result<(), Error>>, most: usize) -> bool {
    let mut well = true;
    while noting.len() > most {
        let Some(noted) = noting.join_next().await else { break };
        well &= noted.is_ok_and(|noted| noted.inspect_err(log).is_ok());
    }
    while let Some(noted) = noting.try_join_next() {
        well &= noted.is_ok_and(|noted| noted.inspect_err(log).is_ok());
    }
    well
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::ZERO);
    now.saturating_add(wait).unwrap_or(now)
}
