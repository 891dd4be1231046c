//! Completing: the reply and all its message changes in one commit, then how sending it went.

use jiff::Timestamp;

use super::{Claimed, InboxState, write_parts};
use crate::database::{Statement, Transaction, sql};
use crate::{Change, Error, Forgotten, Store, change, hash};

/// What handling an update came to.
#[derive(Clone, Debug, Default)]
pub struct Completion {
    /// The reply: one text for each request of the channel, stored and repeated exactly as it stands.
    pub reply: Vec<String>,
    /// What happens with it now.
    pub then: Then,
    /// What the message changes, committed together with the reply.
    pub changes: Vec<Change>,
}

/// What happens with a stored reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// The caller sends it now: the row is marked `sending` in the same commit.
    #[default]
    Send,
    /// It is sent later, by whoever claims it.
    Queue,
    /// It goes out as the answer to the request that brought the update, or there is none.
    Done,
}

/// How sending a reply went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was delivered.
    Sent,
    /// The channel refused it for good.
    Failed {
        /// What the channel said, without address or text.
        reason: String,
    },
    /// It may have arrived.
    Unknown {
        /// What happened.
        reason: String,
    },
    /// It surely did not arrive, and may be sent again at `at`.
    Retry {
        /// When.
        at: Timestamp,
    },
    /// It may have arrived, and the stored text is sent again at `at`; the row counts the repeat and is
    /// listed.
    Repeat {
        /// When.
        at: Timestamp,
        /// What happened.
        reason: String,
    },
}

impl Store {
    /// Stores the reply to `claimed` with all it changes. For each [`Change::Forget`] in it, what was
    /// deleted.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost; nothing was written, nothing may be sent.
    pub async fn complete(
        &self,
        claimed: &Claimed,
        completion: Completion,
        now: Timestamp,
    ) -> Result<Vec<Forgotten>, Error> {
        let claimed = claimed.clone();
        self.write(move |transaction| {
            Box::pin(async move {
                store_reply(transaction, &claimed, &completion, now).await?;
                change::apply(transaction, completion.changes, now).await
            })
        })
        .await
    }

    /// Marks a reply that was claimed ready: from now on it may be on its way. Call it before the
    /// request; [`Then::Send`] has done it already.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost; nothing may be sent.
    pub async fn begin_sending(&self, claimed: &Claimed) -> Result<(), Error> {
        let statement = sql("UPDATE inbox SET state = 3
             WHERE id = $1 AND owner = $2 AND epoch = $3 AND state IN (2, 3)");
        only_one(self.execute(ours(statement, claimed)).await?)
    }

    /// Notes that the first `parts` parts of the reply were delivered; the next may be on its way.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost; the rest may not be sent.
    pub async fn confirm_parts(&self, claimed: &Claimed, parts: usize) -> Result<(), Error> {
        let statement = sql("UPDATE inbox SET sent_parts = $4
             WHERE id = $1 AND owner = $2 AND epoch = $3 AND state = 3");
        let parts = i64::try_from(parts).unwrap_or(i64::MAX);
        only_one(self.execute(ours(statement, claimed).bind(parts)).await?)
    }

    /// Notes how sending the reply ended.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost: whoever has it now will note an end of their own.
    pub async fn finish(
        &self,
        claimed: &Claimed,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<(), Error> {
        let statement = match outcome {
            Outcome::Sent => end(claimed, InboxState::Answered, None, now),
            Outcome::Failed { reason } => end(claimed, InboxState::Failed, Some(reason), now),
            Outcome::Unknown { reason } => end(claimed, InboxState::Unknown, Some(reason), now),
            Outcome::Retry { at } => back_to_queue(claimed).bind(at.as_second()),
            Outcome::Repeat { at, reason } => repeat(claimed).bind(at.as_second()).bind(reason),
        };
        only_one(self.execute(statement).await?)
    }

    /// Gives back an update that was claimed but not handled, or a ready reply not sent.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost.
    pub async fn release(&self, claimed: &Claimed) -> Result<(), Error> {
        let statement = sql("UPDATE inbox SET owner = NULL, lease_until = NULL,
                    state = CASE state WHEN 1 THEN 0 ELSE state END
             WHERE id = $1 AND owner = $2 AND epoch = $3 AND state IN (1, 2)");
        only_one(self.execute(ours(statement, claimed)).await?)?;
        self.ring();
        Ok(())
    }
}

async fn store_reply(
    transaction: &mut Transaction,
    claimed: &Claimed,
    completion: &Completion,
    now: Timestamp,
) -> Result<(), Error> {
    let then = if completion.reply.is_empty() { Then::Done } else { completion.then };
    let state = match then {
        Then::Send => InboxState::Sending,
        Then::Queue => InboxState::Ready,
        Then::Done => InboxState::Answered,
    };
    let reply = write_parts(&completion.reply);
    let statement = sql("UPDATE inbox SET reply = $4, reply_hash = $5, state = $6, handled = $7,
                lease_until = CASE WHEN $8 THEN lease_until ELSE NULL END,
                owner = CASE WHEN $8 THEN owner ELSE NULL END
         WHERE id = $1 AND owner = $2 AND epoch = $3 AND state = 1");
    let statement = ours(statement, claimed)
        .bind(&reply)
        .bind(hash::hash(&[&reply]))
        .bind(state.code())
        .bind((then == Then::Done).then(|| now.as_second()))
        .bind(then == Then::Send);
    only_one(transaction.execute(statement).await?)
}

/// Ends a row, whatever of it was still to be done. Where its chat asked to be forgotten, it is erased.
fn end(claimed: &Claimed, state: InboxState, reason: Option<String>, now: Timestamp) -> Statement {
    let statement = sql("UPDATE inbox SET state = $4, reason = COALESCE($5, reason), handled = $6,
                owner = NULL, lease_until = NULL,
                chat = CASE WHEN forget THEN NULL ELSE chat END,
                body = CASE WHEN forget THEN NULL ELSE body END,
                reply = CASE WHEN forget THEN NULL ELSE reply END
         WHERE id = $1 AND owner = $2 AND epoch = $3 AND state IN (1, 2, 3)");
    ours(statement, claimed).bind(state.code()).bind(reason).bind(now.as_second())
}

fn back_to_queue(claimed: &Claimed) -> Statement {
    let statement = sql("UPDATE inbox SET state = 2, owner = NULL, lease_until = NULL, due = $4
         WHERE id = $1 AND owner = $2 AND epoch = $3 AND state IN (2, 3)");
    ours(statement, claimed)
}

fn repeat(claimed: &Claimed) -> Statement {
    let statement = sql("UPDATE inbox SET state = 2, owner = NULL, lease_until = NULL, due = $4,
                repeats = repeats + 1, reason = $5
         WHERE id = $1 AND owner = $2 AND epoch = $3 AND state = 3");
    ours(statement, claimed)
}

/// Names the row, and the claim that must still hold.
fn ours(statement: Statement, claimed: &Claimed) -> Statement {
    statement.bind(claimed.row).bind(claimed.owner).bind(claimed.epoch)
}

fn only_one(changed: u64) -> Result<(), Error> {
    if changed == 1 { Ok(()) } else { Err(Error::Stale) }
}
