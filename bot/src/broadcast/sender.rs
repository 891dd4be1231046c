//! What a channel does: it takes messages and says of each how it ended.

use std::future::Future;
use std::time::Duration;

use fenghuo_store::Address;
use jiff::Timestamp;

use super::{Limit, Outgoing};

/// How handing a message to a channel ended.
///
/// The line that matters runs between what surely did not happen and what may have: only the first is
/// tried again by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The channel has taken it.
    Sent {
        /// The channel's name for it.
        id: Option<String>,
    },
    /// Not sent: the channel wants the whole account to be silent for this long (429).
    RetryAfter(Duration),
    /// Not sent: this recipient can get nothing more for so long; others can.
    Busy(Duration),
    /// Not sent: no connection, or a refusal that is no fault of text or recipient. Tried again, slower each time.
    NotSent(String),
    /// Not sent and never will be.
    Unreachable {
        /// What the channel says, without address or text.
        reason: String,
        /// Nothing will reach this address any more: blocked, deleted, thrown out.
        gone: bool,
    },
    /// Not sent: the chat has this name now.
    Moved(String),
    /// Not sent, for a fault of the text, which all others would meet too: pauses the campaign.
    Rejected(String),
    /// It may have been sent: the request was written and no understandable answer came.
    Unknown(String),
}

/// A channel, as the pipeline sees it.
pub trait Sender: Send + Sync + 'static {
    /// Hands `message` to the channel. Takes at most [`Sender::patience`]; never tries again by itself after
    /// the request was written, unless the channel knows repeats by a key.
    fn send(&self, message: &Outgoing) -> impl Future<Output = Verdict> + Send;

    /// Hands over messages with the same text of one campaign, at most [`Sender::batch`]; one verdict each,
    /// in order.
    fn send_all(&self, messages: &[Outgoing]) -> impl Future<Output = Vec<Verdict>> + Send {
        async move {
            let mut verdicts = Vec::with_capacity(messages.len());
            for message in messages {
                verdicts.push(self.send(message).await);
            }
            verdicts
        }
    }

    /// How many recipients one request can carry.
    fn batch(&self) -> usize {
        1
    }

    /// Whether a repeat is known by its key and comes to nothing: what may have been sent is then sent again.
    fn idempotent(&self) -> bool {
        false
    }

    /// How long `send` may take.
    fn patience(&self) -> Duration {
        Duration::from_secs(20)
    }

    /// How fast the chat at `to` may get messages, however many campaigns there are.
    fn chat_limits(&self, to: &Address) -> &'static [Limit] {
        let _ = to;
        &[]
    }

    /// How long the channel is closed from `now` on, by a rule of its own: group robots at full and half hours.
    fn closed(&self, now: Timestamp) -> Option<Duration> {
        let _ = now;
        None
    }
}
