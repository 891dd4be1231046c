//! Completing: the replies and all their messages change, in one commit.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{Claimed, InboxState, write_parts};
use crate::change::Applying;
use crate::database::{Answers, Column, Dialect, Gathered, Queue, Transaction, list, listed, sql};
use crate::{Change, Error, Forgotten, Store, hash};

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
    /// The caller keeps it, and sends it once it has marked it ([`Store::begin_sending`]).
    Keep,
    /// It is sent later, by whoever claims it.
    Queue,
    /// It goes out as the answer to the request that brought the update, or there is none.
    Done,
}

impl Store {
    /// Stores the reply to `claimed` with all it changes. For each [`Change::Forget`] in it, what was
    /// deleted. What others complete at the same time goes into the same commit.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost; nothing was written, nothing may be sent.
    pub async fn complete(
        &self,
        claimed: &Claimed,
        completion: Completion,
        now: Timestamp,
    ) -> Result<Vec<Forgotten>, Error> {
        let all = self.complete_run(vec![(claimed.clone(), completion)], now).await?;
        all.into_iter().next().unwrap_or(Err(Error::Stale))
    }

    /// The same for consecutive updates of one chat, in one commit; what became of each.
    ///
    /// # Errors
    /// When the query fails; then nothing was written.
    pub async fn complete_run(
        &self,
        run: Vec<(Claimed, Completion)>,
        now: Timestamp,
    ) -> Result<Vec<Result<Vec<Forgotten>, Error>>, Error> {
        self.gather(Completing { run, now }).await
    }
}

/// What a run has come to so far.
pub(crate) struct Completing {
    run: Vec<(Claimed, Completion)>,
    now: Timestamp,
}

impl Gathered for Completing {
    type Answer = Vec<Result<Vec<Forgotten>, Error>>;

    fn queue(store: &Store) -> &Queue<Self, Self::Answer> {
        &store.queues().completing
    }

    fn run<'t>(transaction: &'t mut Transaction, asked: &'t [Self]) -> Answers<'t, Self::Answer> {
        Box::pin(async move {
            let mut written = store_replies(transaction, asked).await?;
            let mut applying = Applying::default();
            let mut answers = Vec::with_capacity(asked.len());
            for Self { run, now } in asked {
                let mut answer = Vec::with_capacity(run.len());
                for (claimed, completion) in run {
                    answer.push(match written.remove(&claimed.row) {
                        true => Ok(applying.apply(transaction, &completion.changes, *now).await?),
                        false => Err(Error::Stale),
                    });
                }
                answers.push(Ok(answer));
            }
            applying.finish(transaction).await?;
            Ok(answers)
        })
    }
}

/// Writes the replies; the rows that were ours.
async fn store_replies(
    transaction: &mut Transaction,
    asked: &[Completing],
) -> Result<HashSet<i64>, Error> {
    let mut named = HashSet::new();
    let (mut kept, mut left) = (Vec::new(), Vec::new());
    for Completing { run, now } in asked {
        // The first one that names a row has it: a claim is completed once.
        for (claimed, completion) in run.iter().filter(|(claimed, _)| named.insert(claimed.row)) {
            let (state, keeps) = becomes(completion);
            let reply = write_parts(&completion.reply);
            let hash = hash::hash(&[&reply]);
            let handled = (state == InboxState::Answered).then(|| now.as_second());
            let Claimed { row, owner, epoch, .. } = claimed;
            let line = json!([row, owner, epoch, state.code(), reply, hash, handled]);
            if keeps { kept.push(line) } else { left.push(line) }
        }
    }
    let mut written = HashSet::new();
    for (keeps, lines) in [(true, kept), (false, left)] {
        if !lines.is_empty() {
            let text = complete(transaction.dialect(), keeps);
            write(transaction, text, lines, &mut written).await?;
        }
    }
    Ok(written)
}

/// The state after it, and whether the claim is kept.
fn becomes(completion: &Completion) -> (InboxState, bool) {
    let then = if completion.reply.is_empty() { Then::Done } else { completion.then };
    match then {
        Then::Send => (InboxState::Sending, true),
        Then::Keep => (InboxState::Ready, true),
        Then::Queue => (InboxState::Ready, false),
        Then::Done => (InboxState::Answered, false),
    }
}

/// Runs `text` over `lines`; the rows it changed.
pub(super) async fn write(
    transaction: &mut Transaction,
    text: String,
    lines: Vec<Json>,
    written: &mut HashSet<i64>,
) -> Result<(), Error> {
    let statement = sql(sqlx::AssertSqlSafe(text)).bind(list(lines));
    for row in transaction.rows(statement).await? {
        written.insert(row.get("id")?);
    }
    Ok(())
}

/// Only what changes is named: a column that stands in an index costs, even where it stays the same.
pub(super) fn complete(dialect: Dialect, keeps: bool) -> String {
    use Column::{Number, Text};
    let done = listed(
        dialect,
        &[
            Number("row_id"),
            Number("row_owner"),
            Number("row_epoch"),
            Number("becomes"),
            Text("words"),
            Text("digest"),
            Number("at"),
        ],
    );
    let left = if keeps { "" } else { ", handled = done.at, lease_until = NULL, owner = NULL" };
    format!(
        "UPDATE inbox SET reply = done.words, reply_hash = done.digest, state = done.becomes{left}
         FROM ({done}) AS done
         WHERE inbox.id = done.row_id AND inbox.owner = done.row_owner
           AND inbox.epoch = done.row_epoch AND inbox.state = 1
         RETURNING id"
    )
}
