//! Claiming: which chats are taken up next, and by whom.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{InboxState, read_parts};
use crate::database::{Dialect, Row, Transaction, sql};
use crate::{Account, Address, Error, Store};

/// A claim that is not completed within this time is taken back. Far longer than an answer takes.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Updates of one chat claimed together, when many chats wait …
const SHORT_RUN: i64 = 16;
/// … and when few do.
const LONG_RUN: i64 = 256;
/// Updates claimed together, more or less.
const CLAIM: i64 = 2048;
/// So many waiting updates are looked at, the oldest ones, before it is looked at every chat.
const WINDOW: i64 = 2048;

/// Whether anything waits at all.
const WAITING: &str = "SELECT 1 AS one FROM inbox
     WHERE channel = $1 AND account = $2 AND handled IS NULL AND lease_until IS NULL LIMIT 1";

/// Whether more waits than a window shows.
const BEYOND: &str = "SELECT 1 AS one FROM inbox
     WHERE channel = $1 AND account = $2 AND handled IS NULL AND lease_until IS NULL
     LIMIT 1 OFFSET $3";

/// Nobody is busy with the chat of `waiting`.
const FREE: &str = "NOT EXISTS (
         SELECT 1 FROM inbox AS busy
         WHERE busy.channel = $1 AND busy.account = $2 AND busy.chat = waiting.chat
           AND busy.lease_until IS NOT NULL)";

/// The first waiting update of each free chat among the oldest ones that wait.
fn oldest(dialect: Dialect) -> String {
    let index = dialect.pick(" INDEXED BY inbox_waiting", "");
    format!(
        "SELECT MIN(id) AS id, chat FROM (
             SELECT id, chat, due FROM inbox{index}
             WHERE channel = $1 AND account = $2 AND handled IS NULL AND lease_until IS NULL
             ORDER BY id LIMIT {WINDOW}) AS waiting
         WHERE {FREE}
         GROUP BY chat HAVING MAX(due) <= $3
         ORDER BY 1 LIMIT $4"
    )
}

/// The first waiting update of each free chat, chat after chat: one that floods is passed in one step.
fn everywhere() -> String {
    let next = |after: &str| {
        format!(
            "SELECT MIN(chat) AS chat FROM inbox
             WHERE channel = $1 AND account = $2 AND handled IS NULL{after}"
        )
    };
    let (first, next) = (next(""), next(" AND chat > waiting.chat"));
    format!(
        "WITH RECURSIVE waiting (chat) AS (
             {first}
             UNION ALL
             SELECT ({next}) FROM waiting WHERE waiting.chat IS NOT NULL)
         SELECT first.id AS id, waiting.chat AS chat FROM waiting JOIN inbox AS first ON first.id = (
             SELECT MIN(id) FROM inbox
             WHERE channel = $1 AND account = $2 AND chat = waiting.chat AND handled IS NULL)
         WHERE waiting.chat IS NOT NULL AND first.due <= $3 AND {FREE}
         ORDER BY 1 LIMIT $4"
    )
}

/// Those of `heads` that may be claimed. On the server with a lock on the chat: what another process claims
/// at this moment is not visible yet, and updates of one chat may become visible in another order than
/// that of their numbers.
fn claimable(dialect: Dialect, heads: String) -> String {
    match dialect {
        Dialect::Sqlite => heads,
        Dialect::Postgres => format!(
            "WITH head AS MATERIALIZED ({heads})
             SELECT inbox.id FROM head JOIN inbox ON inbox.id = head.id
             WHERE pg_try_advisory_xact_lock(
                 26218, hashtext(current_schema() || $1 || $2 || head.chat))
             FOR UPDATE OF inbox SKIP LOCKED"
        ),
    }
}

/// One update, where it waits and nothing of its chat waits before it.
const HEAD_ALONE: [&str; 2] = [
    "SELECT id FROM inbox WHERE id = $1 AND state IN (0, 2) AND due <= $2 AND NOT EXISTS (
         SELECT 1 FROM inbox AS other
         WHERE other.channel = inbox.channel AND other.account = inbox.account
           AND other.chat = inbox.chat AND other.handled IS NULL AND other.id < inbox.id)",
    "SELECT id FROM inbox WHERE id = $1 AND state IN (0, 2) AND due <= $2 AND NOT EXISTS (
         SELECT 1 FROM inbox AS other
         WHERE other.channel = inbox.channel AND other.account = inbox.account
           AND other.chat = inbox.chat AND other.handled IS NULL AND other.id < inbox.id)
       AND pg_try_advisory_xact_lock(
               26218, hashtext(current_schema() || channel || account || chat))
     FOR UPDATE SKIP LOCKED",
];

/// Leases the first updates of the chats whose heads are given.
const TAKE: [&str; 2] = [include_str!("take.sqlite.sql"), include_str!("take.postgres.sql")];

/// Consecutive updates of one chat, to be handled one after the other.
#[derive(Debug)]
pub struct Run {
    /// The updates, oldest first; at least one.
    pub updates: Vec<Claimed>,
}

/// An update this process may handle.
#[derive(Clone)]
pub struct Claimed {
    /// Its number in the inbox.
    pub row: i64,
    /// Where it came from.
    pub address: Address,
    /// Its own id.
    pub update_id: String,
    /// The update as it was received.
    pub body: String,
    /// When it was received.
    pub received: Timestamp,
    /// The reply, where it was handled before: to be sent as it stands, nothing is to be handled again.
    pub reply: Option<Vec<String>>,
    /// Parts of that reply already delivered.
    pub sent_parts: usize,
    /// How often a request that may have arrived was given back to be sent again.
    pub repeats: u64,
    pub(crate) epoch: i64,
    pub(crate) owner: i64,
}

/// Shows neither address nor text.
impl fmt::Debug for Claimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Claimed({}, epoch {})", self.row, self.epoch)
    }
}

impl Store {
    /// Claims what waits in the inbox of `account`, at most `chats` chats, those that wait longest first.
    ///
    /// A chat that any process is busy with is left alone, and so is one that waits for a retry.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn claim(
        &self,
        account: &Account,
        chats: u32,
        now: Timestamp,
    ) -> Result<Vec<Run>, Error> {
        // An idle server asks every second; most of the time there is nothing to write.
        if self.row(waiting(account)).await?.is_none() {
            return Ok(Vec::new());
        }
        let account = account.clone();
        let owner = self.instance().await?;
        let claimed = self
            .write(move |transaction| {
                Box::pin(async move {
                    let heads = heads(transaction, &account, chats, now).await?;
                    let few = i64::try_from(heads.len()).unwrap_or(i64::MAX).max(1);
                    let run = (CLAIM / few).clamp(SHORT_RUN, LONG_RUN);
                    take(transaction, &heads, run, owner, now).await
                })
            })
            .await?;
        Ok(runs(claimed))
    }

    /// Claims the update in `row` alone, for a channel that is answered while it waits.
    ///
    /// `None`: it is not the first of its chat that waits, someone is busy with the chat, or it is done.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn claim_row(&self, row: i64, now: Timestamp) -> Result<Option<Claimed>, Error> {
        let owner = self.instance().await?;
        let claimed = self
            .write(move |transaction| {
                Box::pin(async move {
                    let heads = head_alone(transaction, row, now).await?;
                    take(transaction, &heads, 1, owner, now).await
                })
            })
            .await?;
        Ok(claimed.into_iter().next())
    }
}

fn waiting(account: &Account) -> crate::database::Statement {
    sql(WAITING).bind(&account.channel).bind(&account.name)
}

fn pick(transaction: &Transaction, [sqlite, postgres]: [&'static str; 2]) -> &'static str {
    transaction.dialect().pick(sqlite, postgres)
}

/// The first waiting update of each chat nobody is busy with.
async fn heads(
    transaction: &mut Transaction,
    account: &Account,
    chats: u32,
    now: Timestamp,
) -> Result<Vec<i64>, Error> {
    let heads = look(transaction, oldest(transaction.dialect()), account, (chats, now)).await?;
    if !heads.is_empty() {
        return Ok(heads);
    }
    let beyond = sql(BEYOND).bind(&account.channel).bind(&account.name).bind(WINDOW);
    if transaction.row(beyond).await?.is_none() {
        return Ok(heads);
    }
    look(transaction, everywhere(), account, (chats, now)).await
}

async fn look(
    transaction: &mut Transaction,
    heads: String,
    account: &Account,
    (chats, now): (u32, Timestamp),
) -> Result<Vec<i64>, Error> {
    let text = claimable(transaction.dialect(), heads);
    let statement = sql(sqlx::AssertSqlSafe(text))
        .bind(&account.channel)
        .bind(&account.name)
        .bind(now.as_second())
        .bind(i64::from(chats));
    transaction.rows(statement).await?.iter().map(|row| row.get("id")).collect()
}

/// `row`, where it waits and nothing of its chat waits before it.
async fn head_alone(
    transaction: &mut Transaction,
    row: i64,
    now: Timestamp,
) -> Result<Vec<i64>, Error> {
    let statement = sql(pick(transaction, HEAD_ALONE)).bind(row).bind(now.as_second());
    transaction.rows(statement).await?.iter().map(|row| row.get("id")).collect()
}

/// Leases the chats of `heads`: the first `run` waiting updates of each.
async fn take(
    transaction: &mut Transaction,
    heads: &[i64],
    run: i64,
    owner: i64,
    now: Timestamp,
) -> Result<Vec<Claimed>, Error> {
    if heads.is_empty() {
        return Ok(Vec::new());
    }
    let list = serde_json::to_string(heads).expect("numbers can be written as JSON");
    let until = now.as_second() + LEASE.as_secs();
    let statement = sql(pick(transaction, TAKE)).bind(owner).bind(until).bind(list).bind(run);
    let rows = transaction.rows(statement).await?;
    rows.iter().map(|row| read(row, owner)).collect()
}

fn read(row: &Row, owner: i64) -> Result<Claimed, Error> {
    let handled = InboxState::of(row.get("state")?) == InboxState::Ready;
    let reply = handled.then(|| read_parts(row.get("reply")?)).transpose()?;
    Ok(Claimed {
        row: row.get("id")?,
        address: Address::read(row)?,
        update_id: row.get("update_id")?,
        body: row.get("body")?,
        received: row.instant("received")?,
        reply,
        sent_parts: usize::try_from(row.count("sent_parts")?).unwrap_or(usize::MAX),
        repeats: row.count("repeats")?,
        epoch: row.get("epoch")?,
        owner,
    })
}

/// Sorts what was claimed by chat, oldest chat first, oldest update first.
fn runs(mut claimed: Vec<Claimed>) -> Vec<Run> {
    claimed.sort_by_key(|claimed| claimed.row);
    let mut places = std::collections::HashMap::new();
    let mut runs: Vec<Run> = Vec::new();
    for update in claimed {
        let place = *places.entry(update.address.clone()).or_insert(runs.len());
        match runs.get_mut(place) {
            Some(run) => run.updates.push(update),
            None => runs.push(Run { updates: vec![update] }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::complete::complete;
    use super::super::note::{Kind, step};
    use super::*;
    use crate::database::Statement;

    /// How `SQLite` will run `text`, one line a step.
    async fn plan(store: &Store, text: &str, values: usize) -> Vec<String> {
        let statement = sql(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}")));
        // A list is read while it is planned.
        let statement = (0..values).fold(statement, |statement: Statement, _| statement.bind("[]"));
        let rows = store.rows(statement).await.expect("planned");
        rows.iter().map(|row| row.get::<String>("detail").expect("text")).collect()
    }

    async fn check(texts: &[(String, usize)], walks: &[&str]) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("opened");
        for (text, values) in texts {
            let plan = plan(&store, text, *values).await;
            let is_walk = |step: &&String| {
                step.starts_with("SCAN") && !walks.iter().any(|walk| step.contains(walk))
            };
            assert_eq!(plan.iter().find(is_walk), None, "{text}\n{plan:#?}");
        }
    }

    #[tokio::test]
    async fn claiming_never_reads_what_is_done() {
        let texts = [
            (oldest(Dialect::Sqlite), 4),
            (everywhere(), 4),
            (HEAD_ALONE[0].to_owned(), 2),
            (TAKE[0].to_owned(), 4),
            (WAITING.to_owned(), 2),
            (BEYOND.to_owned(), 3),
        ];
        check(&texts, &["json_each", "waiting", "CONSTANT ROW"]).await;
    }

    #[tokio::test]
    async fn what_was_claimed_is_found_by_its_number() {
        let mut texts =
            vec![(complete(Dialect::Sqlite, true), 1), (complete(Dialect::Sqlite, false), 1)];
        texts.extend(Kind::ALL.map(|kind| (step(Dialect::Sqlite, kind), 1)));
        check(&texts, &["json_each"]).await;
    }

    #[tokio::test]
    async fn what_waits_is_walked_by_its_age() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("opened");
        let plan = plan(&store, &oldest(Dialect::Sqlite), 4).await.join("\n");
        assert!(plan.contains("USING INDEX inbox_waiting (channel=? AND account=?)"), "{plan}");
        assert!(plan.contains("inbox_leased (channel=? AND account=? AND chat=?)"), "{plan}");
    }
}
