//! What of each kind waits to be carried out together.

use crate::database::Queue;
use crate::inbox::{Arriving, Completing, Note};
use crate::session::LoadSession;
use crate::subscriber::FindSubscriber;
use crate::{Error, Forgotten, Received, Subscriber};

/// One queue a kind.
#[derive(Default)]
pub(crate) struct Queues {
    pub(crate) arriving: Queue<Arriving, Vec<Received>>,
    pub(crate) completing: Queue<Completing, Vec<Result<Vec<Forgotten>, Error>>>,
    pub(crate) notes: Queue<Note, ()>,
    pub(crate) sessions: Queue<LoadSession, Option<String>>,
    pub(crate) subscribers: Queue<FindSubscriber, Option<Subscriber>>,
}
