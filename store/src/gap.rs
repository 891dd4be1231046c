//! Gaps: questions the library does not answer, counted, so that editors know what to write next.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::database::{Row, Statement, sql};
use crate::day::{day, read_day};
use crate::{Error, Scrubbed, Store};

/// A question nothing answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// What equal questions share.
    pub key: String,
    /// The first wording, without telephone numbers, addresses and the like.
    pub sample: String,
    /// How often it was asked.
    pub count: u64,
    /// Day it was first asked, Beijing time.
    pub first: Date,
    /// Day it was last asked.
    pub last: Date,
}

impl Store {
    /// Counts `question` under `key`, which the caller makes from the scrubbed text.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn file_gap(
        &self,
        question: &Scrubbed,
        key: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        self.execute(file(question, key, now)).await.map(drop)
    }

    /// All gaps, the most asked first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn gaps(&self) -> Result<Vec<Gap>, Error> {
        let statement = sql("SELECT question_key, sample, times, first_day, last_day FROM gap
             ORDER BY times DESC, last_day DESC, question_key");
        self.rows(statement).await?.iter().map(read).collect()
    }
}

pub(crate) fn file(question: &Scrubbed, key: &str, now: Timestamp) -> Statement {
    sql("INSERT INTO gap (question_key, sample, times, first_day, last_day)
         VALUES ($1, $2, 1, $3, $3)
         ON CONFLICT (question_key) DO UPDATE
         SET times = gap.times + 1, last_day = excluded.last_day")
    .bind(key)
    .bind(question.as_str())
    .bind(day(now).to_string())
}

fn read(row: &Row) -> Result<Gap, Error> {
    Ok(Gap {
        key: row.get("question_key")?,
        sample: row.get("sample")?,
        count: row.count("times")?,
        first: read_day(row.get("first_day")?),
        last: read_day(row.get("last_day")?),
    })
}
