//! Who acts, and whether she may. Every write of an official goes through [`permit`] and into the audit log.

use jiff::Timestamp;

use crate::database::{Transaction, sql};
use crate::{Deed, Error, OfficialRole, audit};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Name of the official; `engine` or `relay:NAME` where nobody does.
    pub name: String,
    /// Which way it came.
    pub via: Via,
}

/// Which way an act came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// The command line.
    Cli,
    /// The officials' desk.
    Desk,
    /// The program itself.
    Engine,
}

impl Actor {
    /// An official at the command line.
    pub fn cli(name: impl Into<String>) -> Self {
        Self { name: name.into(), via: Via::Cli }
    }

    /// An official at the desk.
    pub fn desk(name: impl Into<String>) -> Self {
        Self { name: name.into(), via: Via::Desk }
    }

    /// The program itself, under the name `engine`.
    pub fn engine() -> Self {
        Self { name: "engine".to_owned(), via: Via::Engine }
    }
}

impl Via {
    /// `cli`, `desk`, `engine`: as the audit log has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Desk => "desk",
            Self::Engine => "engine",
        }
    }
}

/// Refuses unless `actor` is an enabled official of at least the role `least`. The program itself passes:
/// what it may do is said where it does it.
pub(crate) async fn permit(
    transaction: &mut Transaction,
    actor: &Actor,
    least: OfficialRole,
) -> Result<(), Error> {
    if actor.via == Via::Engine {
        return Ok(());
    }
    let statement = sql("SELECT role FROM official WHERE name = $1 AND NOT disabled");
    let row = transaction.row(statement.bind(&actor.name)).await?.ok_or(Error::NotAllowed)?;
    if OfficialRole::of(row.get("role")?) >= least { Ok(()) } else { Err(Error::NotAllowed) }
}

/// Refuses unless an official acts; for what the program must never do by itself.
pub(crate) async fn permit_person(
    transaction: &mut Transaction,
    actor: &Actor,
    least: OfficialRole,
) -> Result<(), Error> {
    if actor.via == Via::Engine {
        return Err(Error::NotAllowed);
    }
    permit(transaction, actor, least).await
}

/// Writes into the audit log that `actor` has done `action` to `subject`.
pub(crate) async fn record(
    transaction: &mut Transaction,
    actor: &Actor,
    (action, subject): (&str, &str),
    detail: &str,
    now: Timestamp,
) -> Result<(), Error> {
    let via = actor.via.as_str();
    let detail =
        if detail.is_empty() { format!("via={via}") } else { format!("via={via} {detail}") };
    let deed = Deed {
        actor: actor.name.clone(),
        action: action.to_owned(),
        subject: subject.to_owned(),
        detail,
    };
    audit::append(transaction, &deed, now).await.map(drop)
}
