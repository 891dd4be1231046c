//! Completing: how deliveries went, and what follows from it for their subscribers, in one commit.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::{DeliveryKey, DeliveryOutcome, DeliveryState, REPEATS};
use crate::database::{Dialect, Transaction, sql, without_nul};
use crate::scrub::without_addresses;
use crate::{CampaignId, Error, Hold, Store, UnknownPolicy, outlet, segment};

/// Longer reasons are cut: what a channel says is not ours to trust.
const REASON: usize = 200;

/// Writes the outcomes in place 1: `[campaign, recipient, state, due, resend, reason, provider id]`.
///
/// A row that was not marked cannot have been sent. One that others have listed as unknown takes the truth
/// from whoever had sent it, if the row was not given to somebody else.
pub(super) fn complete(dialect: Dialect) -> String {
    let done = match dialect {
        Dialect::Sqlite => {
            "SELECT value->>0 AS c, value->>1 AS r, value->>2 AS s, value->>3 AS due,
                    value->>4 AS again, value->>5 AS reason, value->>6 AS provider
             FROM json_each($1)"
        }
        Dialect::Postgres => {
            "SELECT (value->>0)::bigint AS c, (value->>1)::bigint AS r, (value->>2)::bigint AS s,
                    (value->>3)::bigint AS due, (value->>4)::bigint AS again,
                    value->>5 AS reason, value->>6 AS provider
             FROM jsonb_array_elements($1::jsonb)"
        }
    };
    format!(
        "UPDATE delivery SET
             state = CASE WHEN done.again = 1 AND repeats < {REPEATS} THEN 1 ELSE done.s END,
             repeats = repeats + CASE WHEN done.again = 1 AND repeats < {REPEATS} THEN 1 ELSE 0 END,
             due = done.due, reason = done.reason, provider_id = done.provider,
             lease_until = NULL, at = $2
         FROM ({done}) AS done
         WHERE delivery.campaign = done.c AND delivery.recipient = done.r
           AND delivery.account = $3 AND delivery.epoch = $4
           AND (delivery.state = 3 OR (delivery.state = 2 AND done.s <> 10 AND done.s <> 12)
                OR (delivery.state = 12 AND (done.s = 10 OR done.s = 11)))
         RETURNING campaign, recipient"
    )
}

/// What follows for subscribers.
#[derive(Default)]
struct Follows {
    failed: BTreeMap<CampaignId, Vec<i64>>,
    gone: Vec<i64>,
    moved: Vec<(i64, String)>,
}

impl Store {
    /// Notes how deliveries went, with all that follows from it, in one commit. Returns how many were written.
    ///
    /// Written is what this holder has leased or marked and nobody has taken over since; also over an
    /// `unknown` that others noted because this process seemed dead. The rest is left as it is.
    ///
    /// # Errors
    /// When the query fails; then nothing was written.
    pub async fn complete_deliveries(
        &self,
        hold: &Hold,
        outcomes: Vec<(DeliveryKey, DeliveryOutcome)>,
        now: Timestamp,
    ) -> Result<u64, Error> {
        if outcomes.is_empty() {
            return Ok(0);
        }
        let hold = hold.clone();
        self.write(move |transaction| {
            Box::pin(async move {
                let again = resending(transaction, &outcomes).await?;
                let rows: Vec<Json> = outcomes
                    .iter()
                    .map(|(key, outcome)| line(*key, outcome, &again, now))
                    .collect();
                let statement = sql(sqlx::AssertSqlSafe(complete(transaction.dialect())))
                    .bind(Json::Array(rows).to_string())
                    .bind(now.as_second())
                    .bind(hold.number)
                    .bind(hold.epoch);
                let mut written = HashSet::new();
                for row in transaction.rows(statement).await? {
                    let campaign = CampaignId::new(row.get("campaign")?);
                    written.insert(DeliveryKey { campaign, recipient: row.get("recipient")? });
                }
                follow(transaction, outcomes, &written).await?;
                Ok(written.len() as u64)
            })
        })
        .await
    }
}

/// The campaigns whose policy is to send again what may have arrived.
async fn resending(
    transaction: &mut Transaction,
    outcomes: &[(DeliveryKey, DeliveryOutcome)],
) -> Result<HashSet<CampaignId>, Error> {
    let unknown = outcomes
        .iter()
        .filter(|(_, outcome)| matches!(outcome, DeliveryOutcome::Unknown { .. }))
        .map(|(key, _)| key.campaign);
    let mut again = HashSet::new();
    for campaign in unknown.collect::<HashSet<_>>() {
        let statement = sql("SELECT policy FROM campaign WHERE id = $1").bind(campaign.number());
        let Some(row) = transaction.row(statement).await? else { continue };
        if UnknownPolicy::from_code(row.get("policy")?) == Some(UnknownPolicy::Resend) {
            again.insert(campaign);
        }
    }
    Ok(again)
}

/// One outcome, as the statement reads it.
fn line(
    key: DeliveryKey,
    outcome: &DeliveryOutcome,
    again: &HashSet<CampaignId>,
    now: Timestamp,
) -> Json {
    let (state, due, reason, provider) = match outcome {
        DeliveryOutcome::Sent { provider_id } => {
            (DeliveryState::Sent, 0, None, provider_id.clone())
        }
        DeliveryOutcome::Retry { at, reason } => {
            (DeliveryState::Retry, at.as_second(), Some(reason), None)
        }
        DeliveryOutcome::Failed { reason, .. } => (DeliveryState::Failed, 0, Some(reason), None),
        DeliveryOutcome::Moved { .. } => (DeliveryState::Retry, now.as_second(), None, None),
        DeliveryOutcome::Unknown { reason } => (DeliveryState::Unknown, 0, Some(reason), None),
    };
    let resend = state == DeliveryState::Unknown && again.contains(&key.campaign);
    let reason = reason.map(|reason| cut(reason));
    let provider = provider.map(without_nul);
    let (campaign, resend) = (key.campaign.number(), i64::from(resend));
    json!([campaign, key.recipient, state.code(), due, resend, reason, provider])
}

/// Short, and without the address it may name.
fn cut(reason: &str) -> String {
    // Whole first, within bounds: half a number would not look like one.
    let head: String = reason.chars().take(REASON * 10).collect();
    without_nul(without_addresses(&head).chars().take(REASON).collect())
}

async fn follow(
    transaction: &mut Transaction,
    outcomes: Vec<(DeliveryKey, DeliveryOutcome)>,
    written: &HashSet<DeliveryKey>,
) -> Result<(), Error> {
    let mut follows = Follows::default();
    for (key, outcome) in outcomes {
        if !written.contains(&key) {
            continue;
        }
        match outcome {
            DeliveryOutcome::Failed { gone, .. } => {
                follows.failed.entry(key.campaign).or_default().push(key.recipient);
                if gone {
                    follows.gone.push(key.recipient);
                }
            }
            DeliveryOutcome::Moved { to } => follows.moved.push((key.recipient, to)),
            _ => {}
        }
    }
    follows.apply(transaction).await
}

impl Follows {
    async fn apply(self, transaction: &mut Transaction) -> Result<(), Error> {
        for (campaign, recipients) in self.failed {
            release(transaction, campaign, &recipients).await?;
        }
        if !self.gone.is_empty() {
            let text = format!(
                "UPDATE subscriber SET active = FALSE WHERE number IN ({})",
                segment::listed(transaction.dialect(), 1)
            );
            let statement = sql(sqlx::AssertSqlSafe(text)).bind(segment::list(&self.gone));
            transaction.execute(statement).await?;
        }
        for (number, to) in self.moved {
            relocate(transaction, number, &to).await?;
        }
        Ok(())
    }
}

/// What did not reach its recipients does not count for their weekly cap.
pub(super) async fn release(
    transaction: &mut Transaction,
    campaign: CampaignId,
    recipients: &[i64],
) -> Result<(), Error> {
    let text = format!(
        "DELETE FROM routine WHERE campaign = $1 AND recipient IN ({})",
        segment::listed(transaction.dialect(), 2)
    );
    let statement =
        sql(sqlx::AssertSqlSafe(text)).bind(campaign.number()).bind(segment::list(recipients));
    transaction.execute(statement).await.map(drop)
}

/// Gives a subscriber her new address; where somebody is subscribed there already, hers ends.
async fn relocate(transaction: &mut Transaction, number: i64, to: &str) -> Result<(), Error> {
    let statement = sql("UPDATE subscriber SET chat = $2 WHERE number = $1 AND NOT EXISTS (
             SELECT 1 FROM subscriber AS there
             WHERE there.channel = subscriber.channel AND there.account = subscriber.account
               AND there.chat = $2 AND there.number <> $1)")
    .bind(number)
    .bind(to);
    if transaction.execute(statement).await? == 0 {
        outlet::remove(transaction, number).await?;
    }
    Ok(())
}
