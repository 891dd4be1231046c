//! Recovering: what a process had claimed when it died, or never gave back.

use jiff::Timestamp;

use crate::database::{Dialect, dead, sql};
use crate::{Account, Error, Store};

/// What happens to a reply that was on its way when its process died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterDeath {
    /// Send the stored text again; the row counts the repeat and is listed.
    Repeat,
    /// List it as unknown.
    Leave,
}

/// What was taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Updates to be handled again: nothing of them had been kept or sent.
    pub returned: u64,
    /// Replies surely not sent yet.
    pub ready: u64,
    /// Replies that may have arrived and will be sent again.
    pub repeated: u64,
    /// Replies that may have arrived and are listed as unknown.
    pub unknown: u64,
}

impl Store {
    /// Takes back what processes that are gone had claimed from `account`, and what was claimed too long ago.
    ///
    /// To be called by a server when it starts and every few seconds after. On an `SQLite` file only by
    /// the process that holds [`Store::lock`].
    ///
    /// # Errors
    /// When the query fails.
    pub async fn recover(
        &self,
        account: &Account,
        policy: AfterDeath,
        now: Timestamp,
    ) -> Result<Recovered, Error> {
        let owner = self.instance().await?;
        let account = account.clone();
        // Most of the time nobody has died: look before writing.
        let dead = dead_rows(self.dialect())
            .bind(owner)
            .bind(now.as_second())
            .bind(&account.channel)
            .bind(&account.name);
        let rows = self.rows(dead).await?;
        if rows.is_empty() {
            return Ok(Recovered::default());
        }
        let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<i64>, _>>()?;
        let recovered = self
            .write(move |transaction| {
                Box::pin(async move {
                    let mut recovered = Recovered::default();
                    for id in ids {
                        let dead = dead_row(transaction.dialect())
                            .bind(owner)
                            .bind(now.as_second())
                            .bind(id)
                            .bind(policy == AfterDeath::Repeat);
                        if let Some(row) = transaction.row(dead).await? {
                            count(&mut recovered, row.get("state")?, row.get("again")?);
                        }
                    }
                    Ok(recovered)
                })
            })
            .await?;
        self.ring();
        Ok(recovered)
    }
}

fn dead_rows(dialect: Dialect) -> crate::database::Statement {
    let dead = dead(dialect, "owner");
    sql(sqlx::AssertSqlSafe(format!(
        "SELECT id FROM inbox
         WHERE lease_until IS NOT NULL AND channel = $3 AND account = $4 AND state < 10
           AND (lease_until < $2 OR ({dead}))
         ORDER BY id LIMIT 1000"
    )))
}

/// One row at a time, checked again: its owner may have given it back meanwhile.
fn dead_row(dialect: Dialect) -> crate::database::Statement {
    let dead = dead(dialect, "owner");
    sql(sqlx::AssertSqlSafe(format!(
        "UPDATE inbox SET
             state = CASE WHEN state = 1 THEN 0 WHEN state = 3 AND NOT $4 THEN 12 ELSE 2 END,
             repeats = repeats + CASE WHEN state = 3 AND $4 THEN 1 ELSE 0 END,
             handled = CASE WHEN state = 3 AND NOT $4 THEN $2 ELSE handled END,
             reason = CASE WHEN state = 3 AND NOT $4 THEN 'the process died while sending'
                           ELSE reason END,
             owner = NULL, lease_until = NULL
         WHERE id = $3 AND lease_until IS NOT NULL AND state < 10
           AND (lease_until < $2 OR ({dead}))
         RETURNING state, repeats > 0 AS again"
    )))
}

fn count(recovered: &mut Recovered, state: i64, again: bool) {
    match (state, again) {
        (0, _) => recovered.returned += 1,
        (2, false) => recovered.ready += 1,
        (2, true) => recovered.repeated += 1,
        _ => recovered.unknown += 1,
    }
}
