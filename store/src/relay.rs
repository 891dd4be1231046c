//! Warnings of others, kept byte for byte.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, sql};
use crate::hash::hex;
use crate::{Campaign, Error, Store, campaign};

/// Which relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct RelayId(pub(crate) i64);

impl RelayId {
    /// The relay of this number.
    pub fn new(number: i64) -> Self {
        Self(number)
    }

    /// Its number.
    pub fn number(self) -> i64 {
        self.0
    }
}

impl fmt::Display for RelayId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

/// A warning somebody else has issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relay {
    /// Its identifier.
    pub identifier: String,
    /// Who sent it.
    pub sender: String,
    /// When, as it is written there.
    pub sent: String,
    /// `Alert`, `Update`, `Cancel`.
    pub msg_type: String,
    /// The messages it refers to, as written: `sender,identifier,sent` with spaces between.
    pub references: String,
    /// The message byte for byte.
    pub raw: Vec<u8>,
    /// The issuing office.
    pub issuer: String,
    /// Headline.
    pub title: String,
    /// From when it holds.
    pub effective: Option<Timestamp>,
    /// Until when it holds.
    pub expires: Option<Timestamp>,
    /// Where it came from: `file`, `feed:NAME`.
    pub source: String,
}

/// A warning that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRelay {
    /// Its number.
    pub id: RelayId,
    /// The warning.
    pub relay: Relay,
    /// When we got it.
    pub received: Timestamp,
}

/// What became of a warning handed to [`Store::add_relay`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayAdded {
    /// It came for the first time.
    New(RelayId),
    /// It is known.
    Known(RelayId),
}

const RELAY: &str = "SELECT id, identifier, sender, sent, msg_type, refs, raw, issuer, title,
                            effective, expires, source, received FROM relay";

impl Store {
    /// Keeps `relay`, unless one with the same sender, identifier and time of sending is known.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn add_relay(&self, relay: &Relay, now: Timestamp) -> Result<RelayAdded, Error> {
        let insert =
            sql("INSERT INTO relay (sender, identifier, sent, msg_type, refs, raw, issuer,
                 title, effective, expires, source, received)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (sender, identifier, sent) DO NOTHING RETURNING id")
            .bind(&relay.sender)
            .bind(&relay.identifier)
            .bind(&relay.sent)
            .bind(&relay.msg_type)
            .bind(&relay.references)
            .bind(hex(&relay.raw))
            .bind(&relay.issuer)
            .bind(&relay.title)
            .bind(relay.effective.map(Timestamp::as_second))
            .bind(relay.expires.map(Timestamp::as_second))
            .bind(&relay.source)
            .bind(now.as_second());
        let known = sql("SELECT id FROM relay WHERE sender = $1 AND identifier = $2 AND sent = $3")
            .bind(&relay.sender)
            .bind(&relay.identifier)
            .bind(&relay.sent);
        self.write(move |transaction| {
            Box::pin(async move {
                if let Some(row) = transaction.row(insert).await? {
                    return Ok(RelayAdded::New(RelayId(row.get("id")?)));
                }
                let row = transaction.row(known).await?.ok_or(sqlx::Error::RowNotFound)?;
                Ok(RelayAdded::Known(RelayId(row.get("id")?)))
            })
        })
        .await
    }

    /// The relay `id`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn relay(&self, id: RelayId) -> Result<Option<StoredRelay>, Error> {
        let statement = sql(sqlx::AssertSqlSafe(format!("{RELAY} WHERE id = $1"))).bind(id.0);
        self.row(statement).await?.map(|row| read(&row)).transpose()
    }

    /// The relay that was sent under this identifier at this time.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn relay_with(
        &self,
        sender: &str,
        identifier: &str,
        sent: &str,
    ) -> Result<Option<StoredRelay>, Error> {
        let text = format!("{RELAY} WHERE sender = $1 AND identifier = $2 AND sent = $3");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(sender).bind(identifier).bind(sent);
        self.row(statement).await?.map(|row| read(&row)).transpose()
    }

    /// All relays under this identifier, whoever sent them, oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn relay_named(&self, identifier: &str) -> Result<Vec<StoredRelay>, Error> {
        let text = format!("{RELAY} WHERE identifier = $1 ORDER BY id");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(identifier);
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// The newest `limit` relays, newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn relays(&self, limit: u32) -> Result<Vec<StoredRelay>, Error> {
        let text = format!("{RELAY} ORDER BY id DESC LIMIT $1");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(i64::from(limit));
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// The relay `id` and all of its sender it is connected with by references, in either direction,
    /// oldest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn relay_chain(&self, id: RelayId) -> Result<Vec<StoredRelay>, Error> {
        let Some(first) = self.relay(id).await? else { return Ok(Vec::new()) };
        let text = format!("{RELAY} WHERE sender = $1 ORDER BY id");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(&first.relay.sender);
        let rows = self.rows(statement).await?;
        let mut others = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let mut chain: Vec<StoredRelay> = Vec::new();
        let mut next = vec![first];
        while let Some(relay) = next.pop() {
            others.retain(|other| other.id != relay.id);
            let (near, far) = others.into_iter().partition(|other| {
                refers(&other.relay, &relay.relay) || refers(&relay.relay, &other.relay)
            });
            others = far;
            next.extend::<Vec<_>>(near);
            chain.push(relay);
        }
        chain.sort_by_key(|relay| relay.id);
        Ok(chain)
    }

    /// The campaign that passes on the relay `id`, whatever its state; the newest where there are several.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn campaign_of_relay(&self, id: RelayId) -> Result<Option<Campaign>, Error> {
        let text = format!("{} WHERE relay = $1 ORDER BY id DESC LIMIT 1", campaign::CAMPAIGN);
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(id.0);
        self.row(statement).await?.map(|row| campaign::read(&row)).transpose()
    }
}

/// Whether `later` names `earlier` among its references.
fn refers(later: &Relay, earlier: &Relay) -> bool {
    let triple = format!("{},{},{}", earlier.sender, earlier.identifier, earlier.sent);
    later.references.split_whitespace().any(|reference| reference == triple)
}

fn read(row: &Row) -> Result<StoredRelay, Error> {
    let instant = |column: &str| -> Result<Option<Timestamp>, Error> { row.maybe_instant(column) };
    let raw: String = row.get("raw")?;
    Ok(StoredRelay {
        id: RelayId(row.get("id")?),
        relay: Relay {
            identifier: row.get("identifier")?,
            sender: row.get("sender")?,
            sent: row.get("sent")?,
            msg_type: row.get("msg_type")?,
            references: row.get("refs")?,
            raw: bytes(&raw),
            issuer: row.get("issuer")?,
            title: row.get("title")?,
            effective: instant("effective")?,
            expires: instant("expires")?,
            source: row.get("source")?,
        },
        received: row.instant("received")?,
    })
}

/// The bytes of hex digits.
fn bytes(hex: &str) -> Vec<u8> {
    let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or(0) as u8;
    hex.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_kept_as_they_are() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes(&hex(&all)), all);
    }
}
