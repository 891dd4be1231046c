//! Verifying campaigns and their ledger: rows that contradict themselves or each other, audiences that are not
//! the frozen ones any more.

use super::check::Verified;
use crate::campaign;
use crate::database::{Transaction, sql};
use crate::delivery::count_audience;
use crate::{CampaignId, Error};

/// The question, and what it means when it has an answer.
const CONTRADICTIONS: &[(&str, &str)] = &[
    (
        "SELECT COUNT(*) AS times FROM delivery WHERE state IN (2, 3) AND lease_until IS NULL",
        "deliveries are in hand without an end, so nobody would take them back",
    ),
    (
        "SELECT COUNT(*) AS times FROM delivery WHERE state NOT IN (2, 3) AND lease_until IS NOT NULL",
        "deliveries are in nobody's hand but leased",
    ),
    (
        "SELECT COUNT(*) AS times FROM delivery
         WHERE NOT EXISTS (SELECT 1 FROM segment WHERE segment.number = delivery.segment)
            OR NOT EXISTS (SELECT 1 FROM campaign WHERE campaign.id = delivery.campaign)",
        "deliveries belong to a campaign or segment that is not there",
    ),
    (
        "SELECT COUNT(*) AS times FROM campaign WHERE state = 10 AND EXISTS (
             SELECT 1 FROM delivery WHERE delivery.campaign = campaign.id AND delivery.state < 10)",
        "campaigns are done but have deliveries left",
    ),
    (
        "SELECT COUNT(*) AS times FROM campaign
         WHERE started IS NOT NULL AND (approver IS NULL OR approved_hash IS NULL)",
        "campaigns were published but approved by nobody",
    ),
    (
        "SELECT COUNT(*) AS times FROM campaign
         WHERE approver IN (author, editor) AND NOT overridden AND kind <> 1 AND approver <> 'engine'",
        "campaigns were approved by the one who wrote them",
    ),
    (
        "SELECT COUNT(*) AS times FROM subscriber WHERE NOT EXISTS (
             SELECT 1 FROM segment JOIN account ON account.number = segment.account
             WHERE segment.number = subscriber.segment AND segment.region = subscriber.region
               AND segment.role = COALESCE(subscriber.role, '')
               AND account.channel = subscriber.channel AND account.name = subscriber.account)",
        "subscribers are counted in a segment that is not theirs",
    ),
];

/// Adds what it finds to `verified`.
pub(super) async fn check(
    snapshot: &mut Transaction,
    verified: &mut Verified,
) -> Result<(), Error> {
    for (question, meaning) in CONTRADICTIONS {
        let row = snapshot.row(sql(*question)).await?;
        let times = row.map_or(Ok(0), |row| row.count("times"))?;
        if times > 0 {
            verified.find(format!("ledger: {times} {meaning}"));
        }
    }
    audiences(snapshot, verified).await
}

/// Whether the recipients of each campaign are those that were frozen.
async fn audiences(snapshot: &mut Transaction, verified: &mut Verified) -> Result<(), Error> {
    let text = format!("{} WHERE materialised ORDER BY id", campaign::CAMPAIGN);
    for row in snapshot.rows(sql(sqlx::AssertSqlSafe(text))).await? {
        let id = CampaignId::new(row.get("id")?);
        let (count, hash) = count_audience(snapshot, id).await?;
        let frozen: (Option<i64>, Option<String>) =
            (row.get("audience_count")?, row.get("audience_hash")?);
        if frozen != (i64::try_from(count).ok(), Some(hash)) {
            verified.find(format!(
                "ledger: the recipients of {id} are not those that were frozen; compare with a backup"
            ));
        }
    }
    Ok(())
}
