//! Who speaks for an account: one process at a time, told apart by epochs.

use jiff::Timestamp;

use crate::database::{Transaction, dead, sql};
use crate::segment::SENDS;
use crate::{Account, Error, Store};

/// The purpose of the account row that receives.
const RECEIVES: i64 = 0;

/// An account this process speaks for. Should it be lost, what is written under it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    account: Account,
    /// Of the row; a sender's is the number the ledger knows the account by.
    pub(crate) number: i64,
    pub(crate) owner: i64,
    pub(crate) epoch: i64,
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
        let statement = sql("UPDATE account SET next_update = $3 WHERE number = $1 AND epoch = $2")
            .bind(self.number)
            .bind(self.epoch)
            .bind(next);
        if transaction.execute(statement).await? == 1 { Ok(()) } else { Err(Error::Stale) }
    }

    /// Refuses when the account is no longer ours. On the server whoever takes it waits for the end of
    /// this transaction, so that nothing is written under a hold that is lost before the commit.
    pub(crate) async fn check(&self, transaction: &mut Transaction) -> Result<(), Error> {
        let text = transaction.dialect().pick(
            "SELECT 1 AS one FROM account WHERE number = $1 AND epoch = $2 AND owner = $3",
            "SELECT 1::bigint AS one FROM account WHERE number = $1 AND epoch = $2 AND owner = $3
             FOR SHARE",
        );
        let statement = sql(text).bind(self.number).bind(self.epoch).bind(self.owner);
        transaction.row(statement).await?.map(drop).ok_or(Error::Stale)
    }
}

impl Store {
    /// Takes `account` for this process, to receive on it; `None` when another, living one has it.
    ///
    /// Taking what one already has is a new epoch too: of two tasks of one process the later one wins.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold(&self, account: &Account) -> Result<Option<Hold>, Error> {
        self.take_hold(account, RECEIVES).await
    }

    /// Takes `account` for this process, to send broadcasts from it; a hold of its own beside the one that
    /// receives, with its own epoch and silence.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn hold_sender(&self, account: &Account) -> Result<Option<Hold>, Error> {
        self.take_hold(account, SENDS).await
    }

    async fn take_hold(&self, account: &Account, purpose: i64) -> Result<Option<Hold>, Error> {
        let owner = self.instance().await?;
        let dead = dead(self.dialect(), "account.owner");
        let take = format!(
            "INSERT INTO account (channel, name, owner, purpose, epoch) VALUES ($2, $3, $1, $4, 1)
             ON CONFLICT (channel, name, purpose) DO UPDATE
             SET owner = $1, epoch = account.epoch + 1
             WHERE account.owner IS NULL OR account.owner = $1 OR ({dead})
             RETURNING number, epoch, next_update, blocked_until"
        );
        let statement = sql(sqlx::AssertSqlSafe(take))
            .bind(owner)
            .bind(&account.channel)
            .bind(&account.name)
            .bind(purpose);
        let row = self
            .write(move |transaction| Box::pin(async move { transaction.row(statement).await }))
            .await?;
        let Some(row) = row else { return Ok(None) };
        let blocked: Option<i64> = row.get("blocked_until")?;
        Ok(Some(Hold {
            account: account.clone(),
            number: row.get("number")?,
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
             WHERE number = $1 AND epoch = $2 AND owner = $3")
        .bind(hold.number)
        .bind(hold.epoch)
        .bind(hold.owner);
        Ok(self.row(statement).await?.is_some())
    }

    /// Remembers that the channel wants silence until `until` (429), also after a restart.
    ///
    /// # Errors
    /// [`Error::Stale`] when the account is no longer ours.
    pub async fn block_account(&self, hold: &Hold, until: Timestamp) -> Result<(), Error> {
        let statement =
            sql("UPDATE account SET blocked_until = $3 WHERE number = $1 AND epoch = $2")
                .bind(hold.number)
                .bind(hold.epoch)
                .bind(until.as_second());
        if self.execute(statement).await? == 1 { Ok(()) } else { Err(Error::Stale) }
    }

    /// Lets another process take the account at once.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn let_go(&self, hold: &Hold) -> Result<(), Error> {
        let statement = sql("UPDATE account SET owner = NULL WHERE number = $1 AND epoch = $2")
            .bind(hold.number)
            .bind(hold.epoch);
        self.execute(statement).await.map(drop)
    }
}
