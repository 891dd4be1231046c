//! One holding of an account: lease, mark, send, book, over and over, all at the same time.
//!
//! The order is the promise. A row is leased before it is looked at; it is marked as being sent, on
//! disk, before its request begins; what came of it is on disk soon after. So whoever takes over knows
//! what was surely not sent, and lists the rest. A process that was frozen looks at its own watch before
//! every request: what it leased too long ago is no longer its own.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::Ordering;
use std::time::Duration;

use fenghuo_store::{CampaignId, DeliveryKey, DeliveryOutcome, Error, Hold};
use jiff::Timestamp;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::chat::Chats;
use super::event::{Event, Job};
use super::line::{Line, log};
use super::pace::{Limit, Pace};
use super::trouble::Trouble;
use super::{Sender, Texts};

/// Group commits cover this much time.
pub(super) const TICK: Duration = Duration::from_millis(25);
/// Marks cover a tick and what marking takes, but no more than this: what is marked is unknown after a death.
const MOST_AHEAD: Duration = Duration::from_millis(250);
/// How often the queue is looked into when nothing rings.
const LOOK: Duration = Duration::from_millis(500);
/// And never more often than that.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// After taking over nothing is sent for as long as the former holder's requests count, and a little.
const SILENCE: Duration = Duration::from_millis(1250);
/// What is marked is sent within this time or given back: no other process takes over that fast.
const MARKED: Duration = Duration::from_secs(10);
/// A lease outlives the patience of the sender by this much.
const LEASE: Duration = Duration::from_secs(40);
/// No request begins in the last part of a lease.
const MARGIN: Duration = Duration::from_secs(5);
/// Rows in one commit, at most.
const BATCH: usize = 500;
/// Requests on their way at once, at most.
const FLYING: usize = 256;

/// One holding of an account.
pub(super) struct Shift<'l, S, T> {
    pub(super) line: &'l Line<S, T>,
    pub(super) hold: Hold,
    pub(super) pace: Pace,
    pub(super) chats: Chats,
    /// Leased, in order.
    pub(super) ready: VecDeque<Job>,
    /// Marked as being sent.
    pub(super) marked: VecDeque<Job>,
    /// Surely not sent; to be given back.
    pub(super) returned: Vec<DeliveryKey>,
    /// To be written into the ledger.
    pub(super) landed: Vec<(DeliveryKey, DeliveryOutcome)>,
    pub(super) tasks: JoinSet<Event>,
    pub(super) flying: usize,
    pub(super) trouble: Trouble,
    /// Refusals in a row, by campaign.
    pub(super) refusals: HashMap<CampaignId, u32>,
    pub(super) leasing: bool,
    pub(super) marking: bool,
    pub(super) booking: bool,
    /// How long marking takes, lately.
    pub(super) mark_takes: Duration,
    /// When the queue is looked into next.
    pub(super) look_at: Instant,
    pub(super) book_at: Instant,
    /// Silence the channel has asked for, as far as it is written down.
    pub(super) blocked_until: Option<Timestamp>,
    answers_seen: usize,
    pub(super) ending: Option<Ending>,
}

/// Why a shift ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// We are told to stop.
    Stopped,
    /// The store has failed: what it did is not known, a new epoch clears it up.
    Failed,
    /// Another process has the account.
    Lost,
}

impl<'l, S: Sender, T: Texts> Shift<'l, S, T> {
    /// Begins a shift under `hold`.
    pub(super) fn new(line: &'l Line<S, T>, hold: Hold) -> Self {
        let now = Instant::now();
        let mut pace = Pace::new(line.rate, now);
        pace.rest(now + SILENCE);
        if let Some(until) = hold.blocked_until() {
            let left = Duration::try_from(until.duration_since(line.clock.now()));
            pace.rest(now + left.unwrap_or_default());
        }
        Self {
            line,
            hold,
            pace,
            chats: Chats::new(now),
            ready: VecDeque::new(),
            marked: VecDeque::new(),
            returned: Vec::new(),
            landed: Vec::new(),
            tasks: JoinSet::new(),
            flying: 0,
            trouble: Trouble::default(),
            refusals: HashMap::new(),
            leasing: false,
            marking: false,
            booking: false,
            mark_takes: Duration::ZERO,
            look_at: now,
            book_at: now,
            blocked_until: None,
            answers_seen: line.answers.load(Ordering::Relaxed),
            ending: None,
        }
    }

    /// Works until it must end, and then until everything that was begun is written down.
    pub(super) async fn work(mut self, stop: &mut watch::Receiver<bool>) {
        let store = self.line.store.clone();
        let mut ear = store.listen();
        while !self.is_over() {
            if *stop.borrow() {
                self.end(Ending::Stopped);
            }
            let now = Instant::now();
            self.begin(now);
            let wake = self.wake(now);
            tokio::select! {
                Some(event) = self.tasks.join_next(), if !self.tasks.is_empty() => self.take(event),
                () = tokio::time::sleep_until(wake) => {}
                () = &mut ear => {
                    ear = store.listen();
                    self.look_at = self.look_at.min(now + LOOK_AGAIN);
                }
                _ = stop.changed() => {}
            }
        }
        if self.ending == Some(Ending::Stopped)
            && let Err(error) = self.line.store.let_go(&self.hold).await
        {
            log(&error);
        }
    }

    /// Nothing new is begun; what is not on its way is given back.
    pub(super) fn end(&mut self, ending: Ending) {
        let lost = ending == Ending::Lost;
        // Lost is worse than failed, and failed than stopped.
        self.ending = Some(match self.ending {
            Some(Ending::Lost) => Ending::Lost,
            Some(Ending::Failed) if !lost => Ending::Failed,
            _ => ending,
        });
        let jobs = self.ready.drain(..).chain(self.marked.drain(..));
        let keys: Vec<DeliveryKey> = jobs.map(|job| job.key).collect();
        if !lost {
            self.returned.extend(keys);
        }
    }

    fn is_over(&self) -> bool {
        self.ending.is_some() && self.tasks.is_empty() && !self.has_to_book()
    }

    /// Begins whatever may begin.
    fn begin(&mut self, now: Instant) {
        self.count_answers(now);
        if let Some(left) = self.line.sender.closed(self.line.clock.now()) {
            self.pace.hush(now + left);
        }
        if self.ending.is_none() {
            self.lease(now);
            self.mark(now);
            self.depart(now);
        }
        self.book(now);
    }

    fn count_answers(&mut self, now: Instant) {
        let answers = self.line.answers.load(Ordering::Relaxed);
        let fresh = answers.wrapping_sub(self.answers_seen);
        if fresh > 0 {
            self.answers_seen = answers;
            self.pace.spent(fresh, now);
        }
    }

    /// When something may begin that cannot now, though nothing happens meanwhile.
    fn wake(&mut self, now: Instant) -> Instant {
        let mut wake = now + LOOK;
        if self.ending.is_none() && self.wants_more() {
            wake = wake.min(self.look_at);
        }
        if !self.booking && self.has_to_book() {
            wake = wake.min(self.book_at);
        }
        if !self.marked.is_empty()
            && self.flying < self.most_flying()
            && let Some(opens) = self.pace.opens(now)
        {
            wake = wake.min(opens);
        }
        if !self.marking
            && !self.ready.is_empty()
            && let Some(needed) = self.needs_mark_at(now)
        {
            // A chat that is not open yet is looked at a few times a tick.
            wake = wake.min(needed.max(now + TICK / 4));
        }
        wake
    }

    /// Whether something is to be written down.
    pub(super) fn has_to_book(&self) -> bool {
        !self.landed.is_empty() || !self.returned.is_empty()
    }

    /// Whether the stock runs low.
    pub(super) fn wants_more(&self) -> bool {
        !self.leasing && self.ready.len() * 2 <= self.stock()
    }

    /// Rows worth a second, so that an urgent campaign never waits longer for those leased before it.
    pub(super) fn stock(&self) -> usize {
        let worth = |limit: Limit| limit.worth(Duration::from_secs(1)).max(4);
        let rows = self.line.rate.own.map_or(BATCH * 2, worth);
        rows.min(BATCH * 2).max(self.line.sender.batch())
    }

    /// How far ahead rows are marked: a slow disk takes its time.
    fn horizon(&self) -> Duration {
        (TICK + self.mark_takes + self.mark_takes / 2).min(MOST_AHEAD)
    }

    /// Rows worth the horizon.
    pub(super) fn ahead(&self) -> usize {
        let rows = self.line.rate.own.map_or(BATCH, |limit| limit.worth(self.horizon()));
        rows.min(BATCH).max(self.line.sender.batch())
    }

    /// When more rows have to be marked, so that they are when they may leave; `None`: not before a
    /// request has been answered.
    pub(super) fn needs_mark_at(&mut self, now: Instant) -> Option<Instant> {
        let opens = self.pace.opens(now)?.max(now);
        let spacing = self.line.rate.own.map_or(Duration::ZERO, Limit::spacing);
        let left = u32::try_from(self.marked.len()).unwrap_or(u32::MAX);
        let used_up = opens + spacing.saturating_mul(left);
        Some(used_up.checked_sub(self.horizon()).unwrap_or(now))
    }

    /// Takes in how long marking took: a disk that was slow once is slow again for a while.
    pub(super) fn marked_in(&mut self, took: Duration) {
        self.mark_takes = took.max((self.mark_takes * 7 + took) / 8);
    }

    pub(super) fn most_flying(&self) -> usize {
        let worth = |limit: Limit| limit.worth(Duration::from_secs(2));
        self.line.rate.own.map_or(FLYING, worth).clamp(4, FLYING)
    }

    /// How long a row is ours, and how long a request for it may begin.
    pub(super) fn lease_time(&self) -> (Duration, Duration) {
        (LEASE + self.line.sender.patience(), LEASE - MARGIN)
    }

    /// Notes that the queue has been looked into; `full`: there may be more.
    pub(super) fn looked(&mut self, full: bool, now: Instant) {
        self.look_at = now + if full { Duration::ZERO } else { LOOK };
    }

    /// Until when a row marked at `now` may be sent.
    pub(super) fn marked_until(job: &Job, now: Instant) -> Instant {
        job.late.min(now + MARKED)
    }

    /// Whether the commit of what has landed should begin.
    pub(super) fn is_booking_due(&self, now: Instant) -> bool {
        now >= self.book_at || self.landed.len() + self.returned.len() >= BATCH
    }

    /// What a failure of the store means for the shift.
    pub(super) fn failed(&mut self, error: &Error) {
        if matches!(error, Error::Stale) {
            tracing::warn!(account = self.line.account.name, "another process has the account");
            self.end(Ending::Lost);
        } else {
            log(error);
            self.end(Ending::Failed);
        }
    }
}
