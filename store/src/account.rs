//! Who speaks for an account: one process at a time, told apart by epochs.

use jiff::Timestamp;

use crate::database::{Transaction, dead, sql};
use crate::{Account, Error, Store};

/// An account this process speaks for. Should it be lost, what is written under it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    account: Account,
    owner: i64,
    epoch: i64,
    next: Option<i64>,
    blocked_until: Option<Timestamp>,
}

impl Hold {
    /// The account.
    pub fn account(&self) -> &Account {
        &self.account
    }

    /// Counts the holders of the account; part of what a channel may log.
    pub fn epoch(&self) -> i64 {
        self.epoch
    }

    /// Where the next batch of long polling begins, as committed when the account was taken.
    pub fn next(&self) -> Option<i64> {
        self.next
    }

    /// Until when the channel has told us to be silent, as known when the account was taken.
    pub fn blocked_until(&self) -> Option<Timestamp> {
        self.blocked_until
    }

    /// Commits where the next batch begins.
    pub(crate) async fn advance(
        &self,
        transaction: &mut Transaction,
        next: i64,
    ) -> Result<(), Error> {
        let statement = sql("UPDATE account SET next_update = $4
             WHERE channel = $1 AND name = $2 AND epoch = $3")
        .bind(&self.account.channel)
        .bind(&self.account.name)
        .bind(self.epoch)
        .bind(next);
        if transaction.execute(statement).await? == 1 { Ok(()) } else { Err(Error::Stale) }
    }
}

impl Store {
    /// Takes `account` for this process; `None` when another, living one has it.
    ///
    /// Taking what one already has is a new epoch too: of two tasks of one process the later one wins.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold(&self, account: &Account) -> Result<Option<Hold>, Error> {
        let owner = self.instance().await?;
        let dead = dead(self.dialect(), "account.owner");
        let take = format!(
            "INSERT INTO account (channel, name, owner, epoch) VALUES ($2, $3, $1, 1)
             ON CONFLICT (channel, name) DO UPDATE SET owner = $1, epoch = account.epoch + 1
             WHERE account.owner IS NULL OR account.owner = $1 OR ({dead})
             RETURNING epoch, next_update, blocked_until"
        );
        let statement =
            sql(sqlx::AssertSqlSafe(take)).bind(owner).bind(&account.channel).bind(&account.name);
        let row = self
            .write(move |transaction| Box::pin(async move { transaction.row(statement).await }))
            .await?;
        let Some(row) = row else { return Ok(None) };
        let blocked: Option<i64> = row.get("blocked_until")?;
        Ok(Some(Hold {
            account: account.clone(),
            owner,
            epoch: row.get("epoch")?,
            next: row.get("next_update")?,
            blocked_until: blocked.and_then(|second| Timestamp::from_second(second).ok()),
        }))
    }

    /// Whether the account is still ours.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn is_held(&self, hold: &Hold) -> Result<bool, Error> {
        let statement = sql("SELECT 1 AS one FROM account
             WHERE channel = $1 AND name = $2 AND epoch = $3 AND owner = $4")
        .bind(&hold.account.channel)
        .bind(&hold.account.name)
        .bind(hold.epoch)
        .bind(hold.owner);
        Ok(self.row(statement).await?.is_some())
    }

    /// Remembers that the channel wants silence until `until` (429), also after a restart.
    ///
    /// # Errors
    /// [`Error::Stale`] when the account is no longer ours.
    pub async fn block_account(&self, hold: &Hold, until: Timestamp) -> Result<(), Error> {
        let statement = sql("UPDATE account SET blocked_until = $4
             WHERE channel = $1 AND name = $2 AND epoch = $3")
        .bind(&hold.account.channel)
        .bind(&hold.account.name)
        .bind(hold.epoch)
        .bind(until.as_second());
        if self.execute(statement).await? == 1 { Ok(()) } else { Err(Error::Stale) }
    }

    /// Lets another process take the account at once.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn let_go(&self, hold: &Hold) -> Result<(), Error> {
        let statement = sql("UPDATE account SET owner = NULL
             WHERE channel = $1 AND name = $2 AND epoch = $3")
        .bind(&hold.account.channel)
        .bind(&hold.account.name)
        .bind(hold.epoch);
        self.execute(statement).await.map(drop)
    }
}
