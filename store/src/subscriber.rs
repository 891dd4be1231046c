//! Subscribers: an address, a region, a role. The one table that knows how someone is reached.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::json;

use crate::database::{
    Asked, Column, Dialect, Queue, Row, Statement, Transaction, list, listed, sql,
};
use crate::id::random_id;
use crate::{Account, Address, Error, Store, segment};

random_id! {
    /// What everything but the subscriber table calls a subscriber.
    SubscriberId
}

random_id! {
    /// Who holds it may end the subscription, and nothing else (`/u/TOKEN`).
    LeaveToken
}

/// What someone subscribes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Region id of the library.
    pub region: String,
    /// One of the seven settings.
    pub role: Option<String>,
    /// `zh`, `en`.
    pub language: String,
    /// When nothing but the urgent may come.
    pub quiet: Option<Quiet>,
}

/// Quiet hours in minutes after midnight, Beijing time; they may run over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// First quiet minute.
    pub from: u16,
    /// First minute that is not quiet any more.
    pub until: u16,
}

/// Someone who follows a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Her name in ledger and audit.
    pub id: SubscriberId,
    /// Where she is reached.
    pub address: Address,
    /// What she subscribes to.
    pub subscription: Subscription,
    /// When she agreed.
    pub consented: Timestamp,
    /// False once the channel has said that she is gone or has blocked us.
    pub active: bool,
    /// Ends the subscription.
    pub leave: LeaveToken,
}

const SUBSCRIBER: &str = "SELECT id, channel, account, chat, region, role, language, quiet_from,
                                 quiet_until, consented, active, leave_token FROM subscriber";

impl Store {
    /// The subscriber at `address`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn subscriber(&self, address: &Address) -> Result<Option<Subscriber>, Error> {
        self.ask(FindSubscriber { address: address.clone() }).await
    }

    /// The subscriber whose subscription `token` ends.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn subscriber_by_token(
        &self,
        token: &LeaveToken,
    ) -> Result<Option<Subscriber>, Error> {
        let text = format!("{SUBSCRIBER} WHERE leave_token = $1");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(token.as_str());
        self.row(statement).await?.map(|row| read(&row)).transpose()
    }

    /// The subscriber `id`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn subscriber_by_id(&self, id: &SubscriberId) -> Result<Option<Subscriber>, Error> {
        let text = format!("{SUBSCRIBER} WHERE id = $1");
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(id.as_str());
        self.row(statement).await?.map(|row| read(&row)).transpose()
    }

    /// How many active subscribers each region and role has, by region.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn subscriber_counts(&self) -> Result<Vec<(String, Option<String>, u64)>, Error> {
        let statement = sql("SELECT region, role, COUNT(*) AS times FROM subscriber
             WHERE active AND NOT outlet GROUP BY region, role ORDER BY region, role");
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| Ok((row.get("region")?, row.get("role")?, row.count("times")?)))
            .collect()
    }
}

/// A subscriber who is looked for.
pub(crate) struct FindSubscriber {
    address: Address,
}

impl Asked for FindSubscriber {
    type Answer = Option<Subscriber>;

    fn queue(store: &Store) -> &Queue<Self, Self::Answer> {
        &store.queues().subscribers
    }

    async fn run(store: &Store, asked: &[Self]) -> Result<Vec<Self::Answer>, Error> {
        let named = asked.iter().map(|Self { address }| {
            json!([address.account.channel, address.account.name, address.chat])
        });
        let text = find(store.dialect());
        let statement = sql(sqlx::AssertSqlSafe(text)).bind(list(named.collect()));
        let mut found = HashMap::new();
        for row in store.rows(statement).await? {
            let subscriber = read(&row)?;
            found.insert(subscriber.address.clone(), subscriber);
        }
        Ok(asked.iter().map(|one| found.get(&one.address).cloned()).collect())
    }
}

fn find(dialect: Dialect) -> String {
    let asked = listed(dialect, &[Column::Text("c"), Column::Text("a"), Column::Text("h")]);
    format!(
        "{SUBSCRIBER} JOIN ({asked}) AS asked
           ON channel = asked.c AND account = asked.a AND chat = asked.h"
    )
}

/// Names an address in the first three places.
pub(crate) fn at(statement: Statement, address: &Address) -> Statement {
    let Account { channel, name } = &address.account;
    statement.bind(channel).bind(name).bind(&address.chat)
}

/// Adds a subscriber, or changes what she subscribes to; her id, number and token stay. Mails that came
/// back are forgotten: she says herself that the address is right.
pub(crate) async fn subscribe(
    transaction: &mut Transaction,
    (id, leave): (&SubscriberId, &LeaveToken),
    address: &Address,
    subscription: &Subscription,
    now: Timestamp,
) -> Result<(), Error> {
    let Subscription { region, role, .. } = subscription;
    segment::ensure(transaction, &address.account, region, role.as_deref()).await?;
    let statement = sql("INSERT INTO subscriber (channel, account, chat, region, role, language,
             quiet_from, quiet_until, consented, id, leave_token, active, outlet, segment)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, TRUE, FALSE, segment.number
         FROM segment JOIN account ON account.number = segment.account
         WHERE account.channel = $1 AND account.name = $2 AND account.purpose = 1
           AND segment.region = $4 AND segment.role = COALESCE($5, '')
         ON CONFLICT (channel, account, chat) DO UPDATE
         SET region = excluded.region, role = excluded.role, language = excluded.language,
             quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
             consented = excluded.consented, active = TRUE, segment = excluded.segment");
    let statement = bind_subscription(at(statement, address), subscription)
        .bind(now.as_second())
        .bind(id.as_str())
        .bind(leave.as_str());
    transaction.execute(statement).await?;
    transaction.execute(clear_bounces(address)).await.map(drop)
}

/// Forgets the mails to `address` that came back.
pub(crate) fn clear_bounces(address: &Address) -> Statement {
    let statement = sql("DELETE FROM bounce WHERE recipient IN (
             SELECT number FROM subscriber WHERE channel = $1 AND account = $2 AND chat = $3)");
    at(statement, address)
}

pub(crate) fn bind_subscription(statement: Statement, subscription: &Subscription) -> Statement {
    let Subscription { region, role, language, quiet } = subscription;
    statement
        .bind(region)
        .bind(role.clone())
        .bind(language)
        .bind(quiet.map(|quiet| i64::from(quiet.from)))
        .bind(quiet.map(|quiet| i64::from(quiet.until)))
}

/// Ends the subscription at `address`; the address is gone with it, and what is kept under its number.
pub(crate) async fn end(transaction: &mut Transaction, address: &Address) -> Result<u64, Error> {
    transaction.execute(clear_bounces(address)).await?;
    let routine = sql("DELETE FROM routine WHERE recipient IN (
             SELECT number FROM subscriber WHERE channel = $1 AND account = $2 AND chat = $3)");
    transaction.execute(at(routine, address)).await?;
    transaction.execute(leave(address)).await
}

fn leave(address: &Address) -> Statement {
    at(sql("DELETE FROM subscriber WHERE channel = $1 AND account = $2 AND chat = $3"), address)
}

pub(crate) fn set_active(address: &Address, active: bool) -> Statement {
    let statement = sql("UPDATE subscriber SET active = $4
         WHERE channel = $1 AND account = $2 AND chat = $3");
    at(statement, address).bind(active)
}

/// Gives the subscriber at `from` the new address `to`, unless somebody is subscribed there.
pub(crate) fn relocate(from: &Address, to: &Address) -> Statement {
    let statement = sql("UPDATE subscriber SET chat = $4
         WHERE channel = $1 AND account = $2 AND chat = $3 AND NOT EXISTS (
             SELECT 1 FROM subscriber AS there
             WHERE there.channel = $1 AND there.account = $2 AND there.chat = $4)");
    at(statement, from).bind(&to.chat)
}

fn read(row: &Row) -> Result<Subscriber, Error> {
    let damaged = || Error::from(sqlx::Error::Decode("a random name is damaged".into()));
    Ok(Subscriber {
        id: SubscriberId::parse(row.get("id")?).ok_or_else(damaged)?,
        address: Address::read(row)?,
        subscription: read_subscription(row)?,
        consented: row.instant("consented")?,
        active: row.get("active")?,
        leave: LeaveToken::parse(row.get("leave_token")?).ok_or_else(damaged)?,
    })
}

pub(crate) fn read_subscription(row: &Row) -> Result<Subscription, Error> {
    let minute = |column| -> Result<Option<u16>, Error> {
        Ok(row.get::<Option<i64>>(column)?.and_then(|minute| u16::try_from(minute).ok()))
    };
    let quiet = match (minute("quiet_from")?, minute("quiet_until")?) {
        (Some(from), Some(until)) => Some(Quiet { from, until }),
        _ => None,
    };
    Ok(Subscription {
        region: row.get("region")?,
        role: row.get("role")?,
        language: row.get("language")?,
        quiet,
    })
}
