//! What a message changes, as data: applied together, in one commit, with the reply or alone.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::database::Transaction;
use crate::{
    Address, Error, Forgotten, LeaveToken, Scrubbed, SessionId, Store, SubscriberId, Subscription,
    feedback, forget, gap, session, subscriber,
};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Writes the state of a session.
    SaveSession {
        /// The session.
        id: SessionId,
        /// Its state.
        state: String,
    },
    /// Ends a session.
    ForgetSession {
        /// The session.
        id: SessionId,
    },
    /// Counts a question nothing answered.
    FileGap {
        /// The question.
        question: Scrubbed,
        /// What equal questions share, made from the scrubbed text.
        key: String,
    },
    /// Counts a vote.
    RecordFeedback {
        /// Document id.
        doc: String,
        /// Anchor of the passage.
        section: String,
        /// The vote.
        helpful: bool,
    },
    /// Adds a subscriber or changes what she subscribes to.
    Subscribe {
        /// Her id, should she be new.
        id: SubscriberId,
        /// Her token to leave, should she be new.
        leave: LeaveToken,
        /// Where she is reached.
        address: Address,
        /// What she subscribes to.
        subscription: Subscription,
    },
    /// Ends the subscription at an address, which is deleted.
    Leave {
        /// The address.
        address: Address,
    },
    /// The channel says whether an address can be reached.
    SetActive {
        /// The address.
        address: Address,
        /// Whether it can.
        active: bool,
    },
    /// The channel has given a chat another name (`migrate_to_chat_id`).
    Relocate {
        /// The old address.
        from: Address,
        /// The new one, on the same account.
        to: Address,
    },
    /// Deletes everything that belongs to an address.
    Forget {
        /// The address.
        address: Address,
    },
}

impl Store {
    /// Applies `changes` together. For each [`Change::Forget`] among them, what was deleted.
    ///
    /// # Errors
    /// When the query fails; then none was applied.
    pub async fn apply(
        &self,
        changes: Vec<Change>,
        now: Timestamp,
    ) -> Result<Vec<Forgotten>, Error> {
        self.write(move |transaction| {
            Box::pin(async move {
                let mut applying = Applying::default();
                let forgotten = applying.apply(transaction, &changes, now).await?;
                applying.finish(transaction).await?;
                Ok(forgotten)
            })
        })
        .await
    }
}

/// Changes on their way: states of sessions are written together, the last one of each.
#[derive(Default)]
pub(crate) struct Applying<'c> {
    sessions: BTreeMap<&'c SessionId, (&'c str, Timestamp)>,
}

impl<'c> Applying<'c> {
    /// Applies `changes`, in order, after those before.
    pub(crate) async fn apply(
        &mut self,
        transaction: &mut Transaction,
        changes: &'c [Change],
        now: Timestamp,
    ) -> Result<Vec<Forgotten>, Error> {
        let mut forgotten = Vec::new();
        for change in changes {
            match change {
                Change::SaveSession { id, state } => {
                    self.sessions.insert(id, (state, now));
                }
                Change::FileGap { question, key } => {
                    transaction.execute(gap::file(question, key, now)).await?;
                }
                Change::RecordFeedback { doc, section, helpful } => {
                    let vote = feedback::record(doc, section, *helpful, now);
                    transaction.execute(vote).await?;
                }
                // What is about a person may be about her session.
                other => {
                    self.finish(transaction).await?;
                    forgotten.extend(one(transaction, other, now).await?);
                }
            }
        }
        Ok(forgotten)
    }

    /// Writes the states that wait.
    pub(crate) async fn finish(&mut self, transaction: &mut Transaction) -> Result<(), Error> {
        let sessions = std::mem::take(&mut self.sessions);
        if sessions.is_empty() {
            return Ok(());
        }
        let states = sessions.into_iter().map(|(id, (state, now))| (id, state, now));
        transaction.execute(session::save_all(transaction.dialect(), states)).await.map(drop)
    }
}

/// Applies a change of a person; what was deleted.
async fn one(
    transaction: &mut Transaction,
    change: &Change,
    now: Timestamp,
) -> Result<Option<Forgotten>, Error> {
    let statement = match change {
        Change::ForgetSession { id } => session::forget(id),
        Change::SetActive { address, active } => subscriber::set_active(address, *active),
        Change::Subscribe { id, leave, address, subscription } => {
            let names = (id, leave);
            subscriber::subscribe(transaction, names, address, subscription, now).await?;
            return Ok(None);
        }
        Change::Leave { address } => {
            subscriber::end(transaction, address).await?;
            return Ok(None);
        }
        Change::Relocate { from, to } => {
            transaction.execute(subscriber::relocate(from, to)).await?;
            // Still there: somebody is subscribed at the new address already.
            subscriber::end(transaction, from).await?;
            return Ok(None);
        }
        Change::Forget { address } => {
            return forget::forget(transaction, address).await.map(Some);
        }
        Change::SaveSession { .. } | Change::FileGap { .. } | Change::RecordFeedback { .. } => {
            return Ok(None);
        }
    };
    transaction.execute(statement).await.map(|_| None)
}
