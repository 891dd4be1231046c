//! The recipients of a campaign as a set: counted and hashed when all stand in the ledger, and again by
//! whoever wants to know whether they are still the same.

use sha2::{Digest, Sha256};

use crate::database::{Transaction, sql};
use crate::hash::hex;
use crate::{CampaignId, Error, Store};

/// Recipients read at a time.
const PAGE: i64 = 20_000;

pub(super) const NUMBERS: [&str; 2] = [
    "SELECT GROUP_CONCAT(recipient, ' ' ORDER BY recipient) AS list, COUNT(*) AS times,
            MAX(recipient) AS last
     FROM (SELECT recipient FROM delivery WHERE campaign = $1 AND recipient > $2
           ORDER BY recipient LIMIT $3)",
    "SELECT STRING_AGG(recipient::text, ' ' ORDER BY recipient) AS list, COUNT(*) AS times,
            MAX(recipient) AS last
     FROM (SELECT recipient FROM delivery WHERE campaign = $1 AND recipient > $2
           ORDER BY recipient LIMIT $3) AS page",
];

impl Store {
    /// Counts and hashes the recipients of the campaign `id` as they stand in the ledger now. Once it is
    /// materialised this is what was frozen then, or somebody has been at the database.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn recount_audience(&self, id: CampaignId) -> Result<(u64, String), Error> {
        count(&mut self.snapshot().await?, id).await
    }
}

/// Their count, and SHA-256 over their numbers in ascending order, each with a space behind it.
pub(crate) async fn count(
    transaction: &mut Transaction,
    id: CampaignId,
) -> Result<(u64, String), Error> {
    let [sqlite, postgres] = NUMBERS;
    let text = transaction.dialect().pick(sqlite, postgres);
    let (mut total, mut last) = (0, 0_i64);
    let mut digest = Sha256::new();
    loop {
        let statement = sql(text).bind(id.number()).bind(last).bind(PAGE);
        let row = transaction.row(statement).await?.ok_or(sqlx::Error::RowNotFound)?;
        let Some(list) = row.get::<Option<String>>("list")? else {
            return Ok((total, hex(&digest.finalize())));
        };
        digest.update(list.as_bytes());
        digest.update(b" ");
        total += row.count("times")?;
        last = row.get("last")?;
    }
}
