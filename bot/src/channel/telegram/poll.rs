//! Long polling of our own: a batch and where the next one begins are committed together, before
//! Telegram hears of it by the next request.

use std::time::Duration;

use fenghuo_site::Current;
use fenghuo_store::{Account, Error, Hold, Store};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::client::{Answer, Client, Ignored, Refusal};
use super::update::{ALLOWED, number};
use super::{backoff::Backoff, inbound};
use crate::Clock;

/// Seconds Telegram keeps a request open while nothing comes.
const WAIT: u64 = 25;
/// Longer than that, and the connection is dead.
const TIMEOUT: Duration = Duration::from_secs(WAIT + 15);
/// Another process polls this account; it is looked whether it still does.
const TAKEN: Duration = Duration::from_secs(2);

/// Polls one account.
pub(super) struct Poller {
    pub(super) client: Client,
    pub(super) account: Account,
    pub(super) store: Store,
    pub(super) current: Current,
    pub(super) clock: Clock,
}

/// Why polling ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// The token is refused; trying again is no use.
    Refused,
    /// Another process has taken the account.
    Taken,
}

impl Poller {
    /// Polls until `stop` changes, or the token is refused.
    pub(super) async fn run(self, mut stop: watch::Receiver<bool>) {
        tokio::select! {
            () = self.hold() => {}
            _ = stop.changed() => {}
        }
    }

    /// Takes the account whenever no living process has it.
    async fn hold(&self) {
        loop {
            match self.store.hold(&self.account).await {
                Ok(Some(hold)) => {
                    if self.poll(&hold).await == End::Refused {
                        return;
                    }
                }
                Ok(None) => {}
                Err(error) => log(&error),
            }
            tokio::time::sleep(TAKEN).await;
        }
    }

    async fn poll(&self, hold: &Hold) -> End {
        let mut next = hold.next();
        let mut backoff = Backoff::default();
        loop {
            let mut body = json!({ "timeout": WAIT, "limit": 100, "allowed_updates": ALLOWED });
            if let Some(next) = next {
                body["offset"] = next.into();
            }
            match self.client.call::<Vec<Value>>("getUpdates", &body, TIMEOUT).await {
                Answer::Done(updates) => match self.take(hold, updates, next).await {
                    Ok(after) => {
                        next = after;
                        backoff = Backoff::default();
                    }
                    Err(Error::Stale) => return End::Taken,
                    Err(error) => {
                        log(&error);
                        backoff.wait().await;
                    }
                },
                Answer::Refused(refusal) => {
                    if self.refused(&refusal, &mut backoff).await == Some(End::Refused) {
                        return End::Refused;
                    }
                }
                Answer::NotSent(reason) | Answer::Unknown(reason) => {
                    tracing::warn!(account = self.account.name, reason, "cannot reach the Bot API");
                    backoff.wait().await;
                }
            }
        }
    }

    /// Commits a batch; where the next one begins.
    async fn take(
        &self,
        hold: &Hold,
        updates: Vec<Value>,
        next: Option<i64>,
    ) -> Result<Option<i64>, Error> {
        let Some(last) = updates.iter().filter_map(number).max() else {
            return Ok(next);
        };
        let rows = updates.iter().map(|update| inbound::row(update, &self.current)).collect();
        self.store.receive_polled(hold, rows, last + 1, self.clock.now()).await?;
        Ok(Some(last + 1))
    }

    async fn refused(&self, refusal: &Refusal, backoff: &mut Backoff) -> Option<End> {
        let Refusal { code, description, .. } = refusal;
        let account = &self.account.name;
        match code {
            401 | 404 => {
                tracing::error!(
                    account,
                    code,
                    description,
                    "the Bot API refuses the token: polling has stopped. Set [telegram] token and restart"
                );
                return Some(End::Refused);
            }
            409 if description.contains("webhook") => {
                tracing::warn!(
                    account,
                    "a webhook is set: it is removed, for the configuration says polling"
                );
                self.client.call::<Ignored>("deleteWebhook", &json!({}), TIMEOUT).await;
                backoff.wait().await;
            }
            409 => {
                tracing::error!(
                    account,
                    "another program polls with the same token; stop one of the two"
                );
                backoff.wait().await;
            }
            _ => {
                tracing::warn!(account, code, description, "the Bot API refuses getUpdates");
                match refusal.retry_after {
                    Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
                    None => backoff.wait().await,
                }
            }
        }
        None
    }
}

fn log(error: &Error) {
    crate::failure::failed(error);
}
