//! One turn for real: session from the store, the pure conversation, effects and session back.
//!
//! A database that fails must not keep anyone from the first thing to do in a fire: what cannot be
//! read is a fresh session, what cannot be written is logged and lost.

use std::sync::Arc;

use fenghuo_site::World;
use fenghuo_store::SessionId;
use jiff::Timestamp;

use super::BotState;
use crate::channel::{Person, Sent, changes, known};
use crate::conversation::{Gap, Message, Reply, Session, respond};

/// A session as a channel holds it.
pub(crate) struct Open {
    pub(crate) id: SessionId,
    pub(crate) session: Session,
}

impl BotState {
    /// The session `id`, or a new one where it is absent, forged or over.
    pub(crate) async fn open_session(&self, id: Option<&str>, now: Timestamp) -> Open {
        let Some(id) = id.and_then(SessionId::parse) else {
            return Open { id: new_id(), session: Session::default() };
        };
        let stored = self.store.load_session(&id, now).await.unwrap_or_else(|error| {
            log(&error);
            None
        });
        // An id we do not know is not taken over: nobody may choose the id of another's session.
        let id = if stored.is_some() { id } else { new_id() };
        Open { id, session: Session::read(stored.as_deref()) }
    }

    /// Says `message` in the session; its new state is stored before the reply is returned.
    pub(crate) async fn take_turn(
        &self,
        world: &Arc<World>,
        open: Open,
        message: &Message,
        now: Timestamp,
    ) -> Reply {
        let said = Some((&open.session, message));
        let facts = known(world, &self.store, &Sent::default(), said, now).await;
        let turn = respond(world, open.session, &facts, message, now);
        let person = Person { session: &open.id, address: None };
        if let Err(error) = self.store.apply(changes(&turn, &person), now).await {
            log(&error);
        }
        turn.reply
    }

    /// Files the gap an unanswered `question` shows.
    pub(crate) async fn file_gap(&self, question: &str, now: Timestamp) {
        if let Some(gap) = Gap::of(question)
            && let Err(error) = self.store.file_gap(&gap.question, &gap.key, now).await
        {
            log(&error);
        }
    }
}

fn new_id() -> SessionId {
    SessionId::from_bits(rand::random())
}

fn log(error: &fenghuo_store::Error) {
    crate::failure::failed(error);
}
