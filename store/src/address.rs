//! Accounts of ours on a channel, and the addresses of people there.

use std::fmt;

use crate::database::Row;
use crate::{Error, SessionId, hash};

/// An account of ours on a channel: the bot `main` on `telegram`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Account {
    /// `telegram`, `wechat`, `email`, `web`.
    pub channel: String,
    /// Its name in the configuration.
    pub name: String,
}

impl Account {
    /// The account `name` on `channel`.
    pub fn new(channel: impl Into<String>, name: impl Into<String>) -> Self {
        Self { channel: channel.into(), name: name.into() }
    }

    /// The address of `chat` there.
    pub fn address(&self, chat: impl Into<String>) -> Address {
        Address { account: self.clone(), chat: chat.into() }
    }
}

/// Where someone is reached. Kept in the subscriber table and, for a day, in the inbox; nowhere else.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// The account of ours she writes to.
    pub account: Account,
    /// The channel's name for her: chat id, openid, e-mail address.
    pub chat: String,
}

impl Address {
    /// The session of this chat. No browser can name it: as text it does not parse as a [`SessionId`].
    pub fn session(&self) -> SessionId {
        let digest = hash::hash(&[&self.account.channel, &self.account.name, &self.chat]);
        SessionId::of_chat(&digest)
    }

    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        let account = Account { channel: row.get("channel")?, name: row.get("account")? };
        Ok(Self { account, chat: row.get("chat")? })
    }
}

/// Shows the account only: logs carry no addresses.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({}/{}/…)", self.account.channel, self.account.name)
    }
}

#[cfg(test)]
mod tests {
    use super::Account;
    use crate::SessionId;

    #[test]
    fn the_session_of_a_chat_cannot_be_named_by_a_browser() {
        let address = Account::new("telegram", "main").address("4711");
        assert_eq!(SessionId::parse(address.session().as_str()), None);
        assert_ne!(address.session(), Account::new("telegram", "other").address("4711").session());
    }

    #[test]
    fn an_address_never_shows_its_chat() {
        let address = Account::new("telegram", "main").address("4711");
        assert!(!format!("{address:?} {:?}", address.session()).contains("4711"));
    }
}
