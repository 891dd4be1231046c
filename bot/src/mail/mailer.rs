//! Writes letters and hands them over: what the rest of the program calls to send mail.

use std::sync::Arc;

use lettre::Address;

use super::account::EmailAccount;
use super::letter::Letter;
use super::smtp::{Handed, Smtp};

/// The one mailer of a process; cheap to clone.
#[derive(Clone)]
pub(crate) struct Mailer {
    account: Arc<EmailAccount>,
    smtp: Arc<Smtp>,
}

impl Mailer {
    pub(crate) fn new(account: EmailAccount) -> Self {
        let smtp = Arc::new(Smtp::new(account.relay.clone()));
        Self { account: Arc::new(account), smtp }
    }

    /// The account it writes from.
    pub(crate) fn account(&self) -> &EmailAccount {
        &self.account
    }

    /// Sends `letter`; bounces come to `user` at the bounce domain, or to the sender where there is none.
    pub(crate) async fn send(&self, letter: Letter, user: &str) -> Handed {
        let account = &self.account;
        let from = match &account.bounce_domain {
            Some(domain) => Address::new(user, domain).ok(),
            None => Some(account.from.email.clone()),
        };
        let to = letter.to.parse::<Address>().ok();
        // A signature costs a millisecond of computing: not on the threads that answer.
        let writer = Arc::clone(account);
        let bytes = tokio::task::spawn_blocking(move || writer.write(&letter)).await.ok().flatten();
        match (from, to, bytes) {
            (Some(from), Some(to), Some(bytes)) => self.smtp.send(&from, &to, &bytes).await,
            _ => Handed::Refused { reason: "not an address".to_owned(), gone: true },
        }
    }

    /// Closes the lines to the relay.
    pub(crate) async fn close(&self) {
        self.smtp.close().await;
    }
}
