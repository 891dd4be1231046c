//! Outlets: robots, webhooks, whole public accounts. They stand among the subscribers, so that what goes to
//! them is in the ledger like everything else; but they are no persons: no cap, no quiet hours, no count.

use jiff::Timestamp;

use crate::database::{Transaction, sql};
use crate::subscriber::{at, subscribe};
use crate::{Account, Error, LeaveToken, Store, SubscriberId, Subscription};

/// What an outlet has as the chat of its address.
pub const OUTLET_CHAT: &str = "*";

/// The role of an outlet that is a whole public account: what goes to it reaches all who follow the account. It is meant
/// only by what goes to everybody, and then nobody on the account is sent the same by herself.
pub const WHOLE_ACCOUNT: &str = "*";

/// An outlet as the configuration has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// The account that speaks through it: `robot/NAME`, `webhook/NAME`, `wechat/NAME`.
    pub account: Account,
    /// The region it serves.
    pub region: String,
    /// The setting it serves, where it is one.
    pub role: Option<String>,
    /// Its id, should it be new.
    pub id: SubscriberId,
    /// Its token, should it be new; nobody is given it.
    pub leave: LeaveToken,
}

impl Store {
    /// Makes the outlets be exactly these: new ones are added, others removed.
    ///
    /// # Errors
    /// When the query fails; then nothing was changed.
    pub async fn sync_outlets(&self, outlets: &[Outlet], now: Timestamp) -> Result<(), Error> {
        let outlets = outlets.to_vec();
        self.write(move |transaction| {
            Box::pin(async move {
                let found = sql("SELECT number, channel, account FROM subscriber WHERE outlet");
                for row in transaction.rows(found).await? {
                    let account =
                        Account::new(row.get::<String>("channel")?, row.get::<String>("account")?);
                    if !outlets.iter().any(|outlet| outlet.account == account) {
                        remove(transaction, row.get("number")?).await?;
                    }
                }
                for outlet in outlets {
                    put(transaction, outlet, now).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

async fn put(transaction: &mut Transaction, outlet: Outlet, now: Timestamp) -> Result<(), Error> {
    let Outlet { account, region, role, id, leave } = outlet;
    let address = account.address(OUTLET_CHAT);
    let wanted = Subscription { region, role, language: "zh".to_owned(), quiet: None };
    subscribe(transaction, (&id, &leave), &address, &wanted, now).await?;
    let statement = sql("UPDATE subscriber SET outlet = TRUE
         WHERE channel = $1 AND account = $2 AND chat = $3");
    transaction.execute(at(statement, &address)).await.map(drop)
}

/// Removes the subscriber of this number, with what is kept under it.
pub(crate) async fn remove(transaction: &mut Transaction, number: i64) -> Result<(), Error> {
    for text in [
        "DELETE FROM bounce WHERE recipient = $1",
        "DELETE FROM routine WHERE recipient = $1",
        "DELETE FROM subscriber WHERE number = $1",
    ] {
        transaction.execute(sql(text).bind(number)).await?;
    }
    Ok(())
}
