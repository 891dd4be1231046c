//! Forgetting: what is kept for a time is gone after it. `pages/privacy` states each period.

use jiff::Timestamp;

use crate::day::days_before;
use crate::{Error, Store, session};

/// A question asked once and never again is forgotten after this many days.
const ONE_OFF_DAYS: i64 = 90;

/// More one-off questions than an editor reads; a flood of nonsense must not fill the disk.
const ONE_OFF_LIMIT: i64 = 20_000;

/// What a purge removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Sessions silent for a day.
    pub sessions: u64,
    /// One-off questions.
    pub gaps: u64,
}

impl Store {
    /// Removes what its period has run out for. To be called every hour or so.
    ///
    /// # Errors
    /// When a query fails; what was removed before stays removed.
    pub async fn purge(&self, now: Timestamp) -> Result<Purged, Error> {
        let sessions = sqlx::query("DELETE FROM session WHERE updated <= $1")
            .bind(session::oldest(now))
            .execute(self.writer())
            .await?;
        let old = sqlx::query("DELETE FROM gap WHERE times = 1 AND last_day < $1")
            .bind(days_before(now, ONE_OFF_DAYS).to_string())
            .execute(self.writer())
            .await?;
        let surplus = self.drop_surplus_gaps(ONE_OFF_LIMIT).await?;
        Ok(Purged { sessions: sessions.rows_affected(), gaps: old.rows_affected() + surplus })
    }

    /// Keeps the newest `limit` one-off questions.
    async fn drop_surplus_gaps(&self, limit: i64) -> Result<u64, Error> {
        let done = sqlx::query(
            "DELETE FROM gap WHERE question_key IN (
                 SELECT question_key FROM gap WHERE times = 1
                 ORDER BY last_day DESC, question_key LIMIT 1000000 OFFSET $1)",
        )
        .bind(limit)
        .execute(self.writer())
        .await?;
        Ok(done.rows_affected())
    }
}
