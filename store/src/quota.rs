//! Quotas a channel sets on an account (mass sends a month, messages a day); they survive a restart.

use crate::database::{Statement, sql};
use crate::{Account, Error, Store};

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
        let open = at(
            "INSERT INTO quota (channel, name, what, period, used) VALUES ($1, $2, $3, $4, 0)
             ON CONFLICT (channel, name, what, period) DO NOTHING",
            account,
            (what, period),
        );
        // The row is read after it is changed: two takers at once never get more than there is.
        let take = at(
            "UPDATE quota SET used = used + $5
             WHERE channel = $1 AND name = $2 AND what = $3 AND period = $4 RETURNING used",
            account,
            (what, period),
        )
        .bind(i64::from(amount));
        let cut = at(
            "UPDATE quota SET used = $5
             WHERE channel = $1 AND name = $2 AND what = $3 AND period = $4",
            account,
            (what, period),
        );
        let (amount, most) = (i64::from(amount), i64::from(most));
        self.write(move |transaction| {
            Box::pin(async move {
                transaction.execute(open).await?;
                let row = transaction.row(take).await?.ok_or(sqlx::Error::RowNotFound)?;
                let used: i64 = row.get("used")?;
                let before = used - amount;
                let granted = amount.min(most - before).max(0);
                if granted < amount {
                    transaction.execute(cut.bind(before + granted)).await?;
                }
                Ok(u32::try_from(granted).unwrap_or(0))
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
        let statement = at(
            "UPDATE quota SET used = CASE WHEN used > $5 THEN used - $5 ELSE 0 END
             WHERE channel = $1 AND name = $2 AND what = $3 AND period = $4",
            account,
            (what, period),
        );
        self.execute(statement.bind(i64::from(amount))).await.map(drop)
    }
}

fn at(text: &'static str, account: &Account, (what, period): (&str, &str)) -> Statement {
    sql(text).bind(&account.channel).bind(&account.name).bind(what).bind(period)
}
