//! The e-mail channel of a process: its pages, its mailer, its bounces.

use axum::Router;
use tokio::sync::watch;

use super::{EmailAccount, Mailer};
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

    /// Reads bounces until `stop` changes.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let Some(mailer) = self.mailer else { return };
        let _ = stop.changed().await;
        mailer.close().await;
    }
}
