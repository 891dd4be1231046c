//! Verifying: is the database whole, and does what it says about itself hold.

use jiff::Timestamp;
use serde::Serialize;

use super::Counts;
use super::ledger;
use super::table::TABLES;
use crate::database::{Dialect, Transaction, sql};
use crate::{AuditReport, Error, Store, hash};

/// Rows whose hash is compared at a time.
const PAGE: i64 = 1000;

/// Something that should not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is wrong, in English, and what to do.
    pub message: String,
}

/// What a verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Rows by table.
    pub tables: Counts,
    /// The audit log.
    pub audit: AuditReport,
    /// Everything that should not be; none is good.
    pub findings: Vec<Finding>,
}

/// Rows that contradict themselves: the question, and what it means when it has an answer.
const CONTRADICTIONS: &[(&str, &str)] = &[
    (
        "SELECT COUNT(*) AS times FROM inbox WHERE state < 10 AND (chat IS NULL OR body IS NULL)",
        "messages wait to be answered but have lost their text",
    ),
    (
        "SELECT COUNT(*) AS times FROM inbox WHERE state >= 10 AND (owner IS NOT NULL OR lease_until IS NOT NULL)",
        "messages are done but still claimed",
    ),
    (
        "SELECT COUNT(*) AS times FROM inbox WHERE (owner IS NULL) <> (lease_until IS NULL)",
        "claims have an owner or an end, but not both",
    ),
    (
        "SELECT COUNT(*) AS times FROM inbox WHERE state IN (1, 3) AND lease_until IS NULL",
        "messages are being handled by nobody",
    ),
    (
        "SELECT COUNT(*) AS times FROM inbox WHERE state IN (2, 3) AND reply IS NULL",
        "replies are to be sent but are missing",
    ),
    (
        "SELECT COUNT(*) AS times FROM inbox WHERE state >= 10 AND handled IS NULL",
        "messages are done but it is not known since when, so they would never be erased",
    ),
    (
        "SELECT COUNT(*) AS times FROM inbox WHERE reply IS NOT NULL AND reply_hash IS NULL",
        "stored replies have no hash",
    ),
    ("SELECT COUNT(*) AS times FROM gap WHERE times < 1", "unanswered questions were never asked"),
];

impl Store {
    /// Checks the database as of one moment: its own integrity, the audit chain, stored hashes, contradictions,
    /// and whether what should have been erased by `now` was.
    ///
    /// # Errors
    /// When a query fails.
    pub async fn verify(&self, now: Timestamp) -> Result<Verified, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut verified = Verified::default();
        if let Some(said) = integrity(&mut snapshot).await? {
            verified.find(format!("file damaged: {said}; restore the last backup"));
        }
        for table in TABLES {
            verified.tables.push((table.name, table.count(&mut snapshot).await?));
        }
        for (question, meaning) in CONTRADICTIONS {
            let row = snapshot.row(sql(*question)).await?;
            let times = row.map_or(Ok(0), |row| row.count("times"))?;
            if times > 0 {
                verified.find(format!("inbox: {times} {meaning}"));
            }
        }
        overdue(&mut snapshot, &mut verified, now).await?;
        replies(&mut snapshot, &mut verified).await?;
        ledger::check(&mut snapshot, &mut verified).await?;
        verified.audit = self.verify_audit().await?;
        if let Some(number) = verified.audit.broken {
            verified.find(format!(
                "audit: entry {number} does not follow from the one before; compare with a backup"
            ));
        }
        Ok(verified)
    }

    /// What is wrong with the file itself.
    pub(super) async fn integrity(&self) -> Result<Option<String>, Error> {
        integrity(&mut self.snapshot().await?).await
    }
}

impl Verified {
    pub(super) fn find(&mut self, message: String) {
        self.findings.push(Finding { message });
    }
}

/// What is wrong with the file, as the database itself says. `PostgreSQL` checks its pages when it
/// reads them.
async fn integrity(snapshot: &mut Transaction) -> Result<Option<String>, Error> {
    if snapshot.dialect() == Dialect::Postgres {
        return Ok(None);
    }
    let question = sql("SELECT integrity_check AS said FROM pragma_integrity_check");
    let said: Option<String> =
        snapshot.row(question).await?.map(|row| row.get("said")).transpose()?;
    Ok(said.filter(|said| said != "ok"))
}

/// Two hours of grace: the purge runs every few minutes.
async fn overdue(
    snapshot: &mut Transaction,
    verified: &mut Verified,
    now: Timestamp,
) -> Result<(), Error> {
    let before = now.as_second() - 26 * 3600;
    for (what, question) in [
        (
            "messages",
            "SELECT COUNT(*) AS times FROM inbox WHERE body IS NOT NULL AND state >= 10 AND handled < $1",
        ),
        ("sessions", "SELECT COUNT(*) AS times FROM session WHERE updated < $1"),
        ("sessions of officials", "SELECT COUNT(*) AS times FROM desk_session WHERE expires < $1"),
    ] {
        let row = snapshot.row(sql(question).bind(before)).await?;
        let times = row.map_or(Ok(0), |row| row.count("times"))?;
        if times > 0 {
            verified.find(format!(
                "privacy: {times} {what} should have been erased; `fenghuo serve` does it while it runs"
            ));
        }
    }
    Ok(())
}

/// Whether the stored replies are the ones their hashes were made of.
async fn replies(snapshot: &mut Transaction, verified: &mut Verified) -> Result<(), Error> {
    let mut last = 0_i64;
    loop {
        let statement = sql("SELECT id, reply, reply_hash FROM inbox
             WHERE id > $1 AND reply IS NOT NULL AND reply_hash IS NOT NULL ORDER BY id LIMIT $2")
        .bind(last)
        .bind(PAGE);
        let rows = snapshot.rows(statement).await?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.get("id")?;
        for row in &rows {
            let (reply, stored): (String, String) = (row.get("reply")?, row.get("reply_hash")?);
            if hash::hash(&[&reply]) != stored {
                let id: i64 = row.get("id")?;
                verified
                    .find(format!("inbox: the reply in row {id} is not the one that was stored"));
            }
        }
    }
}
