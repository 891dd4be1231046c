//! Quotas a channel sets on an account (mass sends a month, messages a day); they survive a restart.

use crate::database::{Statement, Transaction, sql};
use crate::{Account, Error, Store};

const OPEN: &str =
    "INSERT INTO quota (channel, name, what, period, used) VALUES ($1, $2, $3, $4, 0)
     ON CONFLICT (channel, name, what, period) DO NOTHING";
const TAKE: &str = "UPDATE quota SET used = used + $5
     WHERE channel = $1 AND name = $2 AND what = $3 AND period = $4 RETURNING used";
const CUT: &str = "UPDATE quota SET used = $5
     WHERE channel = $1 AND name = $2 AND what = $3 AND period = $4";
const GIVE_BACK: &str = "UPDATE quota SET used = CASE WHEN used > $5 THEN used - $5 ELSE 0 END
     WHERE channel = $1 AND name = $2 AND what = $3 AND period = $4";

/// Whether one of a quota was taken for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaTaken {
    /// It was.
    Now,
    /// It had been before.
    Before,
    /// Nothing is left.
    No,
}

impl Store {
    /// Takes `amount` of the quota `what` of `account` in `period` (`2026-12`, `2026-12-01`), of which there
    /// are `most`. Returns how much was left to take, at most `amount`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn take_quota(
        &self,
        account: &Account,
        (what, period): (&str, &str),
        amount: u32,
        most: u32,
    ) -> Result<u32, Error> {
        let take = Take::new(account, (what, period), amount, most);
        self.write(move |transaction| Box::pin(take.run(transaction))).await
    }

    /// Takes one of the quota `what` for what the channel knows by `key`; nothing more where it was taken for
    /// that key before, in whatever period: a repeat counts once.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn take_quota_once(
        &self,
        account: &Account,
        (what, period): (&str, &str),
        key: &str,
        most: u32,
    ) -> Result<QuotaTaken, Error> {
        let named = format!("{what}:{key}");
        let before =
            sql("SELECT 1 AS one FROM quota WHERE channel = $1 AND name = $2 AND what = $3")
                .bind(&account.channel)
                .bind(&account.name)
                .bind(&named);
        let note = at(OPEN, account, (&named, period));
        let take = Take::new(account, (what, period), 1, most);
        self.write(move |transaction| {
            Box::pin(async move {
                if transaction.row(before).await?.is_some() {
                    return Ok(QuotaTaken::Before);
                }
                if take.run(transaction).await? == 0 {
                    return Ok(QuotaTaken::No);
                }
                transaction.execute(note).await?;
                Ok(QuotaTaken::Now)
            })
        })
        .await
    }

    /// Gives back what was taken for `key` and surely not used.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn give_back_quota_once(
        &self,
        account: &Account,
        (what, period): (&str, &str),
        key: &str,
    ) -> Result<(), Error> {
        let named = format!("{what}:{key}");
        let forget = at(
            "DELETE FROM quota WHERE channel = $1 AND name = $2 AND what = $3 AND period = $4",
            account,
            (&named, period),
        );
        let give = at(GIVE_BACK, account, (what, period)).bind(1_i64);
        self.write(move |transaction| {
            Box::pin(async move {
                if transaction.execute(forget).await? > 0 {
                    transaction.execute(give).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Gives back what was taken and surely not used.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn give_back_quota(
        &self,
        account: &Account,
        (what, period): (&str, &str),
        amount: u32,
    ) -> Result<(), Error> {
        let statement = at(GIVE_BACK, account, (what, period));
        self.execute(statement.bind(i64::from(amount))).await.map(drop)
    }
}

fn at(text: &'static str, account: &Account, (what, period): (&str, &str)) -> Statement {
    sql(text).bind(&account.channel).bind(&account.name).bind(what).bind(period)
}

/// Taking some of a quota within a transaction.
#[derive(Clone)]
struct Take {
    open: Statement,
    take: Statement,
    cut: Statement,
    amount: i64,
    most: i64,
}

impl Take {
    fn new(account: &Account, which: (&str, &str), amount: u32, most: u32) -> Self {
        let (amount, most) = (i64::from(amount), i64::from(most));
        let take = at(TAKE, account, which).bind(amount);
        Self { open: at(OPEN, account, which), take, cut: at(CUT, account, which), amount, most }
    }

    /// How much was left to take. The row is read after it is changed: two takers at once never get more
    /// than there is.
    async fn run(self, transaction: &mut Transaction) -> Result<u32, Error> {
        transaction.execute(self.open).await?;
        let row = transaction.row(self.take).await?.ok_or(sqlx::Error::RowNotFound)?;
        let before = row.get::<i64>("used")? - self.amount;
        let granted = self.amount.min(self.most - before).max(0);
        if granted < self.amount {
            transaction.execute(self.cut.bind(before + granted)).await?;
        }
        Ok(u32::try_from(granted).unwrap_or(0))
    }
}
