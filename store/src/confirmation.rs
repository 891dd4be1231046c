//! Subscriptions that wait for the owner of an address to confirm them (double opt-in by e-mail).

use jiff::Timestamp;

use crate::database::{Statement, sql};
use crate::id::random_id;
use crate::subscriber::{at, bind_subscription, read_subscription, subscribe};
use crate::{Address, Error, LeaveToken, Store, SubscriberId, Subscription, hash};

random_id! {
    /// Sent to the address; only its hash is kept, so the database confirms nothing by itself.
    ConfirmToken
}

impl Store {
    /// Keeps a subscription until its address confirms it, at most until `expires`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn request_confirmation(
        &self,
        token: &ConfirmToken,
        address: &Address,
        subscription: &Subscription,
        expires: Timestamp,
    ) -> Result<(), Error> {
        let statement = sql("INSERT INTO confirmation (channel, account, chat, region, role,
                 language, quiet_from, quiet_until, token_hash, expires)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        let statement = bind_subscription(at(statement, address), subscription)
            .bind(hash_of(token))
            .bind(expires.as_second());
        self.execute(statement).await.map(drop)
    }

    /// What `token` would confirm, for the page that asks; a GET changes nothing.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn pending_confirmation(
        &self,
        token: &ConfirmToken,
        now: Timestamp,
    ) -> Result<Option<(Address, Subscription)>, Error> {
        let Some(row) = self.row(find(token, now)).await? else { return Ok(None) };
        Ok(Some((Address::read(&row)?, read_subscription(&row)?)))
    }

    /// Turns what waited under `token` into a subscription; `None` where the token is wrong, used or over.
    ///
    /// `id` and `leave` are taken when the address is new.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn confirm(
        &self,
        token: &ConfirmToken,
        id: SubscriberId,
        leave: LeaveToken,
        now: Timestamp,
    ) -> Result<Option<Address>, Error> {
        let find = find(token, now);
        let used = sql("DELETE FROM confirmation WHERE token_hash = $1").bind(hash_of(token));
        self.write(move |transaction| {
            Box::pin(async move {
                let Some(row) = transaction.row(find).await? else { return Ok(None) };
                // Two clicks at once: the one that deletes it confirms it.
                if transaction.execute(used).await? == 0 {
                    return Ok(None);
                }
                let address = Address::read(&row)?;
                let subscription = read_subscription(&row)?;
                subscribe(transaction, (&id, &leave), &address, &subscription, now).await?;
                Ok(Some(address))
            })
        })
        .await
    }
}

fn find(token: &ConfirmToken, now: Timestamp) -> Statement {
    sql("SELECT channel, account, chat, region, role, language, quiet_from, quiet_until
         FROM confirmation WHERE token_hash = $1 AND expires > $2")
    .bind(hash_of(token))
    .bind(now.as_second())
}

fn hash_of(token: &ConfirmToken) -> String {
    hash::hash(&[token.as_str()])
}
