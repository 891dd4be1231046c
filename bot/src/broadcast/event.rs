//! What comes back from the things a shift has begun.

use std::collections::HashSet;
use std::time::Duration;

use fenghuo_store::{DeliveryKey, DeliveryOutcome, Error};
use tokio::task::JoinError;
use tokio::time::Instant;

use super::line::log;
use super::shift::{Ending, Shift};
use super::{Outgoing, Sender, Texts, Verdict};

/// After the store has failed it is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// A leased row with its words.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) key: DeliveryKey,
    pub(super) message: Outgoing,
    /// No request for it may begin after this.
    pub(super) late: Instant,
}

/// Something has come to its end.
#[derive(Debug)]
pub(super) enum Event {
    /// Rows were leased, `found` of them; some may have no words.
    Leased { asked: usize, found: usize, jobs: Vec<Job>, wordless: Vec<DeliveryKey> },
    /// Those of `jobs` whose keys are named are marked.
    Marked { jobs: Vec<Job>, ours: Vec<DeliveryKey>, begun: Instant },
    /// A request has been answered.
    Landed { jobs: Vec<Job>, verdicts: Vec<Verdict>, departed: Instant },
    /// It was too late to send it.
    Late { jobs: Vec<Job>, departed: Instant },
    /// What came of rows is written down.
    Booked,
    /// It is not; nobody knows what of it.
    NotBooked {
        landed: Vec<(DeliveryKey, DeliveryOutcome)>,
        returned: Vec<DeliveryKey>,
        error: Error,
    },
    /// Leasing failed.
    NotLeased(Error),
    /// Marking failed; some may be marked, none is sent.
    NotMarked { jobs: Vec<Job>, error: Error },
    /// Something beside the rows is done, or has failed.
    Noted(Result<(), Error>),
}

impl<S: Sender, T: Texts> Shift<'_, S, T> {
    /// Takes in what has come to its end.
    pub(super) fn take(&mut self, event: Result<Event, JoinError>) {
        let now = Instant::now();
        match event {
            Ok(Event::Leased { asked, found, jobs, wordless }) => {
                self.leasing = false;
                self.looked(found >= asked, now);
                self.returned.extend(wordless);
                self.ready.extend(jobs);
            }
            Ok(Event::Marked { jobs, ours, begun }) => {
                self.marked_in(now - begun);
                self.marked(jobs, ours, now);
            }
            Ok(Event::Landed { jobs, verdicts, departed }) => {
                self.land(&jobs, departed, now);
                for (job, verdict) in jobs.iter().zip(verdicts) {
                    self.judge(job, verdict, now);
                }
            }
            Ok(Event::Late { jobs, departed }) => {
                self.land(&jobs, departed, now);
                self.give_back(jobs, now);
            }
            Ok(Event::Booked) => self.booking = false,
            Ok(Event::NotBooked { landed, returned, error }) => {
                self.booking = false;
                self.failed(&error);
                if self.ending != Some(Ending::Lost) {
                    self.landed.extend(landed);
                    self.returned.extend(returned);
                    self.book_at = now + AGAIN;
                }
            }
            Ok(Event::NotLeased(error)) => {
                self.leasing = false;
                self.failed(&error);
            }
            Ok(Event::NotMarked { jobs, error }) => {
                self.marking = false;
                self.release(jobs, now);
                self.failed(&error);
            }
            Ok(Event::Noted(Ok(()))) => {}
            Ok(Event::Noted(Err(error))) => log(&error),
            Err(error) => {
                tracing::error!(%error, "a part of the pipeline panicked");
                (self.leasing, self.marking, self.booking) = (false, false, false);
                self.end(Ending::Failed);
            }
        }
        // What came in after the end goes back as well.
        if let Some(ending) = self.ending {
            self.end(ending);
        }
    }

    fn marked(&mut self, jobs: Vec<Job>, ours: Vec<DeliveryKey>, now: Instant) {
        self.marking = false;
        let mut ours: HashSet<DeliveryKey> = ours.into_iter().collect();
        for mut job in jobs {
            // Removed, for a row leased twice may be sent once.
            if ours.remove(&job.key) {
                job.late = Self::marked_until(&job, now);
                self.marked.push_back(job);
            } else {
                self.chats.land(&job.message.to.chat, now);
            }
        }
    }

    fn land(&mut self, jobs: &[Job], departed: Instant, now: Instant) {
        self.flying -= 1;
        self.pace.land(departed, now);
        for job in jobs {
            self.chats.land(&job.message.to.chat, now);
        }
    }

    /// Marked, and surely not sent.
    pub(super) fn release(&mut self, jobs: impl IntoIterator<Item = Job>, now: Instant) {
        let jobs: Vec<Job> = jobs.into_iter().collect();
        for job in &jobs {
            self.chats.land(&job.message.to.chat, now);
        }
        self.give_back(jobs, now);
    }

    /// Surely not sent: others, or we later, may.
    pub(super) fn give_back(&mut self, jobs: impl IntoIterator<Item = Job>, now: Instant) {
        if self.ending == Some(Ending::Lost) {
            return;
        }
        self.stamp(now);
        self.returned.extend(jobs.into_iter().map(|job| job.key));
    }

    /// The first row to be written down decides when.
    pub(super) fn stamp(&mut self, now: Instant) {
        if !self.has_to_book() {
            self.book_at = now + super::shift::TICK;
        }
    }
}
