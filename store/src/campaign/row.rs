//! A campaign as it stands in its table.

use crate::database::{Row, Statement, Transaction, sql};
use crate::{
    Campaign, CampaignId, CampaignKind, CampaignState, Draft, Error, RelayId, Store, UnknownPolicy,
};

pub(crate) const CAMPAIGN: &str =
    "SELECT id, code, kind, title, body, overrides, audience, urgent, policy, expires,
            starts, document, occasion, refers, relay, state, version, author, editor, approver,
            overridden, approved_hash, reason, created, submitted, approved, started, ended,
            materialised, audience_hash, audience_count FROM campaign";

impl Store {
    /// The campaign `id`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaign(&self, id: CampaignId) -> Result<Option<Campaign>, Error> {
        self.row(by_id(id)).await?.map(|row| read(&row)).transpose()
    }

    /// The campaign with this code, whatever its state.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaign_by_code(&self, code: &str) -> Result<Option<Campaign>, Error> {
        let text = format!("{CAMPAIGN} WHERE code = $1");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(code);
        self.row(statement).await?.map(|row| read(&row)).transpose()
    }
}

fn by_id(id: CampaignId) -> Statement {
    sql(sqlx::AssertSqlSafe(format!("{CAMPAIGN} WHERE id = $1"))).bind(id.0)
}

/// The campaign `id`, within a transaction that will change it: nobody else changes it until then.
pub(crate) async fn find(transaction: &mut Transaction, id: CampaignId) -> Result<Campaign, Error> {
    let lock = transaction.dialect().pick("", " FOR UPDATE");
    let text = format!("{CAMPAIGN} WHERE id = $1{lock}");
    let statement = sql(sqlx::AssertSqlSafe(text)).bind(id.0);
    let row = transaction.row(statement).await?.ok_or(Error::NotFound { what: "campaign" })?;
    read(&row)
}

pub(crate) fn read(row: &Row) -> Result<Campaign, Error> {
    Ok(Campaign {
        id: CampaignId(row.get("id")?),
        code: row.get("code")?,
        draft: read_draft(row)?,
        state: CampaignState::of(row.get("state")?),
        version: row.get("version")?,
        author: row.get("author")?,
        editor: row.get("editor")?,
        approver: row.get("approver")?,
        overridden: row.get("overridden")?,
        approved_hash: row.get("approved_hash")?,
        reason: row.get("reason")?,
        created: row.instant("created")?,
        submitted: row.maybe_instant("submitted")?,
        approved: row.maybe_instant("approved")?,
        started: row.maybe_instant("started")?,
        ended: row.maybe_instant("ended")?,
        materialised: row.get("materialised")?,
        audience_hash: row.get("audience_hash")?,
        audience_count: row.get::<Option<i64>>("audience_count")?.map(i64::unsigned_abs),
    })
}

fn read_draft(row: &Row) -> Result<Draft, Error> {
    let damaged = |error: serde_json::Error| Error::from(sqlx::Error::Decode(error.into()));
    let (overrides, audience): (String, String) = (row.get("overrides")?, row.get("audience")?);
    Ok(Draft {
        kind: CampaignKind::from_code(row.get("kind")?).unwrap_or(CampaignKind::Test),
        title: row.get("title")?,
        body: row.get("body")?,
        overrides: serde_json::from_str(&overrides).map_err(damaged)?,
        audience: serde_json::from_str(&audience).map_err(damaged)?,
        urgent: row.get("urgent")?,
        policy: UnknownPolicy::from_code(row.get("policy")?).unwrap_or(UnknownPolicy::Never),
        expires: row.instant("expires")?,
        starts: row.maybe_instant("starts")?,
        document: row.get("document")?,
        occasion: row.get("occasion")?,
        refers: row.get::<Option<i64>>("refers")?.map(CampaignId),
        relay: row.get::<Option<i64>>("relay")?.map(RelayId),
    })
}
