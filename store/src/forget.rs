//! `/forget`: everything that belongs to an address is deleted, and it is said what that was.

use crate::database::{Transaction, sql};
use crate::subscriber::at;
use crate::{Address, Change, Error, Store, session, subscriber};

/// What was deleted, or would be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Subscriptions.
    pub subscriptions: u64,
    /// Subscriptions that waited to be confirmed.
    pub confirmations: u64,
    /// Sessions.
    pub sessions: u64,
    /// Messages whose text was still kept.
    pub messages: u64,
}

impl Forgotten {
    /// Whether there was nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// What is kept about `address`, as it would be deleted.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn known(&self, address: &Address) -> Result<Forgotten, Error> {
        let statement = sql("SELECT
                 (SELECT COUNT(*) FROM subscriber
                  WHERE channel = $1 AND account = $2 AND chat = $3) AS subscriptions,
                 (SELECT COUNT(*) FROM confirmation
                  WHERE channel = $1 AND account = $2 AND chat = $3) AS confirmations,
                 (SELECT COUNT(*) FROM inbox
                  WHERE channel = $1 AND account = $2 AND chat = $3) AS messages,
                 (SELECT COUNT(*) FROM session WHERE id = $4) AS sessions");
        let statement = at(statement, address).bind(address.session().as_str());
        let Some(row) = self.row(statement).await? else { return Ok(Forgotten::default()) };
        Ok(Forgotten {
            subscriptions: row.count("subscriptions")?,
            confirmations: row.count("confirmations")?,
            sessions: row.count("sessions")?,
            messages: row.count("messages")?,
        })
    }

    /// Deletes everything that belongs to `address`.
    ///
    /// A message that is being answered at this moment is erased once it is answered; the ids and hashes
    /// of messages stay, which name nobody. Ledger and audit keep a random id that leads nowhere now.
    ///
    /// # Errors
    /// When the query fails; then nothing was deleted.
    pub async fn forget(
        &self,
        address: &Address,
        now: jiff::Timestamp,
    ) -> Result<Forgotten, Error> {
        let change = Change::Forget { address: address.clone() };
        Ok(self.apply(vec![change], now).await?.into_iter().next().unwrap_or_default())
    }
}

pub(crate) async fn forget(
    transaction: &mut Transaction,
    address: &Address,
) -> Result<Forgotten, Error> {
    let pending = sql("DELETE FROM confirmation WHERE channel = $1 AND account = $2 AND chat = $3");
    // Rows still to be answered need their address until then; `forget` erases them at their end.
    let erase = sql("UPDATE inbox SET forget = TRUE,
             chat = CASE WHEN state < 10 THEN chat ELSE NULL END,
             body = CASE WHEN state < 10 THEN body ELSE NULL END,
             reply = CASE WHEN state < 10 THEN reply ELSE NULL END
         WHERE channel = $1 AND account = $2 AND chat = $3");
    Ok(Forgotten {
        subscriptions: subscriber::end(transaction, address).await?,
        confirmations: transaction.execute(at(pending, address)).await?,
        sessions: transaction.execute(session::forget(&address.session())).await?,
        messages: transaction.execute(at(erase, address)).await?,
    })
}
