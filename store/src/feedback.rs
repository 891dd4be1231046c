//! Feedback: how many readers found a passage helpful, by day; never who.

use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Statement, sql};
use crate::day::day;
use crate::{Error, Store};

/// Votes on one passage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Feedback {
    /// Document id.
    pub doc: String,
    /// Anchor of the passage.
    pub section: String,
    /// Votes of 有用.
    pub helpful: u64,
    /// Votes of 没用.
    pub unhelpful: u64,
}

impl Store {
    /// Counts one vote. The caller has made sure that the passage exists: rows are as many as it admits.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn record_feedback(
        &self,
        doc: &str,
        section: &str,
        helpful: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.execute(record(doc, section, helpful, now)).await.map(drop)
    }

    /// Votes on every passage that has any, the most often found unhelpful first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn feedback(&self) -> Result<Vec<Feedback>, Error> {
        let statement = sql("SELECT doc, section,
                    CAST(SUM(CASE WHEN helpful THEN times ELSE 0 END) AS BIGINT) AS helpful,
                    CAST(SUM(CASE WHEN helpful THEN 0 ELSE times END) AS BIGINT) AS unhelpful
             FROM feedback GROUP BY doc, section ORDER BY 4 DESC, 3 DESC, doc, section");
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| {
                Ok(Feedback {
                    doc: row.get("doc")?,
                    section: row.get("section")?,
                    helpful: row.count("helpful")?,
                    unhelpful: row.count("unhelpful")?,
                })
            })
            .collect()
    }
}

pub(crate) fn record(doc: &str, section: &str, helpful: bool, now: Timestamp) -> Statement {
    sql("INSERT INTO feedback (doc, section, helpful, day, times) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (doc, section, day, helpful) DO UPDATE SET times = feedback.times + 1")
    .bind(doc)
    .bind(section)
    .bind(helpful)
    .bind(day(now).to_string())
}
