//! What was published: every campaign from the moment it begins, whether or not anybody subscribes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Audience, CampaignId, CampaignKind, CampaignState};
use crate::database::{Row, sql};
use crate::{Error, RelayId, Store};

/// Something that was published. What it says is never changed; later ones correct it or take it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// The code by which anyone can check it.
    pub code: String,
    /// The campaign.
    pub campaign: CampaignId,
    /// What it is.
    pub kind: CampaignKind,
    /// Title.
    pub title: String,
    /// When it was published.
    pub issued: Timestamp,
    /// From when on it is not current any more.
    pub expires: Timestamp,
    /// Markdown.
    pub body: String,
    /// Text of single channels that differs from the body.
    pub overrides: BTreeMap<String, String>,
    /// Whom it is meant for.
    pub audience: Audience,
    /// Whether it was urgent.
    pub urgent: bool,
    /// The document of the library it came from.
    pub document: Option<String>,
    /// The code of the one it corrects or takes back.
    pub refers: Option<String>,
    /// The code of the one that takes it back: a withdrawal, or a relayed message of type `Cancel`.
    pub withdrawn: Option<String>,
    /// The code of the latest correction of it, or of the latest relayed `Update`.
    pub corrected: Option<String>,
    /// The warning it passes on.
    pub relay: Option<RelayId>,
    /// Where the campaign is on its way: what was cancelled stays published, until it is taken back.
    pub state: CampaignState,
}

/// Which publications; what is empty leaves all in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicationFilter {
    /// Published by then and not expired; also what was taken back or corrected.
    pub current_at: Option<Timestamp>,
    /// Of this kind.
    pub kind: Option<CampaignKind>,
    /// Older than this campaign, for the next page.
    pub before: Option<CampaignId>,
    /// At most so many; 0 is 100.
    pub limit: u32,
}

const PUBLICATION: &str = "SELECT campaign.code AS code, campaign.id AS id, campaign.kind AS kind, title, started, expires,
        body, overrides, audience, urgent, document, relay, state,
        (SELECT first.code FROM campaign AS first WHERE first.id = campaign.refers) AS first,
        (SELECT later.code FROM campaign AS later WHERE later.id = (
             SELECT MIN(next.id) FROM campaign AS next LEFT JOIN relay AS passed ON passed.id = next.relay
             WHERE next.refers = campaign.id AND next.started IS NOT NULL
               AND (next.kind = 5 OR (next.kind = 1 AND passed.msg_type = 'Cancel')))) AS withdrawn,
        (SELECT later.code FROM campaign AS later WHERE later.id = (
             SELECT MAX(next.id) FROM campaign AS next LEFT JOIN relay AS passed ON passed.id = next.relay
             WHERE next.refers = campaign.id AND next.started IS NOT NULL
               AND (next.kind = 4 OR (next.kind = 1 AND passed.msg_type = 'Update')))) AS corrected
     FROM campaign WHERE started IS NOT NULL";

impl Store {
    /// What was published and `filter` leaves in, newest campaign first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn publications(
        &self,
        filter: &PublicationFilter,
    ) -> Result<Vec<Publication>, Error> {
        let text = format!(
            "{PUBLICATION} AND ($1 = 0 OR (started <= $1 AND expires > $1))
               AND ($2 < 0 OR kind = $2) AND ($3 = 0 OR campaign.id < $3)
             ORDER BY campaign.id DESC LIMIT $4"
        );
        let limit = if filter.limit == 0 { 100 } else { filter.limit };
        let statement = sql(sqlx::AssertSqlSafe(text))
            .bind(filter.current_at.map_or(0, Timestamp::as_second))
            .bind(filter.kind.map_or(-1, CampaignKind::code))
            .bind(filter.before.map_or(0, |id| id.0))
            .bind(i64::from(limit));
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// What was published under this code.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn publication(&self, code: &str) -> Result<Option<Publication>, Error> {
        let text = format!("{PUBLICATION} AND campaign.code = $1");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(code);
        self.row(statement).await?.map(|row| read(&row)).transpose()
    }

    /// The publication of this code and all it is connected with: the first one, its corrections, its
    /// withdrawal; oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn publication_chain(&self, code: &str) -> Result<Vec<Publication>, Error> {
        let text = format!(
            "WITH RECURSIVE up (id, refers) AS (
                 SELECT id, refers FROM campaign WHERE code = $1
                 UNION SELECT first.id, first.refers FROM campaign AS first JOIN up ON first.id = up.refers),
             chain (id) AS (
                 SELECT id FROM up
                 UNION SELECT later.id FROM campaign AS later JOIN chain ON later.refers = chain.id)
             {PUBLICATION} AND campaign.id IN (SELECT id FROM chain) ORDER BY campaign.id"
        );
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(code);
        self.rows(statement).await?.iter().map(read).collect()
    }
}

fn read(row: &Row) -> Result<Publication, Error> {
    let damaged = |error: serde_json::Error| Error::from(sqlx::Error::Decode(error.into()));
    let (overrides, audience): (String, String) = (row.get("overrides")?, row.get("audience")?);
    Ok(Publication {
        code: row.get("code")?,
        campaign: CampaignId(row.get("id")?),
        kind: CampaignKind::from_code(row.get("kind")?).unwrap_or(CampaignKind::Test),
        title: row.get("title")?,
        issued: row.instant("started")?,
        expires: row.instant("expires")?,
        body: row.get("body")?,
        overrides: serde_json::from_str(&overrides).map_err(damaged)?,
        audience: serde_json::from_str(&audience).map_err(damaged)?,
        urgent: row.get("urgent")?,
        document: row.get("document")?,
        refers: row.get("first")?,
        withdrawn: row.get("withdrawn")?,
        corrected: row.get("corrected")?,
        relay: row.get::<Option<i64>>("relay")?.map(RelayId),
        state: CampaignState::of(row.get("state")?),
    })
}
