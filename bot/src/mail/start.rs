//! The e-mail channel of a process: its pages, its mailer, its bounces.

use std::sync::Arc;

use axum::Router;
use tokio::sync::watch;

use super::{Bounces, EmailAccount, EmailSender, Mailer};
use crate::BotState;
use crate::subscribe::{self, Pages, Ways};

/// E-mail, configured or not: the pages stand either way and say so.
pub struct Email {
    state: BotState,
    public_url: String,
    mailer: Option<Mailer>,
    ways: Ways,
}

impl Email {
    /// The channel; links in letters begin at `public_url`.
    pub fn new(
        state: BotState,
        public_url: String,
        account: Option<EmailAccount>,
        ways: Ways,
    ) -> Self {
        Self { state, public_url, mailer: account.map(Mailer::new), ways }
    }

    /// Serves `/subscribe`, its confirmation, and `/u/TOKEN`.
    pub fn router(&self) -> Router {
        subscribe::router(Pages::new(
            self.state.clone(),
            self.mailer.clone(),
            self.ways.clone(),
            self.public_url.clone(),
        ))
    }

    /// What sends campaigns by e-mail; `None` where it is not configured. Its account is `email/main`.
    pub fn sender(&self) -> Option<EmailSender> {
        let BotState { current, clock, .. } = self.state.clone();
        Some(EmailSender::new(self.mailer.clone()?, current, clock, self.public_url.clone()))
    }

    /// Reads bounces until `stop` changes.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let Some(mailer) = self.mailer else { return };
        match bounces(&self.state, mailer.account()) {
            Some(bounces) => Arc::new(bounces).run(stop).await,
            None => drop(stop.changed().await),
        }
        mailer.close().await;
    }
}

/// The reader of bounces, where they are delivered into a maildir.
fn bounces(state: &BotState, account: &EmailAccount) -> Option<Bounces> {
    Some(Bounces {
        store: state.store.clone(),
        clock: state.clock.clone(),
        maildir: account.bounce_maildir.clone()?,
        bounce_domain: account.bounce_domain.clone()?,
        sender_domain: account.domain().to_owned(),
    })
}
