//! What an operator sees of the inbox: counts and rows, never an address or a text.

use jiff::Timestamp;
use serde::Serialize;

use super::{InboxState, read_parts};
use crate::database::{Row, sql};
use crate::{Account, Error, Store};

/// Which rows to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// Those in one state.
    State(InboxState),
    /// Those whose reply may have been delivered more than once.
    Repeated,
}

/// A row of the inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InboxEntry {
    /// Its number.
    pub row: i64,
    /// Channel it came in by.
    pub channel: String,
    /// Account of ours it came to.
    pub account: String,
    /// Its own id.
    pub update_id: String,
    /// Where it is.
    pub state: InboxState,
    /// When it was received.
    pub received: Timestamp,
    /// SHA-256 of the stored reply.
    pub reply_hash: Option<String>,
    /// Parts of the reply that were delivered.
    pub sent_parts: u64,
    /// How often a request that may have arrived was sent again.
    pub repeats: u64,
    /// Why it ended as it did.
    pub reason: Option<String>,
}

/// How many rows there are, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are the states of `InboxState`")]
pub struct InboxCounts {
    pub received: u64,
    pub handling: u64,
    pub ready: u64,
    pub sending: u64,
    pub answered: u64,
    pub failed: u64,
    pub unknown: u64,
    pub unparsed: u64,
}

impl InboxCounts {
    /// All rows.
    pub fn total(&self) -> u64 {
        self.pending() + self.answered + self.failed + self.unknown + self.unparsed
    }

    /// Rows with something left to do.
    pub fn pending(&self) -> u64 {
        self.received + self.handling + self.ready + self.sending
    }

    fn of(&mut self, state: InboxState) -> &mut u64 {
        match state {
            InboxState::Received => &mut self.received,
            InboxState::Handling => &mut self.handling,
            InboxState::Ready => &mut self.ready,
            InboxState::Sending => &mut self.sending,
            InboxState::Answered => &mut self.answered,
            InboxState::Failed => &mut self.failed,
            InboxState::Unknown => &mut self.unknown,
            InboxState::Unparsed => &mut self.unparsed,
        }
    }
}

const ENTRY: &str = "SELECT id, channel, account, update_id, state, received, reply_hash,
                            sent_parts, repeats, reason FROM inbox";

impl Store {
    /// How many rows the inbox has by state.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn inbox_counts(&self) -> Result<InboxCounts, Error> {
        let statement = sql("SELECT state, COUNT(*) AS times FROM inbox GROUP BY state");
        let mut counts = InboxCounts::default();
        for row in self.rows(statement).await? {
            *counts.of(InboxState::of(row.get("state")?)) += row.count("times")?;
        }
        Ok(counts)
    }

    /// The oldest `limit` rows of one kind with numbers above `after`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn inbox(
        &self,
        listed: Listed,
        after: i64,
        limit: u32,
    ) -> Result<Vec<InboxEntry>, Error> {
        let which = match listed {
            Listed::State(_) => "state = $3",
            Listed::Repeated => "repeats > 0",
        };
        let text = format!("{ENTRY} WHERE id > $1 AND {which} ORDER BY id LIMIT $2");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(after).bind(i64::from(limit));
        let statement = match listed {
            Listed::State(state) => statement.bind(state.code()),
            Listed::Repeated => statement,
        };
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// The row of the update `update_id`, and the reply stored for it: a channel that asks again gets the same.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn find_update(
        &self,
        account: &Account,
        update_id: &str,
    ) -> Result<Option<(InboxEntry, Vec<String>)>, Error> {
        let statement = sql("SELECT id, channel, account, update_id, state, received, reply_hash,
                    sent_parts, repeats, reason, reply FROM inbox
             WHERE channel = $1 AND account = $2 AND update_id = $3")
        .bind(&account.channel)
        .bind(&account.name)
        .bind(update_id);
        let Some(row) = self.row(statement).await? else { return Ok(None) };
        Ok(Some((read(&row)?, read_parts(row.get("reply")?)?)))
    }
}

fn read(row: &Row) -> Result<InboxEntry, Error> {
    Ok(InboxEntry {
        row: row.get("id")?,
        channel: row.get("channel")?,
        account: row.get("account")?,
        update_id: row.get("update_id")?,
        state: InboxState::of(row.get("state")?),
        received: row.instant("received")?,
        reply_hash: row.get("reply_hash")?,
        sent_parts: row.count("sent_parts")?,
        repeats: row.count("repeats")?,
        reason: row.get("reason")?,
    })
}
