//! Outlets: robots and systems that stand among the recipients, as the configuration has them.

use fenghuo_store::{Account, LeaveToken, Outlet, SubscriberId};

use super::{Error, Fault, Office};

/// An outlet and whom it serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The account that speaks through it.
    pub account: Account,
    /// Region id; the county where none is given.
    pub region: Option<String>,
    /// One of the seven settings, if it serves one.
    pub role: Option<String>,
}

impl Office {
    /// Makes the outlets be exactly these.
    ///
    /// # Errors
    /// [`Error::Faults`] for a region the library does not know, or when the store fails.
    pub async fn sync_outlets(&self, places: Vec<Place>) -> Result<(), Error> {
        let library = self.library();
        let mut outlets = Vec::new();
        let mut faults = Vec::new();
        for Place { account, region, role } in places {
            let region = region.unwrap_or_else(|| library.place.region.clone());
            if library.regions.find(&region).is_none() {
                let name = format!("[{}.{}]", account.channel, account.name);
                faults.push(Fault::new(name, format!("没有“{region}”这个地方")));
            }
            outlets.push(Outlet {
                account,
                region,
                role,
                id: SubscriberId::from_bits(rand::random()),
                leave: LeaveToken::from_bits(rand::random()),
            });
        }
        if !faults.is_empty() {
            return Err(Error::Faults(faults));
        }
        Ok(self.store().sync_outlets(&outlets, self.now()).await?)
    }
}
