//! Marking what is about to be sent, and giving back what was not.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::DeliveryKey;
use crate::database::{Dialect, Transaction, sql};
use crate::{CampaignId, Error, Hold, Store, segment};

/// A marked row counts as unknown when nobody has completed it by then; longer than a request may take.
const SENDING: SignedDuration = SignedDuration::from_secs(60);

pub(super) fn mark(dialect: Dialect) -> String {
    format!(
        "UPDATE delivery SET state = 3, at = $5,
             lease_until = CASE WHEN lease_until > $6 THEN lease_until ELSE $6 END
         WHERE campaign = $1 AND recipient IN ({}) AND state = 2 AND account = $3 AND epoch = $4
         RETURNING recipient",
        segment::listed(dialect, 2)
    )
}

/// Queues rows again, the try not counted; `states` names the states they may be in.
pub(super) fn give_back(dialect: Dialect, states: &str) -> String {
    format!(
        "UPDATE delivery SET state = CASE WHEN attempt > 1 THEN 1 ELSE 0 END,
             attempt = attempt - 1, lease_until = NULL
         WHERE campaign = $1 AND recipient IN ({}) AND state IN ({states}) AND account = $3
           AND epoch = $4",
        segment::listed(dialect, 2)
    )
}

impl Store {
    /// Marks leased deliveries `sending` and returns those that may be sent now. Call it before each request.
    ///
    /// Left out is what is no longer ours, and what belongs to a campaign that was paused, stopped or has
    /// expired meanwhile; that goes back by itself.
    ///
    /// # Errors
    /// [`Error::Stale`] when the account is no longer ours; nothing may be sent.
    pub async fn mark_sending(
        &self,
        hold: &Hold,
        keys: Vec<DeliveryKey>,
        now: Timestamp,
    ) -> Result<Vec<DeliveryKey>, Error> {
        if keys.is_empty() {
            return Ok(keys);
        }
        let hold = hold.clone();
        self.write(move |transaction| {
            Box::pin(async move {
                hold.check(transaction).await?;
                let mut marked = Vec::with_capacity(keys.len());
                for (campaign, recipients) in by_campaign(keys) {
                    if is_live(transaction, campaign, now).await? {
                        mark_all(transaction, (&hold, campaign), &recipients, (now, &mut marked))
                            .await?;
                    } else {
                        back(transaction, (&hold, campaign), &recipients, "2").await?;
                    }
                }
                Ok(marked)
            })
        })
        .await
    }

    /// Gives back deliveries of which surely nothing was sent, leased or marked; the try does not count.
    /// Returns how many were ours.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hand_back(&self, hold: &Hold, keys: Vec<DeliveryKey>) -> Result<u64, Error> {
        let hold = hold.clone();
        self.write(move |transaction| {
            Box::pin(async move {
                let mut given = 0;
                for (campaign, recipients) in by_campaign(keys) {
                    given += back(transaction, (&hold, campaign), &recipients, "2, 3").await?;
                }
                Ok(given)
            })
        })
        .await
    }
}

fn by_campaign(keys: Vec<DeliveryKey>) -> BTreeMap<CampaignId, Vec<i64>> {
    let mut groups: BTreeMap<CampaignId, Vec<i64>> = BTreeMap::new();
    for DeliveryKey { campaign, recipient } in keys {
        groups.entry(campaign).or_default().push(recipient);
    }
    groups
}

/// Whether the campaign is on its way; on the server it stays so until this transaction ends.
async fn is_live(
    transaction: &mut Transaction,
    id: CampaignId,
    now: Timestamp,
) -> Result<bool, Error> {
    let text = transaction.dialect().pick(
        "SELECT id FROM campaign WHERE id = $1 AND state = 5 AND expires > $2",
        "SELECT id FROM campaign WHERE id = $1 AND state = 5 AND expires > $2 FOR SHARE",
    );
    let statement = sql(text).bind(id.number()).bind(now.as_second());
    Ok(transaction.row(statement).await?.is_some())
}

async fn mark_all(
    transaction: &mut Transaction,
    (hold, campaign): (&Hold, CampaignId),
    recipients: &[i64],
    (now, marked): (Timestamp, &mut Vec<DeliveryKey>),
) -> Result<(), Error> {
    let statement = sql(sqlx::AssertSqlSafe(mark(transaction.dialect())))
        .bind(campaign.number())
        .bind(segment::list(recipients))
        .bind(hold.number)
        .bind(hold.epoch)
        .bind(now.as_second())
        .bind((now + SENDING).as_second());
    for row in transaction.rows(statement).await? {
        marked.push(DeliveryKey { campaign, recipient: row.get("recipient")? });
    }
    Ok(())
}

async fn back(
    transaction: &mut Transaction,
    (hold, campaign): (&Hold, CampaignId),
    recipients: &[i64],
    states: &str,
) -> Result<u64, Error> {
    let statement = sql(sqlx::AssertSqlSafe(give_back(transaction.dialect(), states)))
        .bind(campaign.number())
        .bind(segment::list(recipients))
        .bind(hold.number)
        .bind(hold.epoch);
    transaction.execute(statement).await
}
