//! Bringing campaigns to their end: nothing left, time over, or stopped.

use jiff::Timestamp;

use super::complete::release;
use crate::actor::record;
use crate::database::{Dialect, Statement, Transaction, sql};
use crate::{Actor, CampaignId, CampaignState, Error, Store};

/// Deliveries noted as skipped in one transaction.
const SWEEP: i64 = 5000;

/// What [`Store::finish_campaigns`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Everything of these has gone out.
    pub done: Vec<CampaignId>,
    /// The time of these is over.
    pub expired: Vec<CampaignId>,
    /// Deliveries of stopped or expired campaigns noted as skipped.
    pub skipped: u64,
    /// Whether more are to be noted: call it again soon.
    pub more: bool,
}

/// Campaigns whose time is over before their end.
const OVERDUE: &str =
    "SELECT id, version FROM campaign WHERE state IN (3, 4, 5, 6) AND expires <= $1";

/// Whether anything of a campaign is still to be done.
pub(super) fn pending(dialect: Dialect) -> String {
    let (queue, active) =
        dialect.pick((" INDEXED BY delivery_queue", " INDEXED BY delivery_active"), ("", ""));
    format!(
        "EXISTS (SELECT 1 FROM delivery{queue}
                 WHERE delivery.campaign = campaign.id AND delivery.state < 2)
         OR EXISTS (SELECT 1 FROM delivery{active}
                 WHERE delivery.campaign = campaign.id AND delivery.state IN (2, 3))"
    )
}

/// Campaigns of which everything has gone out.
pub(super) fn exhausted(dialect: Dialect) -> String {
    let pending = pending(dialect);
    format!("SELECT id, version FROM campaign WHERE state = 5 AND materialised AND NOT ({pending})")
}

/// Stopped and expired campaigns whose rows are not all noted.
const UNSWEPT: &str = "SELECT id, state FROM campaign WHERE state > 10 AND NOT swept ORDER BY id";

pub(super) fn sweep(dialect: Dialect) -> String {
    let index = dialect.pick(" INDEXED BY delivery_queue", "");
    format!(
        "UPDATE delivery SET state = 13, reason = $2, at = $3
         WHERE campaign = $1 AND recipient IN (
             SELECT recipient FROM delivery{index} WHERE campaign = $1 AND state < 2 LIMIT $4)
           AND state < 2
         RETURNING recipient"
    )
}

/// What a sender that is gone has left of such a campaign: unsent, or unknown.
pub(super) fn abandon(dialect: Dialect) -> String {
    let index = dialect.pick(" INDEXED BY delivery_active", "");
    format!(
        "UPDATE delivery{index} SET
             state = CASE WHEN state = 2 THEN 0 ELSE 12 END,
             reason = CASE WHEN state = 2 THEN reason ELSE 'the sender died' END,
             lease_until = NULL, at = $2
         WHERE campaign = $1 AND state IN (2, 3) AND lease_until < $2"
    )
}

/// Leased rows of a campaign go back to the queue.
pub(super) fn release_leases(dialect: Dialect) -> String {
    let index = dialect.pick(" INDEXED BY delivery_active", "");
    format!(
        "UPDATE delivery{index} SET state = CASE WHEN attempt > 1 THEN 1 ELSE 0 END,
             attempt = attempt - 1, lease_until = NULL
         WHERE campaign = $1 AND state IN (2, 3) AND state = 2"
    )
}

impl Store {
    /// Ends campaigns that have nothing left to send, or whose time is over, and notes what was not sent any
    /// more. To be called every few seconds; at most some thousand rows a call.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn finish_campaigns(&self, now: Timestamp) -> Result<Finished, Error> {
        // Most of the time there is nothing to end: look before writing.
        let looks = [overdue(now), all_sent(self.dialect()), sql(UNSWEPT)];
        let mut idle = true;
        for look in looks {
            idle = idle && self.row(look).await?.is_none();
        }
        if idle {
            return Ok(Finished::default());
        }
        self.write(move |transaction| {
            Box::pin(async move {
                let expired =
                    end_all(transaction, overdue(now), CampaignState::Expired, now).await?;
                let sent = all_sent(transaction.dialect());
                let done = end_all(transaction, sent, CampaignState::Done, now).await?;
                let (skipped, more) = sweep_all(transaction, now).await?;
                // Last: the log is locked from the first entry on, and whoever waits for it may hold a
                // campaign that would be wanted here.
                log(transaction, &expired, CampaignState::Expired, now).await?;
                log(transaction, &done, CampaignState::Done, now).await?;
                Ok(Finished { done, expired, skipped, more })
            })
        })
        .await
    }
}

fn overdue(now: Timestamp) -> Statement {
    sql(OVERDUE).bind(now.as_second())
}

fn all_sent(dialect: Dialect) -> Statement {
    sql(sqlx::AssertSqlSafe(exhausted(dialect)))
}

/// Ends the campaigns that `which` finds.
async fn end_all(
    transaction: &mut Transaction,
    which: Statement,
    state: CampaignState,
    now: Timestamp,
) -> Result<Vec<CampaignId>, Error> {
    let rows = transaction.rows(which).await?;
    let mut ended = Vec::new();
    for row in &rows {
        let id = CampaignId::new(row.get("id")?);
        if state != CampaignState::Done {
            give_leases_back(transaction, id).await?;
        }
        let end = sql("UPDATE campaign SET state = $2, ended = $3, version = version + 1
             WHERE id = $1 AND version = $4")
        .bind(id.number())
        .bind(state.code())
        .bind(now.as_second())
        .bind(row.get::<i64>("version")?);
        // Another process may have ended it at this moment, or an official has paused or stopped it.
        if transaction.execute(end).await? == 0 {
            continue;
        }
        ended.push(id);
    }
    Ok(ended)
}

async fn log(
    transaction: &mut Transaction,
    ended: &[CampaignId],
    state: CampaignState,
    now: Timestamp,
) -> Result<(), Error> {
    let action = format!("campaign.{state}");
    for id in ended {
        record(transaction, &Actor::engine(), (&action, &id.to_string()), "", now).await?;
    }
    Ok(())
}

async fn sweep_all(transaction: &mut Transaction, now: Timestamp) -> Result<(u64, bool), Error> {
    let dialect = transaction.dialect();
    let mut skipped = 0;
    let rows = transaction.rows(sql(UNSWEPT)).await?;
    for row in &rows {
        let id = CampaignId::new(row.get("id")?);
        let reason = CampaignState::of(row.get("state")?).as_str();
        let abandoned = sql(sqlx::AssertSqlSafe(abandon(dialect))).bind(id.number());
        transaction.execute(abandoned.bind(now.as_second())).await?;
        let left = SWEEP - i64::try_from(skipped).unwrap_or(SWEEP);
        let statement = sql(sqlx::AssertSqlSafe(sweep(dialect)))
            .bind(id.number())
            .bind(reason)
            .bind(now.as_second())
            .bind(left);
        let swept = transaction.rows(statement).await?;
        let recipients = swept.iter().map(|row| row.get("recipient"));
        release(transaction, id, &recipients.collect::<Result<Vec<i64>, _>>()?).await?;
        skipped += swept.len() as u64;
        if i64::try_from(skipped).unwrap_or(SWEEP) >= SWEEP {
            return Ok((skipped, true));
        }
        let settle = format!(
            "UPDATE campaign SET swept = TRUE WHERE id = $1 AND NOT ({})",
            pending(dialect)
        );
        transaction.execute(sql(sqlx::AssertSqlSafe(settle)).bind(id.number())).await?;
    }
    Ok((skipped, false))
}

/// Queues again what of a campaign is leased and not marked.
pub(crate) async fn give_leases_back(
    transaction: &mut Transaction,
    id: CampaignId,
) -> Result<(), Error> {
    let text = release_leases(transaction.dialect());
    transaction.execute(sql(sqlx::AssertSqlSafe(text)).bind(id.number())).await.map(drop)
}
