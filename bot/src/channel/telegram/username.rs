//! What Telegram calls our bots, known once they have come up: links into them are made of it.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Names by account; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Usernames(Arc<RwLock<BTreeMap<String, String>>>);

impl Usernames {
    /// The bot of the first account that is up.
    pub(crate) fn first(&self) -> Option<String> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().next().cloned()
    }

    /// Notes that the bot of `account` is called `name`.
    pub(super) fn note(&self, account: &str, name: &str) {
        let mut names = self.0.write().unwrap_or_else(PoisonError::into_inner);
        names.insert(account.to_owned(), name.to_owned());
    }
}
