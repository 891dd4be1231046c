//! Occasions: each becomes a campaign once, or is passed over once.

use jiff::Timestamp;
use serde::Serialize;

use super::CampaignId;
use crate::actor::{permit, record};
use crate::database::{Transaction, sql};
use crate::{Actor, Error, OfficialRole, Store};

/// What became of an occasion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OccasionMark {
    /// The occasion: `notices/qingming 2027-04-05`.
    pub name: String,
    /// The campaign it became.
    pub campaign: Option<CampaignId>,
    /// Why it was passed over.
    pub skipped: Option<String>,
    /// When that was decided.
    pub at: Timestamp,
}

impl Store {
    /// Passes an occasion over, for good. `false` where it had been dealt with before.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], or when the query fails.
    pub async fn skip_occasion(
        &self,
        name: &str,
        reason: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let statement = sql("INSERT INTO occasion (name, reason, at) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(reason)
        .bind(now.as_second());
        let (name, actor) = (name.to_owned(), actor.clone());
        let detail = format!("reason={reason}");
        self.write(move |transaction| {
            Box::pin(async move {
                permit(transaction, &actor, OfficialRole::Approver).await?;
                if transaction.execute(statement).await? == 0 {
                    return Ok(false);
                }
                record(transaction, &actor, ("occasion.skip", &name), &detail, now).await?;
                Ok(true)
            })
        })
        .await
    }

    /// What became of the occasions whose names begin with `prefix`, by name.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn occasions(&self, prefix: &str) -> Result<Vec<OccasionMark>, Error> {
        // Not LIKE: names may hold `%` and `_`.
        let statement = sql("SELECT name, campaign, reason, at FROM occasion
             WHERE SUBSTR(name, 1, LENGTH($1)) = $1 ORDER BY name")
        .bind(prefix);
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| {
                Ok(OccasionMark {
                    name: row.get("name")?,
                    campaign: row.get::<Option<i64>>("campaign")?.map(CampaignId),
                    skipped: row.get("reason")?,
                    at: row.instant("at")?,
                })
            })
            .collect()
    }
}

/// Gives the occasion `name` to the campaign `id`; the first one gets it.
pub(super) async fn take(
    transaction: &mut Transaction,
    name: &str,
    id: CampaignId,
    now: Timestamp,
) -> Result<(), Error> {
    let take = sql("INSERT INTO occasion (name, campaign, at) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO NOTHING")
    .bind(name)
    .bind(id.0)
    .bind(now.as_second());
    if transaction.execute(take).await? == 1 {
        return Ok(());
    }
    let taken = sql("SELECT campaign FROM occasion WHERE name = $1").bind(name);
    let row = transaction.row(taken).await?.ok_or(sqlx::Error::RowNotFound)?;
    let campaign = row.get::<Option<i64>>("campaign")?.map(CampaignId);
    Err(Error::OccasionTaken { campaign })
}
