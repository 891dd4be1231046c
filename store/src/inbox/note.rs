//! Noting: how sending a reply goes, many at once.

use std::collections::HashSet;

use jiff::Timestamp;
use serde_json::json;

use super::complete::write;
use super::{Claimed, InboxState};
use crate::database::{Answers, Column, Dialect, Gathered, Queue, Transaction, list, listed, sql};
use crate::{Error, Store};

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

/// One step of a row this process has claimed.
#[derive(Clone, Debug)]
pub(crate) struct Note {
    row: i64,
    owner: i64,
    epoch: i64,
    step: Step,
}

#[derive(Clone, Debug)]
enum Step {
    /// May be on its way from now on.
    Begin,
    /// So many parts are delivered.
    Parts(i64),
    /// Nothing remains to be done.
    End { state: InboxState, reason: Option<String>, at: i64 },
    /// Sent again later; `again`: it may have arrived.
    Later { at: i64, again: Option<String> },
    /// Given back as it was before it was claimed.
    Release,
}

/// The kinds of steps, each a statement of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Begin,
    Parts,
    End,
    Later,
    Repeat,
    Release,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Begin, Self::Parts, Self::End, Self::Later, Self::Repeat, Self::Release];
}

impl Store {
    /// Marks a reply that was claimed ready: from now on it may be on its way. Call it before the
    /// request; [`super::Then::Send`] has done it already.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost; nothing may be sent.
    pub async fn begin_sending(&self, claimed: &Claimed) -> Result<(), Error> {
        self.gather(Note::new(claimed, Step::Begin)).await
    }

    /// Notes that the first `parts` parts of the reply were delivered; the next may be on its way.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost; the rest may not be sent.
    pub async fn confirm_parts(&self, claimed: &Claimed, parts: usize) -> Result<(), Error> {
        let parts = i64::try_from(parts).unwrap_or(i64::MAX);
        self.gather(Note::new(claimed, Step::Parts(parts))).await
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
        let end = |state, reason| Step::End { state, reason, at: now.as_second() };
        let step = match outcome {
            Outcome::Sent => end(InboxState::Answered, None),
            Outcome::Failed { reason } => end(InboxState::Failed, Some(reason)),
            Outcome::Unknown { reason } => end(InboxState::Unknown, Some(reason)),
            Outcome::Retry { at } => Step::Later { at: at.as_second(), again: None },
            Outcome::Repeat { at, reason } => {
                Step::Later { at: at.as_second(), again: Some(reason) }
            }
        };
        self.gather(Note::new(claimed, step)).await
    }

    /// Gives back an update that was claimed but not handled, or a ready reply not sent.
    ///
    /// # Errors
    /// [`Error::Stale`] when the claim was lost.
    pub async fn release(&self, claimed: &Claimed) -> Result<(), Error> {
        self.gather(Note::new(claimed, Step::Release)).await?;
        self.ring();
        Ok(())
    }
}

impl Note {
    fn new(claimed: &Claimed, step: Step) -> Self {
        Self { row: claimed.row, owner: claimed.owner, epoch: claimed.epoch, step }
    }

    fn kind(&self) -> Kind {
        match &self.step {
            Step::Begin => Kind::Begin,
            Step::Parts(_) => Kind::Parts,
            Step::End { .. } => Kind::End,
            Step::Later { again: None, .. } => Kind::Later,
            Step::Later { again: Some(_), .. } => Kind::Repeat,
            Step::Release => Kind::Release,
        }
    }

    /// As the statement reads it: row, owner, epoch, a number, a time, a reason.
    fn line(&self) -> serde_json::Value {
        let (number, at, reason) = match &self.step {
            Step::Begin | Step::Release => (None, None, None),
            Step::Parts(parts) => (Some(*parts), None, None),
            Step::End { state, reason, at } => (Some(state.code()), Some(*at), reason.as_ref()),
            Step::Later { at, again } => (None, Some(*at), again.as_ref()),
        };
        json!([self.row, self.owner, self.epoch, number, at, reason])
    }
}

impl Gathered for Note {
    type Answer = ();

    fn queue(store: &Store) -> &Queue<Self, ()> {
        &store.queues().notes
    }

    fn run<'t>(transaction: &'t mut Transaction, asked: &'t [Self]) -> Answers<'t, ()> {
        Box::pin(async move {
            let mut answers = Vec::with_capacity(asked.len());
            let mut rest = asked;
            while !rest.is_empty() {
                // Two steps of one row are two statements.
                let mut rows = HashSet::new();
                let until = rest.iter().position(|note| !rows.insert(note.row));
                let (some, later) = rest.split_at(until.unwrap_or(rest.len()));
                let written = note(transaction, some).await?;
                answers.extend(some.iter().map(|note| match written.contains(&note.row) {
                    true => Ok(()),
                    false => Err(Error::Stale),
                }));
                rest = later;
            }
            Ok(answers)
        })
    }
}

/// Writes steps of different rows; the rows that were ours.
async fn note(transaction: &mut Transaction, notes: &[Note]) -> Result<HashSet<i64>, Error> {
    let mut written = HashSet::new();
    for kind in Kind::ALL {
        let lines: Vec<_> =
            notes.iter().filter(|note| note.kind() == kind).map(Note::line).collect();
        if lines.is_empty() {
            continue;
        }
        let text = step(transaction.dialect(), kind);
        if kind == Kind::End {
            end(transaction, text, lines, &mut written).await?;
        } else {
            write(transaction, text, lines, &mut written).await?;
        }
    }
    Ok(written)
}

/// Ends rows. Where their chat asked to be forgotten, they are erased.
async fn end(
    transaction: &mut Transaction,
    text: String,
    lines: Vec<serde_json::Value>,
    written: &mut HashSet<i64>,
) -> Result<(), Error> {
    let statement = sql(sqlx::AssertSqlSafe(text)).bind(list(lines));
    for row in transaction.rows(statement).await? {
        let id = row.get("id")?;
        written.insert(id);
        if row.get("forget")? {
            let erase =
                sql("UPDATE inbox SET chat = NULL, body = NULL, reply = NULL WHERE id = $1");
            transaction.execute(erase.bind(id)).await?;
        }
    }
    Ok(())
}

/// Only what changes is named: a column that stands in an index costs, even where it stays the same.
pub(super) fn step(dialect: Dialect, kind: Kind) -> String {
    use Column::{Number, Text};
    let note = listed(
        dialect,
        &[
            Number("row_id"),
            Number("row_owner"),
            Number("row_epoch"),
            Number("number"),
            Number("at"),
            Text("why"),
        ],
    );
    let (set, from) = match kind {
        Kind::Begin => ("state = 3", "2, 3"),
        Kind::Parts => ("sent_parts = note.number", "3"),
        Kind::End => (
            "state = note.number, reason = COALESCE(note.why, reason), handled = note.at,
             owner = NULL, lease_until = NULL",
            "1, 2, 3",
        ),
        Kind::Later => ("state = 2, owner = NULL, lease_until = NULL, due = note.at", "2, 3"),
        Kind::Repeat => (
            "state = 2, owner = NULL, lease_until = NULL, due = note.at, repeats = repeats + 1,
             reason = note.why",
            "3",
        ),
        Kind::Release => (
            "owner = NULL, lease_until = NULL, state = CASE state WHEN 1 THEN 0 ELSE state END",
            "1, 2",
        ),
    };
    format!(
        "UPDATE inbox SET {set} FROM ({note}) AS note
         WHERE inbox.id = note.row_id AND inbox.owner = note.row_owner
           AND inbox.epoch = note.row_epoch AND inbox.state IN ({from})
         RETURNING id, forget"
    )
}
