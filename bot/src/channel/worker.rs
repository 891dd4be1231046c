//! The worker of an account: takes updates out of the inbox, chat by chat in order, has them handled,
//! and sends the stored replies.
//!
//! The order of commits is the promise. The reply is on disk with all its changes before the first
//! request goes out; the row says `sending` before that request; what was delivered is noted after
//! it. So whatever kills the process, the next one knows what was surely not sent, and repeats the
//! rest word for word, counted and listed.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_store::{
    Account, Address, AfterDeath, Change, Claimed, Completion, Outcome, Run, Store, Then,
};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::Clock;

/// Chats of one account that are answered at the same time.
const CHATS: usize = 64;
/// A claim looks at everything that waits, so under load it is done for many chats at once: when so many
/// places are free …
const PLACES: usize = CHATS / 2;
/// … or after this long, so that slow chats do not keep others waiting.
const GATHER: Duration = Duration::from_millis(20);
/// A claim holds for a minute. Nothing new is begun after this much of it …
const BEGIN: Duration = Duration::from_secs(20);
/// … and no request after this much, so that its answer comes in time.
const REQUEST: Duration = Duration::from_secs(35);
/// How often it is looked for retries that fall due and for claims of processes that died.
const TICK: Duration = Duration::from_secs(1);
/// How often a reply that may have arrived is sent again before it is given up.
const MAX_REPEATS: u64 = 3;

/// How handing one part of a reply to a channel ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// It arrived.
    Done,
    /// It did not, and may be tried again after this time.
    Later(Duration),
    /// It did not: the chat has this name now.
    Moved(String),
    /// It did not and never will; `gone`: nothing will reach this address any more.
    Refused {
        /// What the channel says, without address or text.
        reason: String,
        /// Blocked, deleted, or thrown out.
        gone: bool,
    },
    /// It may have.
    Unknown(String),
}

/// What a channel does in the loop.
pub(crate) trait Carrier: Send + Sync + 'static {
    /// What an update comes to; called once for each, unless its process dies before the commit.
    fn handle(
        &self,
        claimed: &Claimed,
        now: Timestamp,
    ) -> impl Future<Output = Result<Completion, fenghuo_store::Error>> + Send;

    /// Hands one stored part of a reply to the channel, exactly as it stands.
    fn deliver(&self, address: &Address, part: &str) -> impl Future<Output = Delivery> + Send;
}

/// The worker of one account; clones share it.
pub(crate) struct Worker<C> {
    pub(crate) store: Store,
    pub(crate) account: Account,
    pub(crate) clock: Clock,
    pub(crate) carrier: Arc<C>,
}

impl<C> Clone for Worker<C> {
    fn clone(&self) -> Self {
        let Self { store, account, clock, carrier } = self;
        Self {
            store: store.clone(),
            account: account.clone(),
            clock: clock.clone(),
            carrier: Arc::clone(carrier),
        }
    }
}

impl<C: Carrier> Worker<C> {
    /// Works until `stop` changes, then finishes what it has begun.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let mut looked: Option<Instant> = None;
        let mut claimed: Option<Instant> = None;
        while !*stop.borrow() {
            while running.try_join_next().is_some() {}
            if let Some(since) = claimed.filter(|_| CHATS - running.len() < PLACES)
                && since.elapsed() < GATHER
            {
                tokio::select! {
                    () = tokio::time::sleep_until(since + GATHER) => {}
                    Some(_) = running.join_next(), if !running.is_empty() => {}
                    _ = stop.changed() => {}
                }
                continue;
            }
            claimed = Some(Instant::now());
            // By the clock, not when idle: under load nothing would ever be taken over.
            if looked.is_none_or(|looked| looked.elapsed() >= TICK) {
                self.recover().await;
                looked = Some(Instant::now());
            }
            let ear = self.store.listen();
            let runs = self.claim(CHATS.saturating_sub(running.len())).await;
            let idle = runs.is_empty();
            for run in runs {
                let worker = self.clone();
                running.spawn(async move { worker.take(run).await });
            }
            if !idle {
                continue;
            }
            tokio::select! {
                () = ear => {}
                () = tokio::time::sleep(TICK) => {}
                Some(_) = running.join_next(), if !running.is_empty() => {}
                _ = stop.changed() => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn recover(&self) {
        match self.store.recover(&self.account, AfterDeath::Repeat, self.clock.now()).await {
            Ok(found) if found != fenghuo_store::Recovered::default() => {
                tracing::warn!(
                    channel = self.account.channel,
                    account = self.account.name,
                    returned = found.returned,
                    ready = found.ready,
                    repeated = found.repeated,
                    "took over what a dead process had begun"
                );
            }
            Ok(_) => {}
            Err(error) => log(&error),
        }
    }

    async fn claim(&self, chats: usize) -> Vec<Run> {
        let chats = u32::try_from(chats).unwrap_or(u32::MAX);
        if chats == 0 {
            return Vec::new();
        }
        let claimed = self.store.claim(&self.account, chats, self.clock.now()).await;
        claimed.unwrap_or_else(|error| {
            log(&error);
            Vec::new()
        })
    }

    /// Handles the updates of one chat in order; what cannot be begun in time is given back.
    async fn take(&self, run: Run) {
        let begun = Instant::now();
        let mut updates = run.updates.into_iter();
        while let Some(claimed) = updates.next() {
            let go_on = begun.elapsed() < BEGIN && self.answer(&claimed, begun).await;
            if !go_on {
                for rest in updates.by_ref() {
                    self.note(self.store.release(&rest).await);
                }
                return;
            }
        }
    }

    /// Answers one update; whether the next one of the chat may be taken.
    async fn answer(&self, claimed: &Claimed, begun: Instant) -> bool {
        let parts = match &claimed.reply {
            Some(parts) => {
                let marked = self.store.begin_sending(claimed).await;
                self.note(marked).then(|| parts.clone())
            }
            None => self.handle(claimed).await,
        };
        match parts {
            Some(parts) if parts.is_empty() => true,
            Some(parts) => self.send(claimed, &parts, begun).await,
            None => false,
        }
    }

    /// Handles `claimed` and commits what comes of it; the parts to send.
    async fn handle(&self, claimed: &Claimed) -> Option<Vec<String>> {
        let now = self.clock.now();
        // In a task of its own: an update that makes us panic must not come back for ever.
        let (carrier, update) = (Arc::clone(&self.carrier), claimed.clone());
        let handling = tokio::spawn(async move { carrier.handle(&update, now).await });
        let completion = match handling.await {
            Ok(Ok(completion)) => Completion { then: Then::Send, ..completion },
            Ok(Err(error)) => {
                log(&error);
                self.note(self.store.release(claimed).await);
                return None;
            }
            Err(_) => {
                tracing::error!(row = claimed.row, "handling an update panicked; it is listed");
                let reason = "handling it panicked".to_owned();
                let noted = self.finish(claimed, Outcome::Failed { reason }).await;
                return noted.then(Vec::new);
            }
        };
        let parts = completion.reply.clone();
        let stored = self.store.complete(claimed, completion, now).await;
        self.note(stored.map(drop)).then_some(parts)
    }

    /// Sends the parts that have not been delivered, one after the other.
    async fn send(&self, claimed: &Claimed, parts: &[String], begun: Instant) -> bool {
        let mut address = claimed.address.clone();
        let mut sent = claimed.sent_parts.min(parts.len());
        while sent < parts.len() {
            if begun.elapsed() >= REQUEST {
                self.finish(claimed, Outcome::Retry { at: self.clock.now() }).await;
                return false;
            }
            match self.carrier.deliver(&address, &parts[sent]).await {
                Delivery::Done => {
                    sent += 1;
                    let last = sent == parts.len();
                    if !last && !self.note(self.store.confirm_parts(claimed, sent).await) {
                        return false;
                    }
                }
                Delivery::Moved(chat) if chat != address.chat => {
                    let to = address.account.address(chat);
                    self.apply(Change::Relocate { from: address, to: to.clone() }).await;
                    address = to;
                }
                other => return self.stop(claimed, &address, other).await,
            }
        }
        self.finish(claimed, Outcome::Sent).await
    }

    /// Notes that a part did not get through; whether the next update of the chat may be taken.
    async fn stop(&self, claimed: &Claimed, address: &Address, delivery: Delivery) -> bool {
        let now = self.clock.now();
        let after = |wait: Duration| {
            let wait = jiff::SignedDuration::try_from(wait).unwrap_or(jiff::SignedDuration::ZERO);
            now.saturating_add(wait).unwrap_or(now)
        };
        let (outcome, go_on) = match delivery {
            Delivery::Later(wait) => (Outcome::Retry { at: after(wait) }, false),
            Delivery::Unknown(reason) if claimed.repeats < MAX_REPEATS => {
                let wait = Duration::from_secs(1 << claimed.repeats);
                (Outcome::Repeat { at: after(wait), reason }, false)
            }
            Delivery::Unknown(reason) => (Outcome::Unknown { reason }, true),
            Delivery::Refused { reason, gone } => {
                if gone {
                    self.apply(Change::SetActive { address: address.clone(), active: false }).await;
                }
                (Outcome::Failed { reason }, true)
            }
            Delivery::Done | Delivery::Moved(_) => {
                (Outcome::Failed { reason: "the chat moves in circles".to_owned() }, true)
            }
        };
        self.finish(claimed, outcome).await && go_on
    }

    async fn apply(&self, change: Change) {
        let applied = self.store.apply(vec![change], self.clock.now()).await;
        self.note(applied.map(drop));
    }

    async fn finish(&self, claimed: &Claimed, outcome: Outcome) -> bool {
        self.note(self.store.finish(claimed, outcome, self.clock.now()).await)
    }

    /// Whether it went well; if not, another process has the claim or will take it over.
    fn note(&self, result: Result<(), fenghuo_store::Error>) -> bool {
        result.inspect_err(log).is_ok()
    }
}

fn log(error: &fenghuo_store::Error) {
    tracing::error!(error = error as &dyn std::error::Error, "store failed");
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use fenghuo_store::{InboxState, Listed, Update};
    use tempfile::TempDir;

    use super::*;

    /// Says back what was said, panics at `panic`, and writes down what it delivers.
    #[derive(Default)]
    struct Parrot {
        said: Mutex<Vec<String>>,
        /// How the next deliveries end, the next one last.
        ends: Mutex<Vec<Delivery>>,
    }

    impl Carrier for Parrot {
        async fn handle(
            &self,
            claimed: &Claimed,
            _: Timestamp,
        ) -> Result<Completion, fenghuo_store::Error> {
            assert_ne!(claimed.body, "panic");
            let reply = claimed.body.split('|').map(str::to_owned).collect();
            Ok(Completion { reply, ..Completion::default() })
        }

        async fn deliver(&self, address: &Address, part: &str) -> Delivery {
            self.said.lock().expect("not poisoned").push(format!("{}: {part}", address.chat));
            self.ends.lock().expect("not poisoned").pop().unwrap_or(Delivery::Done)
        }
    }

    async fn check(bodies: &[&str], ends: Vec<Delivery>, said: &[&str]) -> (Store, TempDir) {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("test.db")).await.expect("a store");
        let account = Account::new("test", "main");
        let updates = bodies.iter().zip(1..).map(|(body, id)| Update {
            id: format!("{id}"),
            chat: Some("7".to_owned()),
            body: (*body).to_owned(),
        });
        let now = "2026-11-10T04:00:00Z".parse().expect("an instant");
        store.receive(&account, updates.collect(), now).await.expect("received");
        let carrier = Arc::new(Parrot { ends: Mutex::new(ends), ..Parrot::default() });
        let worker = Worker {
            store: store.clone(),
            account,
            clock: Clock::fixed(now),
            carrier: Arc::clone(&carrier),
        };
        for run in worker.claim(9).await {
            worker.take(run).await;
        }
        assert_eq!(*carrier.said.lock().expect("not poisoned"), said);
        (store, folder)
    }

    #[tokio::test]
    async fn an_update_that_makes_us_panic_is_listed_and_the_next_one_is_answered() {
        let (store, _folder) = check(&["panic", "b"], Vec::new(), &["7: b"]).await;
        let failed = store.inbox(Listed::State(InboxState::Failed), 0, 9).await.expect("listed");
        assert_eq!(failed[0].reason.as_deref(), Some("handling it panicked"));
    }

    #[tokio::test]
    async fn what_is_put_off_holds_up_the_chat_and_delivered_parts_are_not_sent_again() {
        let ends = vec![Delivery::Later(Duration::from_secs(5)), Delivery::Done];
        let (store, _folder) = check(&["a|b|c", "d"], ends, &["7: a", "7: b"]).await;
        let counts = store.inbox_counts().await.expect("counts");
        assert_eq!((counts.ready, counts.received), (1, 1));
        let account = Account::new("test", "main");
        let (entry, _) = store.find_update(&account, "1").await.expect("read").expect("there");
        assert_eq!((entry.sent_parts, entry.repeats), (1, 0));
    }

    #[tokio::test]
    async fn what_may_have_arrived_is_counted_and_comes_back() {
        let ends = vec![Delivery::Unknown("reset".to_owned())];
        let (store, _folder) = check(&["a"], ends, &["7: a"]).await;
        let listed = store.inbox(Listed::Repeated, 0, 9).await.expect("listed");
        assert_eq!((listed[0].repeats, listed[0].state), (1, InboxState::Ready));
    }

    #[tokio::test]
    async fn a_chat_that_moves_is_followed_and_one_that_stays_where_it_is_given_up() {
        let ends = vec![Delivery::Moved("7".to_owned()), Delivery::Moved("8".to_owned())];
        let said = ["7: a", "8: a", "7: a"];
        let (store, _folder) = check(&["a"], ends, &said).await;
        assert_eq!(store.inbox_counts().await.expect("counts").answered, 1);
        let ends = vec![Delivery::Moved("7".to_owned())];
        let (store, _folder) = check(&["a"], ends, &["7: a"]).await;
        assert_eq!(store.inbox_counts().await.expect("counts").failed, 1);
    }
}
