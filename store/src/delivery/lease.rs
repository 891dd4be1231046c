//! Leasing: what is sent next, looked at once more before it is taken.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::quiet::end_of_quiet;
use super::{DeliveryKey, LeaseTerms, Leased, WEEK};
use crate::campaign::is_routine;
use crate::database::{Dialect, Row, Transaction, sql};
use crate::{
    Address, CampaignId, CampaignKind, Error, Hold, LeaveToken, Store, SubscriberId, segment,
};

/// Most rows looked at in one transaction: at night nearly all of them may be put off.
const LOOKED_AT: i64 = 4096;

/// Whether anything of an account is due.
pub(super) const WAITING: [&str; 2] = [
    "SELECT 1 AS one FROM campaign WHERE state = 5 AND expires > $2 AND EXISTS (
         SELECT 1 FROM delivery INDEXED BY delivery_queue
         WHERE delivery.campaign = campaign.id AND account = $1 AND delivery.state < 2
           AND due <= $2)
     LIMIT 1",
    "SELECT 1::bigint AS one FROM campaign WHERE state = 5 AND expires > $2 AND EXISTS (
         SELECT 1 FROM delivery
         WHERE delivery.campaign = campaign.id AND account = $1 AND delivery.state < 2
           AND due <= $2)
     LIMIT 1",
];

/// What is due of one campaign on one account, with the subscriber as she is now.
/// `INDEXED BY`: without it `SQLite` may walk the rows that are done.
pub(super) fn due(dialect: Dialect) -> String {
    let (index, lock) = dialect
        .pick((" INDEXED BY delivery_queue", ""), ("", " FOR UPDATE OF delivery SKIP LOCKED"));
    format!(
        "SELECT delivery.recipient AS recipient, attempt, id, channel, subscriber.account AS account,
                chat, region, role, language, quiet_from, quiet_until, active, outlet, leave_token,
                (SELECT COUNT(*) FROM routine WHERE routine.recipient = delivery.recipient
                    AND routine.campaign <> $1 AND routine.at > $4) AS had
         FROM delivery{index} LEFT JOIN subscriber ON subscriber.number = delivery.recipient
         WHERE delivery.campaign = $1 AND delivery.account = $2 AND delivery.state < 2 AND due <= $3
         ORDER BY due, recipient LIMIT $5{lock}"
    )
}

/// A campaign that is on its way.
#[derive(Clone, Copy)]
struct Live {
    id: CampaignId,
    version: i64,
    urgent: bool,
    routine: bool,
    expires: Timestamp,
}

/// What is decided about rows of one campaign.
#[derive(Default)]
struct Decided {
    leased: Vec<i64>,
    skipped: BTreeMap<&'static str, Vec<i64>>,
    /// By the second at which they are looked at again.
    put_off: BTreeMap<i64, Vec<i64>>,
}

impl Store {
    /// Leases what is due on the account of `hold`: urgent campaigns first, then the older ones.
    ///
    /// Looked at again for each: who has left or became inactive is skipped, and so is who has had her
    /// week's routine messages; who sleeps is put off until her quiet hours end, or skipped where the
    /// campaign expires before. Urgent campaigns heed neither sleep nor cap. Where thousands sleep, a
    /// call may return nothing although more wait.
    ///
    /// # Errors
    /// [`Error::Stale`] when something is due and the account is no longer ours.
    pub async fn lease(
        &self,
        hold: &Hold,
        terms: LeaseTerms,
        now: Timestamp,
    ) -> Result<Vec<Leased>, Error> {
        let [sqlite, postgres] = WAITING;
        let waiting =
            sql(self.dialect().pick(sqlite, postgres)).bind(hold.number).bind(now.as_second());
        if self.row(waiting).await?.is_none() {
            return Ok(Vec::new());
        }
        let hold = hold.clone();
        self.write(move |transaction| {
            Box::pin(async move {
                hold.check(transaction).await?;
                let mut leased = Vec::new();
                let mut budget = LOOKED_AT.max(i64::from(terms.limit));
                for live in live(transaction, now).await? {
                    while let Some(most) = room(&leased, terms, budget) {
                        let rows = look(transaction, live, (&hold, now), most).await?;
                        budget -= i64::try_from(rows.len()).unwrap_or(i64::MAX);
                        let decided = decide(&rows, live, terms, now, &mut leased)?;
                        decided.apply(transaction, live, (&hold, terms), now).await?;
                        if i64::try_from(rows.len()).unwrap_or(i64::MAX) < most {
                            break;
                        }
                    }
                }
                Ok(leased)
            })
        })
        .await
    }
}

/// How many more may be looked at.
fn room(leased: &[Leased], terms: LeaseTerms, budget: i64) -> Option<i64> {
    let taken = i64::try_from(leased.len()).unwrap_or(i64::MAX);
    let room = (i64::from(terms.limit) - taken).min(budget);
    (room > 0).then_some(room)
}

/// The campaigns on their way, the next one first. On the server none is paused or stopped before this
/// transaction ends.
async fn live(transaction: &mut Transaction, now: Timestamp) -> Result<Vec<Live>, Error> {
    let lock = transaction.dialect().pick("", " FOR SHARE");
    let text = format!(
        "SELECT id, version, kind, urgent, expires FROM campaign
         WHERE state = 5 AND expires > $1 ORDER BY urgent DESC, id{lock}"
    );
    let rows = transaction.rows(sql(sqlx::AssertSqlSafe(text)).bind(now.as_second())).await?;
    rows.iter()
        .map(|row| {
            let urgent = row.get("urgent")?;
            let kind = CampaignKind::from_code(row.get("kind")?);
            Ok(Live {
                id: CampaignId::new(row.get("id")?),
                version: row.get("version")?,
                urgent,
                routine: kind.is_none_or(|kind| is_routine(kind, urgent)),
                expires: row.instant("expires")?,
            })
        })
        .collect()
}

async fn look(
    transaction: &mut Transaction,
    live: Live,
    (hold, now): (&Hold, Timestamp),
    most: i64,
) -> Result<Vec<Row>, Error> {
    let statement = sql(sqlx::AssertSqlSafe(due(transaction.dialect())))
        .bind(live.id.number())
        .bind(hold.number)
        .bind(now.as_second())
        .bind(now.as_second() - WEEK.as_secs())
        .bind(most);
    transaction.rows(statement).await
}

/// Decides about each row; those to be sent go into `leased`.
fn decide(
    rows: &[Row],
    live: Live,
    terms: LeaseTerms,
    now: Timestamp,
    leased: &mut Vec<Leased>,
) -> Result<Decided, Error> {
    let mut decided = Decided::default();
    for row in rows {
        let recipient: i64 = row.get("recipient")?;
        match fate(row, live, terms, now)? {
            Fate::Lease => {
                decided.leased.push(recipient);
                leased.push(read(row, live, recipient)?);
            }
            Fate::Skip(reason) => decided.skipped.entry(reason).or_default().push(recipient),
            Fate::PutOff(second) => decided.put_off.entry(second).or_default().push(recipient),
        }
    }
    Ok(decided)
}

enum Fate {
    Lease,
    Skip(&'static str),
    PutOff(i64),
}

fn fate(row: &Row, live: Live, terms: LeaseTerms, now: Timestamp) -> Result<Fate, Error> {
    let Some(active) = row.get::<Option<bool>>("active")? else { return Ok(Fate::Skip("left")) };
    if !active {
        return Ok(Fate::Skip("inactive"));
    }
    if live.urgent || row.get("outlet")? {
        return Ok(Fate::Lease);
    }
    if live.routine && row.count("had")? >= u64::from(terms.weekly_cap) {
        return Ok(Fate::Skip("cap"));
    }
    let (from, until): (Option<i64>, Option<i64>) =
        (row.get("quiet_from")?, row.get("quiet_until")?);
    Ok(match from.zip(until).and_then(|(from, until)| end_of_quiet(from, until, now)) {
        None => Fate::Lease,
        Some(end) if end < live.expires => Fate::PutOff(end.as_second()),
        Some(_) => Fate::Skip("quiet"),
    })
}

fn read(row: &Row, live: Live, recipient: i64) -> Result<Leased, Error> {
    let damaged = || Error::from(sqlx::Error::Decode("a random name is damaged".into()));
    let before = row.count("attempt")?;
    Ok(Leased {
        key: DeliveryKey { campaign: live.id, recipient },
        version: live.version,
        subscriber: SubscriberId::parse(row.get("id")?).ok_or_else(damaged)?,
        address: Address::read(row)?,
        region: row.get("region")?,
        role: row.get("role")?,
        language: row.get("language")?,
        leave: LeaveToken::parse(row.get("leave_token")?).ok_or_else(damaged)?,
        attempt: u32::try_from(before + 1).unwrap_or(u32::MAX),
        urgent: live.urgent,
        expires: live.expires,
    })
}

impl Decided {
    async fn apply(
        self,
        transaction: &mut Transaction,
        live: Live,
        (hold, terms): (&Hold, LeaseTerms),
        now: Timestamp,
    ) -> Result<(), Error> {
        let dialect = transaction.dialect();
        let change = |columns: &str, recipients: &[i64]| {
            let text = format!(
                "UPDATE delivery SET {columns} WHERE campaign = $1 AND recipient IN ({})",
                segment::listed(dialect, 2)
            );
            sql(sqlx::AssertSqlSafe(text)).bind(live.id.number()).bind(segment::list(recipients))
        };
        if !self.leased.is_empty() {
            let columns = "state = 2, attempt = attempt + 1, epoch = $3, lease_until = $4, at = $5";
            let lease = change(columns, &self.leased)
                .bind(hold.epoch)
                .bind(terms.until.as_second())
                .bind(now.as_second());
            transaction.execute(lease).await?;
            if live.routine {
                reserve(transaction, live.id, &self.leased, now).await?;
            }
        }
        for (reason, recipients) in self.skipped {
            let columns = "state = 13, reason = $3, at = $4";
            let skip = change(columns, &recipients).bind(reason).bind(now.as_second());
            transaction.execute(skip).await?;
        }
        for (second, recipients) in self.put_off {
            let columns = "due = $3, reason = 'quiet'";
            transaction.execute(change(columns, &recipients).bind(second)).await?;
        }
        Ok(())
    }
}

/// Counts what is leased for the weekly cap, before it is sent: two campaigns at once must not both see room.
async fn reserve(
    transaction: &mut Transaction,
    id: CampaignId,
    recipients: &[i64],
    now: Timestamp,
) -> Result<(), Error> {
    let text = format!(
        "INSERT INTO routine (recipient, campaign, at)
         SELECT number, $1, $3 FROM ({}) AS given WHERE TRUE
         ON CONFLICT (recipient, campaign) DO UPDATE SET at = excluded.at",
        segment::listed(transaction.dialect(), 2)
    );
    let statement = sql(sqlx::AssertSqlSafe(text))
        .bind(id.number())
        .bind(segment::list(recipients))
        .bind(now.as_second());
    transaction.execute(statement).await.map(drop)
}
