//! Recovering what a sender had in hand when it died, and deciding about what nobody can know.

use jiff::Timestamp;

use super::REPEATS;
use crate::actor::{permit_person, record};
use crate::campaign::find;
use crate::database::{Dialect, Transaction, sql};
use crate::{Actor, CampaignId, CampaignState, Error, Hold, OfficialRole, Store};

/// What was taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecoveredDeliveries {
    /// Surely not sent, or harmless to send again: queued.
    pub requeued: u64,
    /// May have arrived, listed as unknown.
    pub unknown: u64,
    /// May have arrived, and will be sent again; listed too.
    pub resent: u64,
}

/// What of an account has no living holder any more: its epoch is another one, or its lease is over.
const LOST: &str = "state IN (2, 3) AND account = $1 AND (epoch <> $2 OR lease_until < $3)";

pub(super) fn lost(dialect: Dialect) -> String {
    let index = dialect.pick(" INDEXED BY delivery_active", "");
    format!("SELECT campaign FROM delivery{index} WHERE {LOST} LIMIT 1")
}

/// Leased and not marked: surely unsent.
pub(super) fn requeue(dialect: Dialect) -> String {
    let index = dialect.pick(" INDEXED BY delivery_active", "");
    format!(
        "UPDATE delivery{index} SET state = CASE WHEN attempt > 1 THEN 1 ELSE 0 END,
             attempt = attempt - 1, lease_until = NULL
         WHERE {LOST} AND state = 2"
    )
}

/// Marked: may have been sent. In place 5 whether the channel drops repeats itself.
pub(super) fn settle(dialect: Dialect) -> String {
    let index = dialect.pick(" INDEXED BY delivery_active", "");
    let resend = format!(
        "repeats < {REPEATS} AND (SELECT policy FROM campaign WHERE campaign.id = delivery.campaign) = 1"
    );
    format!(
        "UPDATE delivery{index} SET
             state = CASE WHEN $5 THEN 1 WHEN {resend} THEN 1 ELSE 12 END,
             repeats = repeats + CASE WHEN $5 THEN 0 WHEN {resend} THEN 1 ELSE 0 END,
             due = CASE WHEN $5 THEN $4 WHEN {resend} THEN $4 ELSE 0 END,
             reason = 'the sender died', lease_until = NULL, at = $4
         WHERE {LOST} AND state = 3
         RETURNING state"
    )
}

impl Store {
    /// Takes back what former holders of the account had in hand, and leases that are over.
    ///
    /// `repeatable`: the channel itself drops a message that comes twice (`clientmsgid`, idempotency
    /// key), so what may have arrived is simply sent again.
    ///
    /// # Errors
    /// [`Error::Stale`] when there is something to do and the account is no longer ours.
    pub async fn recover_deliveries(
        &self,
        hold: &Hold,
        repeatable: bool,
        now: Timestamp,
    ) -> Result<RecoveredDeliveries, Error> {
        let looks = sql(sqlx::AssertSqlSafe(lost(self.dialect())))
            .bind(hold.number)
            .bind(hold.epoch)
            .bind(now.as_second());
        if self.row(looks).await?.is_none() {
            return Ok(RecoveredDeliveries::default());
        }
        let hold = hold.clone();
        let recovered = self
            .write(move |transaction| {
                Box::pin(async move {
                    hold.check(transaction).await?;
                    recover(transaction, &hold, repeatable, now).await
                })
            })
            .await?;
        self.ring();
        Ok(recovered)
    }

    /// Decides what happens with all unknown deliveries of a campaign: sent again, or left at that. Returns
    /// how many. A campaign that was done goes on sending for it.
    ///
    /// # Errors
    /// [`Error::NotAllowed`]; [`Error::WrongState`] when it was stopped or has expired.
    pub async fn resolve_unknown(
        &self,
        id: CampaignId,
        resend: bool,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<u64, Error> {
        let actor = actor.clone();
        let resolved = self
            .write(move |transaction| {
                Box::pin(async move {
                    permit_person(transaction, &actor, OfficialRole::Approver).await?;
                    let resolved = resolve(transaction, id, resend, now).await?;
                    let detail = format!("resend={resend} deliveries={resolved}");
                    let subject = id.to_string();
                    record(transaction, &actor, ("campaign.resolve", &subject), &detail, now)
                        .await?;
                    Ok(resolved)
                })
            })
            .await?;
        self.ring();
        Ok(resolved)
    }
}

async fn recover(
    transaction: &mut Transaction,
    hold: &Hold,
    repeatable: bool,
    now: Timestamp,
) -> Result<RecoveredDeliveries, Error> {
    let dialect = transaction.dialect();
    let ours = |text: String| {
        sql(sqlx::AssertSqlSafe(text)).bind(hold.number).bind(hold.epoch).bind(now.as_second())
    };
    let mut recovered = RecoveredDeliveries {
        requeued: transaction.execute(ours(requeue(dialect))).await?,
        ..RecoveredDeliveries::default()
    };
    let settle = ours(settle(dialect)).bind(now.as_second()).bind(repeatable);
    for row in transaction.rows(settle).await? {
        match (row.get::<i64>("state")?, repeatable) {
            (12, _) => recovered.unknown += 1,
            (_, true) => recovered.requeued += 1,
            (_, false) => recovered.resent += 1,
        }
    }
    Ok(recovered)
}

async fn resolve(
    transaction: &mut Transaction,
    id: CampaignId,
    resend: bool,
    now: Timestamp,
) -> Result<u64, Error> {
    let campaign = find(transaction, id).await?;
    if !resend {
        // `due` below zero: an official has looked at it.
        let leave = sql("UPDATE delivery SET due = -1
             WHERE campaign = $1 AND state > 10 AND state = 12 AND due >= 0");
        return transaction.execute(leave.bind(id.number())).await;
    }
    match campaign.state {
        CampaignState::Sending | CampaignState::Paused | CampaignState::Done
            if campaign.draft.expires > now => {}
        _ if campaign.draft.expires <= now => {
            return Err(Error::WrongState { found: CampaignState::Expired });
        }
        found => return Err(Error::WrongState { found }),
    }
    let again = sql("UPDATE delivery SET state = 1, due = 0, repeats = repeats + 1, at = $2
         WHERE campaign = $1 AND state > 10 AND state = 12")
    .bind(id.number())
    .bind(now.as_second());
    let resolved = transaction.execute(again).await?;
    if resolved > 0 {
        let reopen = sql("UPDATE campaign SET version = version + 1, ended = NULL,
                 state = CASE WHEN state = 10 THEN 5 ELSE state END
             WHERE id = $1");
        transaction.execute(reopen.bind(id.number())).await?;
    }
    Ok(resolved)
}
