//! Outlets: robots, webhooks, whole public accounts. They stand among the subscribers, so that what goes to
//! them is in the ledger like everything else; but they are no persons: no cap, no quiet hours, no count.

use jiff::Timestamp;

use crate::{Account, Error, LeaveToken, Store, SubscriberId};

/// What an outlet has as the chat of its address.
pub const OUTLET_CHAT: &str = "*";

/// An outlet as the configuration has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// The account that speaks through it: `robot/NAME`, `webhook/NAME`, `wechat/NAME`.
    pub account: Account,
    /// The region it serves.
    pub region: String,
    /// The setting it serves, where it is one.
    pub role: Option<String>,
    /// Its id, should it be new.
    pub id: SubscriberId,
    /// Its token, should it be new; nobody is given it.
    pub leave: LeaveToken,
}

impl Store {
    /// Makes the outlets be exactly these: new ones are added, others removed.
    ///
    /// # Errors
    /// When the query fails; then nothing was changed.
    pub async fn sync_outlets(&self, outlets: &[Outlet], now: Timestamp) -> Result<(), Error> {
        todo!("{outlets:?} {now}")
    }
}
