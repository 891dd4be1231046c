//! Finding campaigns.

use jiff::Timestamp;

use super::{CAMPAIGN, Campaign, CampaignId, CampaignKind, CampaignState, read};
use crate::database::sql;
use crate::{AuditEntry, Error, Store, audit, segment};

/// Which campaigns; what is empty leaves all in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampaignFilter {
    /// In one of these states.
    pub states: Vec<CampaignState>,
    /// Of this kind.
    pub kind: Option<CampaignKind>,
    /// Created by her.
    pub author: Option<String>,
    /// Made from this document.
    pub document: Option<String>,
    /// With this in the title, to the letter.
    pub contains: Option<String>,
    /// Only those one person has released in an emergency.
    pub overridden: bool,
    /// Older than this one, for the next page.
    pub before: Option<CampaignId>,
    /// At most so many; 0 is 100.
    pub limit: u32,
}

impl Store {
    /// The campaigns that `filter` leaves in, newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaigns(&self, filter: &CampaignFilter) -> Result<Vec<Campaign>, Error> {
        let position = self.dialect().pick("INSTR(title, $6)", "STRPOS(title, $6)");
        let text = format!(
            "{CAMPAIGN} WHERE ($1 = '[]' OR state IN ({states})) AND ($2 < 0 OR kind = $2)
               AND ($3 = '' OR author = $3) AND ($4 = '' OR document = $4)
               AND (NOT $5 OR overridden) AND ($6 = '' OR {position} > 0)
               AND ($7 = 0 OR id < $7) ORDER BY id DESC LIMIT $8",
            states = segment::listed(self.dialect(), 1)
        );
        let states: Vec<i64> = filter.states.iter().map(|state| state.code()).collect();
        let limit = if filter.limit == 0 { 100 } else { filter.limit };
        let statement = sql(sqlx::AssertSqlSafe(text))
            .bind(segment::list(&states))
            .bind(filter.kind.map_or(-1, CampaignKind::code))
            .bind(filter.author.as_deref().unwrap_or_default())
            .bind(filter.document.as_deref().unwrap_or_default())
            .bind(filter.overridden)
            .bind(filter.contains.as_deref().unwrap_or_default())
            .bind(filter.before.map_or(0, |id| id.0))
            .bind(i64::from(limit));
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// What the engine has to do: scheduled campaigns whose time has come (send them), and approved or sending
    /// ones whose recipients do not all stand in the ledger (materialise them). Urgent ones first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn due_campaigns(&self, now: Timestamp) -> Result<Vec<Campaign>, Error> {
        let text = format!(
            "{CAMPAIGN} WHERE expires > $1 AND (
                 (state = 4 AND starts <= $1) OR (state IN (3, 4, 5) AND NOT materialised))
             ORDER BY urgent DESC, id"
        );
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(now.as_second());
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// What was done to the campaign `id`, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaign_history(&self, id: CampaignId) -> Result<Vec<AuditEntry>, Error> {
        let statement = sql("SELECT number, at, actor, action, subject, detail, previous, hash
             FROM audit WHERE subject = $1 ORDER BY number")
        .bind(id.to_string());
        self.rows(statement).await?.iter().map(audit::read).collect()
    }
}
