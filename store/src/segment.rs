//! Segments: account × region × role. There are few of them however many subscribe, so whom an audience
//! means is decided on them, in Rust, the same on either database.

use crate::database::{Dialect, Transaction, sql};
use crate::outlet::WHOLE_ACCOUNT;
use crate::{Account, Error};

/// Everybody on one account in one region with one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) number: i64,
    pub(crate) account: Account,
    pub(crate) region: String,
    pub(crate) role: Option<String>,
    /// Whether it is a whole public account, as it stands: what goes to it reaches every follower.
    pub(crate) whole: bool,
}

/// The purpose of the account row that sends, and by whose number the ledger knows the account.
pub(crate) const SENDS: i64 = 1;

/// Sees to it that the segment exists. To be run before a subscriber is written.
pub(crate) async fn ensure(
    transaction: &mut Transaction,
    account: &Account,
    region: &str,
    role: Option<&str>,
) -> Result<(), Error> {
    let found = sql("SELECT 1 AS one FROM segment JOIN account ON account.number = segment.account
         WHERE channel = $1 AND name = $2 AND purpose = 1 AND region = $3 AND role = $4")
    .bind(&account.channel)
    .bind(&account.name)
    .bind(region)
    .bind(role.unwrap_or_default());
    if transaction.row(found).await?.is_some() {
        return Ok(());
    }
    let number = sql("INSERT INTO account (channel, name, purpose, epoch) VALUES ($1, $2, $3, 0)
         ON CONFLICT (channel, name, purpose) DO NOTHING")
    .bind(&account.channel)
    .bind(&account.name)
    .bind(SENDS);
    transaction.execute(number).await?;
    let segment = sql("INSERT INTO segment (account, region, role)
         SELECT number, $3, $4 FROM account WHERE channel = $1 AND name = $2 AND purpose = 1
         ON CONFLICT (account, region, role) DO NOTHING")
    .bind(&account.channel)
    .bind(&account.name)
    .bind(region)
    .bind(role.unwrap_or_default());
    transaction.execute(segment).await.map(drop)
}

/// All segments, by number.
pub(crate) async fn segments(transaction: &mut Transaction) -> Result<Vec<Segment>, Error> {
    let statement = sql("SELECT segment.number AS number, channel, name, region, role,
                role = $1 AND EXISTS (SELECT 1 FROM subscriber
                     WHERE subscriber.segment = segment.number AND active) AS whole
         FROM segment JOIN account ON account.number = segment.account ORDER BY segment.number")
    .bind(WHOLE_ACCOUNT);
    let rows = transaction.rows(statement).await?;
    rows.iter()
        .map(|row| {
            let role: String = row.get("role")?;
            Ok(Segment {
                number: row.get("number")?,
                account: Account { channel: row.get("channel")?, name: row.get("name")? },
                region: row.get("region")?,
                role: (!role.is_empty() && role != WHOLE_ACCOUNT).then_some(role),
                whole: row.get("whole")?,
            })
        })
        .collect()
}

/// A subquery that gives the numbers of the JSON list in place `place`.
pub(crate) fn listed(dialect: Dialect, place: u32) -> String {
    match dialect {
        Dialect::Sqlite => format!("SELECT value AS number FROM json_each(${place})"),
        Dialect::Postgres => {
            format!(
                "SELECT value::bigint AS number FROM jsonb_array_elements_text(${place}::jsonb)"
            )
        }
    }
}

/// Numbers as a JSON list.
pub(crate) fn list(numbers: &[i64]) -> String {
    serde_json::to_string(numbers).expect("numbers can be written as JSON")
}
