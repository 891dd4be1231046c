//! Mails that come back after they were accepted.

use jiff::Timestamp;

use crate::{Error, Store, SubscriberId};

/// What the receiving side said of a mail that had been accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounce {
    /// There is no such address.
    Hard,
    /// Not for the moment.
    Soft,
    /// Its reader calls it spam.
    Complaint,
}

/// What followed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounced {
    /// There is no such subscriber; nothing was done.
    Unknown,
    /// This report was counted before.
    Repeated,
    /// It is the so-manieth in two weeks.
    Counted(u32),
    /// The address is not written to any more.
    Inactive,
    /// The subscription is deleted.
    Left,
}

impl Store {
    /// Notes that a mail to `subscriber` came back. `report` is a hash of the report.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn record_bounce(
        &self,
        subscriber: &SubscriberId,
        report: &str,
        bounce: Bounce,
        now: Timestamp,
    ) -> Result<Bounced, Error> {
        todo!("{subscriber:?} {report} {bounce:?} {now}")
    }
}
