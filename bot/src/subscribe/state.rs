//! What the pages work with.

use std::sync::Arc;

use fenghuo_store::Account;

use super::limit::limits;
use crate::channel::{Intake, Usernames};
use crate::mail::Mailer;
use crate::{BotState, Visitor};

/// The other ways to be told, besides e-mail.
#[derive(Clone, Default)]
pub struct Ways {
    /// Bots by the names Telegram has for them, as they come up.
    pub telegram: Usernames,
    /// Whether there is an official account on `WeChat`.
    pub wechat: bool,
}

/// State of the pages; cheap to clone.
#[derive(Clone)]
pub(crate) struct Pages {
    pub(super) state: BotState,
    pub(super) mailer: Option<Mailer>,
    pub(super) ways: Ways,
    pub(super) public_url: String,
    pub(super) limits: Arc<Intake>,
}

impl Pages {
    pub(crate) fn new(
        state: BotState,
        mailer: Option<Mailer>,
        ways: Ways,
        public_url: String,
    ) -> Self {
        Self { state, mailer, ways, public_url, limits: Arc::new(limits()) }
    }

    /// The account e-mail subscribers belong to.
    pub(super) fn account() -> Account {
        Account::new("email", "main")
    }

    /// Whether the client may ask for a letter now.
    pub(super) fn admits(&self, visitor: Option<&Visitor>) -> bool {
        visitor.is_none_or(|Visitor(ip)| self.state.limits.client(*ip).is_ok())
            && self.limits.admit(visitor.map(|Visitor(ip)| *ip))
    }
}
