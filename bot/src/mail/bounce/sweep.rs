//! Looking through the maildir now and then, and acting on what is genuine.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_store::{Bounce, Bounced, Store};
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use super::maildir::{Mark, bytes, file_away, fresh};
use super::report::{Domains, Report, Word};
use crate::Clock;
use crate::mail::Token;

const EVERY: Duration = Duration::from_secs(30);

/// Takes reports out of the maildir until the process ends.
pub(crate) struct Bounces {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) maildir: PathBuf,
    /// Bounces come back to it.
    pub(crate) bounce_domain: String,
    /// Message-IDs end in it.
    pub(crate) sender_domain: String,
}

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Round {
    /// Subscribers who get no mail any more, or none for now.
    pub(crate) acted: u32,
    /// Reports without a genuine token.
    pub(crate) forged: u32,
    /// Mail that reports nothing.
    pub(crate) other: u32,
    /// Files that could not be read; they lie flagged in `cur`.
    pub(crate) unreadable: u32,
}

impl Bounces {
    /// Looks through the maildir until `stop` changes.
    pub(crate) async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        loop {
            match self.round().await {
                Ok(round) if round != Round::default() => {
                    let Round { acted, forged, other, unreadable } = round;
                    tracing::info!(acted, forged, other, unreadable, "bounces read");
                }
                Ok(_) => {}
                Err(reason) => tracing::error!(reason, "cannot read the maildir of bounces"),
            }
            tokio::select! { () = tokio::time::sleep(EVERY) => {}, _ = stop.changed() => return }
        }
    }

    /// Acts on everything new. A file is moved only after its effect is in the database; one that is
    /// read twice after a crash counts once.
    pub(crate) async fn round(self: &Arc<Self>) -> Result<Round, String> {
        let mut round = Round::default();
        let files = self.blocking(|me| fresh(&me.maildir)).await?;
        for file in files {
            let path = file.clone();
            let mark = match self.blocking(move |_| bytes(&path)).await {
                Ok(Some(bytes)) => self.act(&bytes, &mut round).await?,
                Ok(None) | Err(_) => Mark::Flagged,
            };
            if mark == Mark::Flagged {
                round.unreadable += 1;
            }
            self.blocking(move |me| file_away(&me.maildir, &file, mark)).await?;
        }
        Ok(round)
    }

    async fn act(&self, bytes: &[u8], round: &mut Round) -> Result<Mark, String> {
        let domains = Domains { bounce: &self.bounce_domain, sender: &self.sender_domain };
        let Some(report) = Report::read(bytes, &domains) else { return Ok(Mark::Flagged) };
        let bounce = match report.word {
            Word::Nothing => {
                round.other += 1;
                return Ok(Mark::Seen);
            }
            Word::Soft => Bounce::Soft,
            Word::Hard => Bounce::Hard,
            Word::Complaint => Bounce::Complaint,
        };
        let Some(token) = self.genuine(&report.tokens).await? else {
            round.forged += 1;
            return Ok(Mark::Seen);
        };
        let name = hash(bytes);
        let now = self.clock.now();
        let done = self.store.record_bounce(&token.recipient, &name, bounce, now).await;
        match done.map_err(|error| error.to_string())? {
            Bounced::Unknown | Bounced::Repeated => round.other += 1,
            Bounced::Counted(_) | Bounced::Inactive | Bounced::Left => round.acted += 1,
        }
        Ok(Mark::Seen)
    }

    /// The first of `tokens` that we made for a subscriber who is still there.
    async fn genuine<'a>(&self, tokens: &'a [Token]) -> Result<Option<&'a Token>, String> {
        for token in tokens.iter().take(4) {
            let found = self.store.subscriber_by_id(&token.recipient).await;
            let found = found.map_err(|error| error.to_string())?;
            if found.is_some_and(|subscriber| token.is_genuine(&subscriber.leave)) {
                return Ok(Some(token));
            }
        }
        Ok(None)
    }

    /// Does what touches the disk on a thread of its own.
    async fn blocking<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let me = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&me)).await;
        done.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
