//! Which database the configuration names, and what to do when it cannot be opened.

use anyhow::{Context, ensure};
use fenghuo_store::{Error, Location, Store};

use crate::cli::PlaceArgs;
use crate::config::Config;
use crate::failure::Failure;

/// The database of `[database] url`, else a file in the data folder.
pub(crate) fn location(place: &PlaceArgs, config: &Config) -> Result<Location, Failure> {
    match config.database.url.as_deref() {
        None => Ok(Location::file(place.data.join("fenghuo.db"))),
        Some(url) => parse(url).context("[database]").map_err(Failure::Usage),
    }
}

/// Reads the URL of a database.
pub(crate) fn parse(url: &str) -> anyhow::Result<Location> {
    Ok(Location::parse(url)?)
}

/// Opens the database, and says what to do where it cannot.
pub(crate) async fn open(location: &Location) -> anyhow::Result<Store> {
    Store::connect(location).await.map_err(explain)
}

/// Opens a database that should be there; a typing error must not make an empty one.
pub(crate) async fn open_existing(location: &Location) -> anyhow::Result<Store> {
    if let Some(path) = location.path() {
        ensure!(path.is_file(), "`{}`: no database there; is --data right?", path.display());
    }
    open(location).await
}

/// Puts into words what an operator can do about `error`.
pub(crate) fn explain(error: Error) -> anyhow::Error {
    let advice = match &error {
        Error::Open { .. } => {
            "is the server running, are name, user and password right? for a file: is it a database of ours?"
        }
        Error::File { .. } => "look at the path, its owner and the space left",
        Error::Locked { .. } => "stop the other `fenghuo serve` first",
        Error::NotEmpty { .. } => "name an empty database, or move the old one away",
        Error::Backup { .. } => "the backup cannot be used, nothing was written",
        Error::Query(_) => {
            "is the disk full, the file read-only or damaged? `fenghuo store verify` looks into it"
        }
        _ => return error.into(),
    };
    anyhow::Error::new(error).context(advice)
}
