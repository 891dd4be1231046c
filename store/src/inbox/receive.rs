//! Receiving: an update is on disk, once, before the channel hears that we have it.

use std::fmt;

use jiff::Timestamp;

use super::InboxState;
use crate::database::{Transaction, sql};
use crate::{Account, Error, Hold, Store};

/// An update as it came in.
#[derive(Clone, PartialEq, Eq)]
pub struct Update {
    /// Unique among the updates of the account. It is kept for good: hash it where it holds an address.
    pub id: String,
    /// The chat it belongs to: its updates are handled one after the other. `None`: it could not be
    /// read, and is only listed.
    pub chat: Option<String>,
    /// The update itself, or what of it must be kept to answer.
    pub body: String,
}

/// Shows neither chat nor text.
impl fmt::Debug for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Update({})", self.id)
    }
}

/// What became of an update handed to [`Store::receive`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Its number in the inbox.
    pub row: i64,
    /// Whether it came for the first time.
    pub new: bool,
}

impl Store {
    /// Puts `updates` into the inbox of `account`; once this returns they are on disk.
    ///
    /// One that has come before changes nothing. The answers stand in the order of the updates.
    ///
    /// # Errors
    /// When the query fails; then none was taken.
    pub async fn receive(
        &self,
        account: &Account,
        updates: Vec<Update>,
        now: Timestamp,
    ) -> Result<Vec<Received>, Error> {
        let account = account.clone();
        let received = self
            .write(move |transaction| {
                Box::pin(async move { put_all(transaction, &account, updates, now).await })
            })
            .await?;
        self.ring();
        Ok(received)
    }

    /// Puts a batch of long polling into the inbox, together with where the next one begins.
    ///
    /// # Errors
    /// [`Error::Stale`] when another process polls this account now; then nothing was taken.
    pub async fn receive_polled(
        &self,
        hold: &Hold,
        updates: Vec<Update>,
        next: i64,
        now: Timestamp,
    ) -> Result<Vec<Received>, Error> {
        let hold = hold.clone();
        let received = self
            .write(move |transaction| {
                Box::pin(async move {
                    hold.advance(transaction, next).await?;
                    put_all(transaction, hold.account(), updates, now).await
                })
            })
            .await?;
        self.ring();
        Ok(received)
    }
}

async fn put_all(
    transaction: &mut Transaction,
    account: &Account,
    updates: Vec<Update>,
    now: Timestamp,
) -> Result<Vec<Received>, Error> {
    let mut received = Vec::with_capacity(updates.len());
    for update in updates {
        received.push(put(transaction, account, update, now).await?);
    }
    Ok(received)
}

async fn put(
    transaction: &mut Transaction,
    account: &Account,
    update: Update,
    now: Timestamp,
) -> Result<Received, Error> {
    let readable = update.chat.is_some();
    let state = if readable { InboxState::Received } else { InboxState::Unparsed };
    let inserted = sql(
        "INSERT INTO inbox (channel, account, update_id, chat, body, state, received, due, epoch,
                            sent_parts, repeats, handled, forget)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, 0, $8, FALSE)
         ON CONFLICT (channel, account, update_id) DO NOTHING RETURNING id",
    )
    .bind(&account.channel)
    .bind(&account.name)
    .bind(&update.id)
    .bind(update.chat)
    .bind(update.body)
    .bind(state.code())
    .bind(now.as_second())
    .bind((!readable).then(|| now.as_second()));
    if let Some(row) = transaction.row(inserted).await? {
        return Ok(Received { row: row.get("id")?, new: true });
    }
    let known = sql("SELECT id FROM inbox WHERE channel = $1 AND account = $2 AND update_id = $3")
        .bind(&account.channel)
        .bind(&account.name)
        .bind(&update.id);
    let row = transaction.row(known).await?.ok_or(sqlx::Error::RowNotFound)?;
    Ok(Received { row: row.get("id")?, new: false })
}
