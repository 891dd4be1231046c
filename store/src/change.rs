//! What a message changes, as data: applied together, in one commit, with the reply or alone.

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
            Box::pin(async move { apply(transaction, changes, now).await })
        })
        .await
    }
}

pub(crate) async fn apply(
    transaction: &mut Transaction,
    changes: Vec<Change>,
    now: Timestamp,
) -> Result<Vec<Forgotten>, Error> {
    let mut forgotten = Vec::new();
    for change in changes {
        let statement = match &change {
            Change::SaveSession { id, state } => session::save(id, state, now),
            Change::ForgetSession { id } => session::forget(id),
            Change::FileGap { question, key } => gap::file(question, key, now),
            Change::RecordFeedback { doc, section, helpful } => {
                feedback::record(doc, section, *helpful, now)
            }
            Change::Subscribe { id, leave, address, subscription } => {
                let names = (id, leave);
                subscriber::subscribe(transaction, names, address, subscription, now).await?;
                continue;
            }
            Change::Leave { address } => {
                subscriber::end(transaction, address).await?;
                continue;
            }
            Change::SetActive { address, active } => subscriber::set_active(address, *active),
            Change::Relocate { from, to } => {
                transaction.execute(subscriber::relocate(from, to)).await?;
                // Still there: somebody is subscribed at the new address already.
                subscriber::end(transaction, from).await?;
                continue;
            }
            Change::Forget { address } => {
                forgotten.push(forget::forget(transaction, address).await?);
                continue;
            }
        };
        transaction.execute(statement).await?;
    }
    Ok(forgotten)
}
