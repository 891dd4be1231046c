//! Many callers, one statement: what comes while the database is busy is carried out together.
//!
//! Each caller waits for the commit that holds its own change. Should a batch fail, every change in it is
//! tried once more alone, so that one which cannot be carried out fails for itself.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::{Pending, Transaction};
use crate::{Error, Store};

type Caller<A> = oneshot::Sender<Result<A, Error>>;

/// What of one kind waits to be carried out.
pub(crate) struct Queue<Q, A>(Arc<Mutex<Waiting<Q, A>>>);

struct Waiting<Q, A> {
    asked: Vec<Q>,
    callers: Vec<Caller<A>>,
    /// Somebody is on the way to fetch them.
    called: bool,
}

impl<Q, A> Default for Queue<Q, A> {
    fn default() -> Self {
        let empty = Waiting { asked: Vec::new(), callers: Vec::new(), called: false };
        Self(Arc::new(Mutex::new(empty)))
    }
}

impl<Q, A> Clone for Queue<Q, A> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<Q, A> Queue<Q, A> {
    /// Puts `asked` in; where nobody is called yet, somebody must be.
    fn put(&self, asked: Q) -> (oneshot::Receiver<Result<A, Error>>, bool) {
        let (caller, answer) = oneshot::channel();
        let mut waiting = self.lock();
        waiting.asked.push(asked);
        waiting.callers.push(caller);
        let first = !std::mem::replace(&mut waiting.called, true);
        (answer, first)
    }

    /// Takes all that waits; whoever comes from now on calls for somebody again, if `last`.
    fn take(&self, last: bool) -> (Vec<Q>, Vec<Caller<A>>) {
        let mut waiting = self.lock();
        let taken = (std::mem::take(&mut waiting.asked), std::mem::take(&mut waiting.callers));
        waiting.called = !last && !taken.0.is_empty();
        taken
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting<Q, A>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A change that is carried out together with others of its kind.
pub(crate) trait Gathered: Send + Sync + Sized + 'static {
    /// What its caller hears.
    type Answer: Send + 'static;

    /// Where such changes wait.
    fn queue(store: &Store) -> &Queue<Self, Self::Answer>;

    /// Carries out `asked`, in this order; one answer for each.
    fn run<'t>(transaction: &'t mut Transaction, asked: &'t [Self]) -> Answers<'t, Self::Answer>;
}

/// What became of each; or that none was carried out.
pub(crate) type Answers<'t, A> = Pending<'t, Result<Vec<Result<A, Error>>, Error>>;

/// A question that is asked together with others of its kind.
pub(crate) trait Asked: Send + Sync + Sized + 'static {
    /// What its caller hears.
    type Answer: Send + 'static;

    /// Where such questions wait.
    fn queue(store: &Store) -> &Queue<Self, Self::Answer>;

    /// Answers `asked`, one for each.
    fn run(
        store: &Store,
        asked: &[Self],
    ) -> impl Future<Output = Result<Vec<Self::Answer>, Error>> + Send;
}

impl Store {
    /// Carries out `asked` in the next commit with a place; what it returns is on disk.
    pub(crate) async fn gather<Q: Gathered>(&self, asked: Q) -> Result<Q::Answer, Error> {
        let (answer, first) = Q::queue(self).put(asked);
        if first {
            tokio::spawn(carry_out::<Q>(self.clone()));
        }
        answer.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }

    /// Answers `asked` by what was committed before it was asked.
    pub(crate) async fn ask<Q: Asked>(&self, asked: Q) -> Result<Q::Answer, Error> {
        let (answer, first) = Q::queue(self).put(asked);
        if first {
            tokio::spawn(look_up::<Q>(self.clone()));
        }
        answer.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

type Slot<Q> = Arc<Mutex<Option<(Arc<Vec<Q>>, Vec<Caller<<Q as Gathered>::Answer>>)>>>;

async fn carry_out<Q: Gathered>(store: Store) {
    let queue = Q::queue(&store).clone();
    let slot: Slot<Q> = Arc::default();
    // Taken inside the transaction: what comes until it begins goes along.
    let (from, into) = (queue.clone(), Arc::clone(&slot));
    let result = store
        .write(move |transaction| {
            Box::pin(async move {
                let (asked, callers) = from.take(true);
                let asked = Arc::new(asked);
                let kept = (Arc::clone(&asked), callers);
                *into.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
                Q::run(transaction, &asked).await
            })
        })
        .await;
    let taken = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (asked, callers) = taken.unwrap_or_else(|| {
        let (asked, callers) = queue.take(true);
        (Arc::new(asked), callers)
    });
    match result {
        Ok(answers) => answers.into_iter().zip(callers).for_each(|(answer, caller)| {
            // A caller that has gone away needs no answer.
            drop(caller.send(answer));
        }),
        Err(error) if callers.len() == 1 => {
            callers.into_iter().for_each(|caller| drop(caller.send(Err(error.clone()))));
        }
        Err(_) => one_by_one(&store, &asked, callers).await,
    }
}

async fn one_by_one<Q: Gathered>(
    store: &Store,
    asked: &Arc<Vec<Q>>,
    callers: Vec<Caller<Q::Answer>>,
) {
    for (place, caller) in callers.into_iter().enumerate() {
        let asked = Arc::clone(asked);
        let result = store
            .write(move |transaction| {
                Box::pin(async move { Q::run(transaction, &asked[place..=place]).await })
            })
            .await;
        let only = |answers: Vec<_>| answers.into_iter().next();
        let answer = result.map(only).transpose().unwrap_or(Err(sqlx::Error::RowNotFound.into()));
        drop(caller.send(answer.and_then(|answer| answer)));
    }
}

async fn look_up<Q: Asked>(store: Store) {
    let queue = Q::queue(&store);
    loop {
        // Whoever is about to ask may come along.
        tokio::task::yield_now().await;
        let (asked, callers) = queue.take(false);
        if asked.is_empty() {
            return;
        }
        match Q::run(&store, &asked).await {
            Ok(answers) => answers.into_iter().zip(callers).for_each(|(answer, caller)| {
                drop(caller.send(Ok(answer)));
            }),
            Err(error) => {
                callers.into_iter().for_each(|caller| drop(caller.send(Err(error.clone()))));
            }
        }
    }
}
