//! The audit log: who did what, append only, each entry chained to the one before it by its hash.

use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Dialect, Row, Transaction, sql, without_nul};
use crate::{Error, Store, hash};

/// Entries read at a time.
const PAGE: i64 = 1000;

/// The hash before the first entry.
const NOTHING: &str = "";

/// Something somebody did. Names officials and ids, never subscribers' addresses or texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Name of the official, or `system`.
    pub actor: String,
    /// What was done: `campaign.approve`.
    pub action: String,
    /// To what: the id of the thing.
    pub subject: String,
    /// How and why: `via=cli reason=…`.
    pub detail: String,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// Counts up from one.
    pub number: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// How and why.
    pub detail: String,
    /// Hash of this entry and the one before.
    pub hash: String,
}

/// Whether the log is as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Entries that were read.
    pub entries: u64,
    /// The first entry that does not follow from the one before.
    pub broken: Option<i64>,
    /// Hash of the last entry. Written down elsewhere, it shows whether entries were cut off at the end.
    pub head: String,
}

impl Store {
    /// Writes `deed` into the log and returns the number of the entry.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn audit(&self, deed: Deed, now: Timestamp) -> Result<i64, Error> {
        self.write(move |transaction| {
            Box::pin(async move { append(transaction, &deed, now).await })
        })
        .await
    }

    /// The newest `limit` entries before number `before`, newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn audit_log(&self, before: i64, limit: u32) -> Result<Vec<AuditEntry>, Error> {
        let statement = sql("SELECT number, at, actor, action, subject, detail, previous, hash
             FROM audit WHERE number < $1 ORDER BY number DESC LIMIT $2")
        .bind(before)
        .bind(i64::from(limit));
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// Reads the whole log and follows the chain.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn verify_audit(&self) -> Result<AuditReport, Error> {
        let mut report = AuditReport::default();
        let mut last = 0;
        loop {
            let statement = sql("SELECT number, at, actor, action, subject, detail, previous, hash
                 FROM audit WHERE number > $1 ORDER BY number LIMIT $2")
            .bind(last)
            .bind(PAGE);
            let rows = self.rows(statement).await?;
            if rows.is_empty() {
                return Ok(report);
            }
            for row in &rows {
                let previous: String = row.get("previous")?;
                let entry = read(row)?;
                let follows = entry.number == last + 1
                    && previous == report.head
                    && entry.hash == entry_hash(&entry, &previous);
                if !follows {
                    report.broken = Some(entry.number);
                    return Ok(report);
                }
                last = entry.number;
                report.entries += 1;
                report.head = entry.hash;
            }
        }
    }
}

/// Appends an entry within a transaction that does what it tells of.
pub(crate) async fn append(
    transaction: &mut Transaction,
    deed: &Deed,
    now: Timestamp,
) -> Result<i64, Error> {
    if transaction.dialect() == Dialect::Postgres {
        // One writer at a time, or two entries would follow the same one. Readers go on.
        transaction.execute(sql("LOCK TABLE audit IN EXCLUSIVE MODE")).await?;
    }
    let last =
        transaction.row(sql("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")).await?;
    let (number, previous) = match last {
        Some(row) => (row.get::<i64>("number")? + 1, row.get::<String>("hash")?),
        None => (1, NOTHING.to_owned()),
    };
    // As the database will hold it: the hash is over what can be read again.
    let [actor, action, subject, detail] = [&deed.actor, &deed.action, &deed.subject, &deed.detail]
        .map(|text| without_nul(text.clone()));
    let at = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let mut entry = AuditEntry { number, at, actor, action, subject, detail, hash: String::new() };
    entry.hash = entry_hash(&entry, &previous);
    let statement = sql("INSERT INTO audit
             (number, at, actor, action, subject, detail, previous, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
    .bind(number)
    .bind(at.as_second())
    .bind(entry.actor)
    .bind(entry.action)
    .bind(entry.subject)
    .bind(entry.detail)
    .bind(previous)
    .bind(entry.hash);
    transaction.execute(statement).await?;
    Ok(number)
}

fn entry_hash(entry: &AuditEntry, previous: &str) -> String {
    hash::hash(&[
        previous,
        &entry.number.to_string(),
        &entry.at.as_second().to_string(),
        &entry.actor,
        &entry.action,
        &entry.subject,
        &entry.detail,
    ])
}

pub(crate) fn read(row: &Row) -> Result<AuditEntry, Error> {
    Ok(AuditEntry {
        number: row.get("number")?,
        at: row.instant("at")?,
        actor: row.get("actor")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
        hash: row.get("hash")?,
    })
}
