//! Receiving: an update is on disk, once, before the channel hears that we have it.

use std::collections::HashMap;
use std::fmt;

use jiff::Timestamp;
use serde_json::json;

use super::InboxState;
use crate::database::{
    Answers, Column, Dialect, Gathered, Queue, Row, Transaction, list, listed, sql, without_nul,
};
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

/// Most updates in one statement.
const TOGETHER: usize = 256;

impl Store {
    /// Puts `updates` into the inbox of `account`; once this returns they are on disk.
    ///
    /// One that has come before changes nothing. The answers stand in the order of the updates. What others
    /// receive at the same time goes into the same commit.
    ///
    /// # Errors
    /// When the query fails; then none was taken.
    pub async fn receive(
        &self,
        account: &Account,
        updates: Vec<Update>,
        now: Timestamp,
    ) -> Result<Vec<Received>, Error> {
        let arriving = Arriving { account: account.clone(), updates, now: now.as_second() };
        let received = self.gather(arriving).await?;
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
                    let now = now.as_second();
                    let arriving = Arriving { account: hold.account().clone(), updates, now };
                    put_all(transaction, &[arriving]).await.map(|mut all| all.remove(0))
                })
            })
            .await?;
        self.ring();
        Ok(received)
    }
}

/// What one request has brought.
pub(crate) struct Arriving {
    account: Account,
    updates: Vec<Update>,
    now: i64,
}

impl Gathered for Arriving {
    type Answer = Vec<Received>;

    fn queue(store: &Store) -> &Queue<Self, Self::Answer> {
        &store.queues().arriving
    }

    fn run<'t>(transaction: &'t mut Transaction, asked: &'t [Self]) -> Answers<'t, Self::Answer> {
        Box::pin(
            async move { Ok(put_all(transaction, asked).await?.into_iter().map(Ok).collect()) },
        )
    }
}

/// What names an update: channel, account, id.
type Key = (String, String, String);

async fn put_all(
    transaction: &mut Transaction,
    arriving: &[Arriving],
) -> Result<Vec<Vec<Received>>, Error> {
    let each = |arriving| {
        let Arriving { account, updates, now }: &Arriving = arriving;
        updates.iter().map(move |update| (account, update, *now))
    };
    let all: Vec<_> = arriving.iter().flat_map(each).collect();
    let mut received = Vec::with_capacity(all.len());
    for some in all.chunks(TOGETHER) {
        put(transaction, some, &mut received).await?;
    }
    let mut received = received.into_iter();
    Ok(arriving.iter().map(|one| received.by_ref().take(one.updates.len()).collect()).collect())
}

/// Puts `updates` in with one statement, and finds those that were there.
async fn put(
    transaction: &mut Transaction,
    updates: &[(&Account, &Update, i64)],
    received: &mut Vec<Received>,
) -> Result<(), Error> {
    let rows = updates.iter().map(|(account, update, now)| {
        let Update { id, chat, body } = update;
        let state = if chat.is_some() { InboxState::Received } else { InboxState::Unparsed };
        let handled = chat.is_none().then_some(now);
        json!([account.channel, account.name, id, chat, body, state.code(), now, handled])
    });
    let text = insert(transaction.dialect());
    let statement = sql(sqlx::AssertSqlSafe(text)).bind(list(rows.collect()));
    let mut new = keys(&transaction.rows(statement).await?)?;
    let mut known = HashMap::new();
    let place = received.len();
    for (account, update, _) in updates {
        let key = key(account, update);
        match new.remove(&key) {
            Some(row) => {
                received.push(Received { row, new: true });
                known.insert(key, row);
            }
            None => received.push(Received { row: 0, new: false }),
        }
    }
    let places = received[place..].iter_mut().zip(updates).filter(|(received, _)| !received.new);
    let mut again: Vec<_> =
        places.map(|(received, (account, update, _))| (received, key(account, update))).collect();
    if again.iter().any(|(_, key)| !known.contains_key(key)) {
        let rows = again.iter().map(|(_, (channel, account, id))| json!([channel, account, id]));
        let text = find(transaction.dialect());
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(list(rows.collect()));
        known.extend(keys(&transaction.rows(statement).await?)?);
    }
    for (received, key) in &mut again {
        received.row = known.get(key).copied().ok_or(sqlx::Error::RowNotFound)?;
    }
    Ok(())
}

fn key(account: &Account, update: &Update) -> Key {
    // As it is stored.
    (account.channel.clone(), account.name.clone(), without_nul(update.id.clone()))
}

fn keys(rows: &[Row]) -> Result<HashMap<Key, i64>, Error> {
    let one = |row: &Row| {
        Ok(((row.get("channel")?, row.get("account")?, row.get("update_id")?), row.get("id")?))
    };
    rows.iter().map(one).collect()
}

/// The rows get their numbers in the order of the list.
fn insert(dialect: Dialect) -> String {
    use Column::{Number, Text};
    let arriving = listed(
        dialect,
        &[
            Text("channel"),
            Text("account"),
            Text("update_id"),
            Text("chat"),
            Text("body"),
            Number("state"),
            Number("received"),
            Number("handled"),
        ],
    );
    // WHERE TRUE: without it `SQLite` takes ON for part of a join.
    format!(
        "INSERT INTO inbox (channel, account, update_id, chat, body, state, received, due, epoch,
                            sent_parts, repeats, handled, forget)
         SELECT channel, account, update_id, chat, body, state, received, 0, 0, 0, 0, handled, FALSE
         FROM ({arriving}) AS arriving WHERE TRUE
         ON CONFLICT (channel, account, update_id) DO NOTHING
         RETURNING id, channel, account, update_id"
    )
}

fn find(dialect: Dialect) -> String {
    let asked = listed(dialect, &[Column::Text("c"), Column::Text("a"), Column::Text("u")]);
    format!(
        "SELECT id, channel, account, update_id FROM ({asked}) AS asked
         JOIN inbox ON channel = asked.c AND account = asked.a AND update_id = asked.u"
    )
}
