//! The worker of an account: takes updates out of the inbox, chat by chat in order, has them handled,
//! and sends the stored replies.
//!
//! The order of commits is the promise. The reply is on disk with all its changes, and the row says
//! `sending`, before its request goes out; what was delivered is noted after it. So whatever kills the
//! process, the next one knows what was surely not sent, and repeats the rest word for word, counted
//! and listed. Commits are shared: all that waits for the disk at one moment goes there together, and
//! consecutive updates of one chat are handled and committed in batches.

mod carry;
mod run;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_store::{Account, Address, AfterDeath, Claimed, Completion, Run, Store};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub(crate) use carry::Carry;

use crate::Clock;

/// Chats of one account that are answered at the same time.
const CHATS: usize = 256;
/// What comes within this time is claimed together.
const GATHER: Duration = Duration::from_millis(4);
/// How often it is looked for retries that fall due and for claims of processes that died.
const TICK: Duration = Duration::from_secs(1);

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
    /// What an update comes to, after those in `carry`; called once for each, unless its process dies
    /// before the commit.
    fn handle(
        &self,
        claimed: &Claimed,
        carry: &Carry,
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
            if let Some(since) = claimed.filter(|since| since.elapsed() < GATHER) {
                tokio::time::sleep_until(since + GATHER).await;
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
}

fn log(error: &fenghuo_store::Error) {
    crate::failure::failed(error);
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
            _: &Carry,
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
        assert_eq!((counts.ready, counts.received), (2, 0));
        let account = Account::new("test", "main");
        let (entry, _) = store.find_update(&account, "1").await.expect("read").expect("there");
        assert_eq!((entry.sent_parts, entry.repeats), (1, 0));
    }

    #[tokio::test]
    async fn many_updates_of_a_chat_are_answered_in_order() {
        let bodies: Vec<String> = (0..200).map(|n| n.to_string()).collect();
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let said: Vec<String> = bodies.iter().map(|body| format!("7: {body}")).collect();
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        let (store, _folder) = check(&bodies, Vec::new(), &said).await;
        assert_eq!(store.inbox_counts().await.expect("counts").answered, 200);
    }

    #[tokio::test]
    async fn nothing_is_sent_after_what_was_put_off_wherever_it_stood() {
        for place in [1, 63, 64, 65, 130] {
            let mut ends = vec![Delivery::Later(Duration::from_secs(5))];
            ends.resize(place, Delivery::Done);
            let said = vec!["7: x"; place];
            let (store, _folder) = check(&["x"; 130], ends, &said).await;
            let counts = store.inbox_counts().await.expect("counts");
            let answered = u64::try_from(place).expect("few") - 1;
            assert_eq!(counts.answered, answered, "{place}: {counts:?}");
            // Nothing is left with us: another claim finds all of it, once it is due.
            assert_eq!((counts.handling, counts.sending), (0, 0), "{place}: {counts:?}");
            assert_eq!(counts.pending(), 130 - answered);
        }
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
