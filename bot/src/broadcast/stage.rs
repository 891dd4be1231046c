//! The four stages of a shift: lease, mark, send, book.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use fenghuo_store::{DeliveryKey, DeliveryOutcome, Error, Hold, LeaseTerms, Leased, Store};
use futures_util::FutureExt;
use jiff::Timestamp;
use tokio::time::Instant;

use super::event::{Event, Job};
use super::judge::after;
use super::shift::{Shift, TICK};
use super::words::Words;
use super::{Outgoing, Reader, Sender, Texts, Verdict};

impl<S: Sender, T: Texts> Shift<'_, S, T> {
    /// Fills the stock of leased rows. What has lain in it too long goes back.
    pub(super) fn lease(&mut self, now: Instant) {
        while let Some(job) = self.ready.pop_front_if(|job| now >= job.late) {
            self.give_back([job], now);
        }
        if now < self.look_at || !self.wants_more() {
            return;
        }
        // What cannot be sent within a second is not taken away from others.
        let second = Duration::from_secs(1) + TICK;
        if let Some(opens) = self.pace.opens(now)
            && opens > now + second
        {
            self.look_at = opens.checked_sub(second).unwrap_or(opens);
            return;
        }
        self.leasing = true;
        let (lease, usable) = self.lease_time();
        let lessor = Lessor {
            store: self.line.store.clone(),
            hold: self.hold.clone(),
            words: Arc::clone(&self.line.words),
            whole: self.line.sender.batch() > 1,
            now: self.line.clock.now(),
            late: now + usable,
        };
        let asked = self.stock() - self.ready.len();
        self.tasks.spawn(async move { lessor.lease(asked, lease).await });
    }

    /// Marks what goes out next, so far ahead that it is marked when it may leave.
    pub(super) fn mark(&mut self, now: Instant) {
        let ahead = self.ahead();
        if self.marking || self.ready.is_empty() || self.marked.len() * 2 > ahead {
            return;
        }
        if self.needs_mark_at(now).is_none_or(|needed| needed > now) {
            return;
        }
        let jobs = self.pick(ahead - self.marked.len(), now);
        if jobs.is_empty() {
            return;
        }
        self.marking = true;
        let (store, hold) = (self.line.store.clone(), self.hold.clone());
        let wall = self.line.clock.now();
        self.tasks.spawn(async move {
            let keys = jobs.iter().map(|job| job.key).collect();
            match store.mark_sending(&hold, keys, wall).await {
                Ok(ours) => Event::Marked { jobs, ours, begun: now },
                Err(error) => Event::NotMarked { jobs, error },
            }
        });
    }

    /// The first `most` rows whose chats are open; those that have lain too long go back.
    fn pick(&mut self, most: usize, now: Instant) -> Vec<Job> {
        let (mut picked, mut waiting) = (Vec::new(), Vec::new());
        while picked.len() < most
            && let Some(job) = self.ready.pop_front()
        {
            let limits = self.line.sender.chat_limits(&job.message.to);
            let chat = &job.message.to.chat;
            if now >= job.late {
                self.give_back([job], now);
            } else if self.chats.is_open(chat, limits, now) {
                self.chats.depart(chat, limits);
                picked.push(job);
            } else {
                waiting.push(job);
            }
        }
        for job in waiting.into_iter().rev() {
            self.ready.push_front(job);
        }
        picked
    }

    /// Sends what is marked, as the pace has it.
    pub(super) fn depart(&mut self, now: Instant) {
        while self.flying < self.most_flying() {
            let Some(first) = self.marked.front() else { return };
            let late = first.late;
            if now >= late {
                let job = self.marked.pop_front();
                self.release(job, now);
                continue;
            }
            if self.pace.opens(now).is_none_or(|opens| opens > now) {
                return;
            }
            let jobs = self.together();
            self.pace.depart(now);
            self.flying += 1;
            let sender = Arc::clone(&self.line.sender);
            self.tasks.spawn(async move { send(&*sender, jobs, late, now).await });
        }
    }

    /// The next marked rows that one request can carry. Those taken up again stay apart from new ones: a
    /// repeat must be the same request to be known as one.
    fn together(&mut self) -> Vec<Job> {
        let Some(first) = self.marked.pop_front() else { return Vec::new() };
        let mut jobs = vec![first];
        while jobs.len() < self.line.sender.batch() {
            let alike = |other: &mut Job| {
                let (one, other) = (&jobs[0].message, &other.message);
                Arc::ptr_eq(&one.text, &other.text) && one.attempt == other.attempt
            };
            let Some(job) = self.marked.pop_front_if(alike) else { break };
            jobs.push(job);
        }
        jobs
    }

    /// Writes down what has come of rows.
    pub(super) fn book(&mut self, now: Instant) {
        if self.booking || !self.has_to_book() || !self.is_booking_due(now) {
            return;
        }
        self.booking = true;
        let landed = std::mem::take(&mut self.landed);
        let returned = std::mem::take(&mut self.returned);
        let (store, hold) = (self.line.store.clone(), self.hold.clone());
        let wall = self.line.clock.now();
        self.tasks.spawn(async move {
            match write(&store, &hold, (&landed, &returned), wall).await {
                Ok(()) => Event::Booked,
                Err(error) => Event::NotBooked { landed, returned, error },
            }
        });
    }
}

async fn write(
    store: &Store,
    hold: &Hold,
    (landed, returned): (&[(DeliveryKey, DeliveryOutcome)], &[DeliveryKey]),
    now: Timestamp,
) -> Result<(), Error> {
    if !landed.is_empty() {
        store.complete_deliveries(hold, landed.to_vec(), now).await?;
    }
    if !returned.is_empty() {
        store.hand_back(hold, returned.to_vec()).await?;
    }
    Ok(())
}

/// One request. Looks at the watch first: it may be long that it was begun.
async fn send<S: Sender>(sender: &S, jobs: Vec<Job>, late: Instant, departed: Instant) -> Event {
    if Instant::now() >= late {
        return Event::Late { jobs, departed };
    }
    let messages: Vec<Outgoing> = jobs.iter().map(|job| job.message.clone()).collect();
    let sending = AssertUnwindSafe(sender.send_all(&messages)).catch_unwind();
    let mut verdicts = sending.await.unwrap_or_else(|_| {
        tracing::error!("a sender panicked");
        Vec::new()
    });
    let missing = || Verdict::Unknown("the sender says nothing of it".to_owned());
    verdicts.resize_with(jobs.len(), missing);
    Event::Landed { jobs, verdicts, departed }
}

/// What leasing needs.
struct Lessor<T> {
    store: Store,
    hold: Hold,
    words: Arc<Words<T>>,
    /// Rows of a campaign are taken when all of them stand in the ledger, for one request carries many.
    whole: bool,
    now: Timestamp,
    late: Instant,
}

impl<T: Texts> Lessor<T> {
    async fn lease(self, asked: usize, lease: Duration) -> Event {
        let limit = u32::try_from(asked).unwrap_or(u32::MAX);
        let terms = LeaseTerms::new(limit, after(self.now, lease));
        let leased = match self.store.lease(&self.hold, terms, self.now).await {
            Ok(leased) => leased,
            Err(error) => return Event::NotLeased(error),
        };
        let found = leased.len();
        let (mut jobs, mut wordless) = (Vec::with_capacity(found), Vec::new());
        for row in leased {
            let key = row.key;
            match self.job(row).await {
                Ok(Some(job)) => jobs.push(job),
                Ok(None) => wordless.push(key),
                // The new epoch clears up what is leased.
                Err(error) => return Event::NotLeased(error),
            }
        }
        Event::Leased { asked, found, jobs, wordless }
    }

    async fn job(&self, row: Leased) -> Result<Option<Job>, Error> {
        let reader = Reader {
            channel: row.address.account.channel.clone(),
            region: row.region,
            role: row.role,
            language: row.language,
        };
        if self.whole && !self.is_whole(row.key).await? {
            return Ok(None);
        }
        let found = self.words.find(row.key.campaign, reader, self.now).await?;
        let Some(text) = found else { return Ok(None) };
        let message = Outgoing {
            campaign: row.key.campaign,
            recipient: row.subscriber,
            to: row.address,
            leave: row.leave,
            attempt: row.attempt,
            urgent: row.urgent,
            text,
        };
        Ok(Some(Job { key: row.key, message, late: self.late }))
    }

    async fn is_whole(&self, key: DeliveryKey) -> Result<bool, Error> {
        let campaign = self.store.campaign(key.campaign).await?;
        Ok(campaign.is_some_and(|campaign| campaign.materialised))
    }
}
