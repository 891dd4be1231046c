//! Results of self-checks that their makers chose to tell: how many of a level, by month and township; never whose.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use crate::database::sql;
use crate::day::day;
use crate::{Error, Store};

/// Results of one kind that were told in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SelfCheck {
    /// `2026-12`, Beijing time.
    pub month: String,
    /// Id of the checklist.
    pub checklist: String,
    /// Region id.
    pub region: String,
    /// What came out: a word of the caller's.
    pub level: String,
    /// How many.
    pub times: u64,
}

impl Store {
    /// Counts a result; `false`: this `form` was counted before. The caller has made sure that checklist, region
    /// and level exist: rows are as many as they admit.
    ///
    /// # Errors
    /// When the query fails; then it was not counted.
    pub async fn record_self_check(
        &self,
        form: &str,
        (checklist, region, level): (&str, &str, &str),
        now: Timestamp,
    ) -> Result<bool, Error> {
        let first = sql("INSERT INTO self_check_form (form, at) VALUES ($1, $2)
             ON CONFLICT (form) DO NOTHING")
        .bind(form)
        .bind(now.as_second());
        let count = sql("INSERT INTO self_check (month, checklist, region, level, times)
             VALUES ($1, $2, $3, $4, 1)
             ON CONFLICT (month, checklist, region, level)
             DO UPDATE SET times = self_check.times + 1")
        .bind(month(day(now)))
        .bind(checklist)
        .bind(region)
        .bind(level);
        self.write(move |transaction| {
            Box::pin(async move {
                if transaction.execute(first).await? == 0 {
                    return Ok(false);
                }
                transaction.execute(count).await?;
                Ok(true)
            })
        })
        .await
    }

    /// What was told in the months from that of `from` to that of `to`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn self_checks(&self, from: Date, to: Date) -> Result<Vec<SelfCheck>, Error> {
        let statement = sql("SELECT month, checklist, region, level, times FROM self_check
             WHERE month >= $1 AND month <= $2 ORDER BY month, checklist, region, level")
        .bind(month(from))
        .bind(month(to));
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| {
                Ok(SelfCheck {
                    month: row.get("month")?,
                    checklist: row.get("checklist")?,
                    region: row.get("region")?,
                    level: row.get("level")?,
                    times: row.count("times")?,
                })
            })
            .collect()
    }
}

/// `2026-12`
pub(crate) fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}
