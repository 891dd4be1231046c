//! Mails that come back after they were accepted.

use jiff::{SignedDuration, Timestamp};

use crate::database::{Transaction, sql};
use crate::{Error, Store, SubscriberId, outlet};

/// Soft ones are counted for so long.
pub(crate) const WINDOW: SignedDuration = SignedDuration::from_hours(14 * 24);

/// So many soft ones in that time, and the address is given up.
const SOFT: u32 = 3;

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
    /// So many have come back in two weeks.
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
        let find = sql("SELECT number FROM subscriber WHERE id = $1").bind(subscriber.as_str());
        let report = report.to_owned();
        self.write(move |transaction| {
            Box::pin(async move {
                let Some(row) = transaction.row(find).await? else { return Ok(Bounced::Unknown) };
                let number: i64 = row.get("number")?;
                if bounce == Bounce::Complaint {
                    outlet::remove(transaction, number).await?;
                    return Ok(Bounced::Left);
                }
                let note = sql("INSERT INTO bounce (recipient, report, at) VALUES ($1, $2, $3)
                     ON CONFLICT (recipient, report) DO NOTHING")
                .bind(number)
                .bind(report)
                .bind(now.as_second());
                if transaction.execute(note).await? == 0 {
                    return Ok(Bounced::Repeated);
                }
                count(transaction, number, bounce, now).await
            })
        })
        .await
    }
}

/// Gives the address up, or says how many mails have come back from it.
async fn count(
    transaction: &mut Transaction,
    number: i64,
    bounce: Bounce,
    now: Timestamp,
) -> Result<Bounced, Error> {
    let count = sql("SELECT COUNT(*) AS times FROM bounce WHERE recipient = $1 AND at > $2")
        .bind(number)
        .bind((now - WINDOW).as_second());
    let times = transaction.row(count).await?.map_or(Ok(0), |row| row.count("times"))?;
    let times = u32::try_from(times).unwrap_or(u32::MAX);
    if bounce == Bounce::Soft && times < SOFT {
        return Ok(Bounced::Counted(times));
    }
    let end = sql("UPDATE subscriber SET active = FALSE WHERE number = $1").bind(number);
    transaction.execute(end).await?;
    Ok(Bounced::Inactive)
}
