//! The line of an account: whoever holds the account sends, one process at a time, until it is lost.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use fenghuo_store::{Account, Error, Store};
use futures_util::FutureExt;
use tokio::sync::watch;

use super::pace::Rate;
use super::shift::Shift;
use super::words::Words;
use super::{Sender, Texts};
use crate::Clock;

/// Another process holds the account, or the store fails; it is looked again.
const TAKEN: Duration = Duration::from_secs(1);

/// Sends what the ledger holds for one account.
pub(super) struct Line<S, T> {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) account: Account,
    pub(super) sender: Arc<S>,
    pub(super) words: Arc<Words<T>>,
    pub(super) rate: Rate,
    /// Counts what has been answered to people on the same account.
    pub(super) answers: Arc<AtomicUsize>,
}

impl<S: Sender, T: Texts> Line<S, T> {
    /// Sends until `stop` changes, whenever no other living process holds the account.
    pub(super) async fn run(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.take().await {
                Ok(Some(shift)) => {
                    // The next shift clears up after it as after a dead process.
                    let worked = AssertUnwindSafe(shift.work(&mut stop)).catch_unwind().await;
                    if worked.is_err() {
                        tracing::error!(account = self.account.name, "the pipeline panicked");
                    }
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

    /// Takes the account and clears up after whoever had it: what was leased goes back into the queue,
    /// what may have been sent is listed.
    async fn take(&self) -> Result<Option<Shift<'_, S, T>>, Error> {
        let Some(hold) = self.store.hold_sender(&self.account).await? else { return Ok(None) };
        let (idempotent, now) = (self.sender.idempotent(), self.clock.now());
        let found = self.store.recover_deliveries(&hold, idempotent, now).await?;
        tracing::info!(
            channel = self.account.channel,
            account = self.account.name,
            epoch = hold.epoch(),
            requeued = found.requeued,
            resent = found.resent,
            unknown = found.unknown,
            "holding the account"
        );
        Ok(Some(Shift::new(self, hold)))
    }
}

pub(super) fn log(error: &Error) {
    tracing::error!(error = error as &dyn std::error::Error, "store failed");
}
