//! One turn for real: session from the store, the pure conversation, effects and session back.
//!
//! A database that fails must not keep anyone from the first thing to do in a fire: what cannot be
//! read is a fresh session, what cannot be written is logged and lost.

use fenghuo_site::World;
use fenghuo_store::SessionId;
use jiff::{Timestamp, tz};

use super::BotState;
use crate::conversation::{Effect, Facts, Gap, Message, Reply, SeasonalNotice, Session, respond};

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
        world: &World,
        open: Open,
        message: &Message,
        now: Timestamp,
    ) -> Reply {
        let turn = respond(world, open.session, &facts(world), message, now);
        for effect in &turn.effects {
            if let Err(error) = self.commit(effect, now).await {
                log(&error);
            }
        }
        if let Err(error) = self.store.save_session(&open.id, &turn.session.write(), now).await {
            log(&error);
        }
        turn.reply
    }

    async fn commit(&self, effect: &Effect, now: Timestamp) -> Result<(), fenghuo_store::Error> {
        match effect {
            Effect::FileGap(gap) => self.file(gap, now).await,
            Effect::Subscribe(_) | Effect::Unsubscribe | Effect::Forget => Ok(()),
            Effect::Feedback { doc, section, helpful } => {
                self.store.record_feedback(doc, section, *helpful, now).await
            }
        }
    }

    async fn file(&self, gap: &Gap, now: Timestamp) -> Result<(), fenghuo_store::Error> {
        self.store.file_gap(&gap.question, &gap.key, now).await
    }

    /// Files the gap an unanswered `question` shows.
    pub(crate) async fn file_gap(&self, question: &str, now: Timestamp) {
        if let Some(gap) = Gap::of(question)
            && let Err(error) = self.file(&gap, now).await
        {
            log(&error);
        }
    }
}

/// What the site knows for the conversation.
pub(super) fn facts(world: &World) -> Facts {
    let notices = world.site.seasonal_notices().into_iter().filter_map(|(doc, expires)| {
        let expires = tz::offset(8).to_timestamp(expires).ok()?;
        Some(SeasonalNotice { doc, expires })
    });
    Facts { notices: notices.collect(), ..Facts::default() }
}

fn new_id() -> SessionId {
    SessionId::from_bits(rand::random())
}

fn log(error: &fenghuo_store::Error) {
    tracing::error!(error = error as &dyn std::error::Error, "store failed");
}
