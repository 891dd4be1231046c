//! Adding and changing officials.

use jiff::Timestamp;

use super::{Official, OfficialChange, OfficialRole};
use crate::actor::{permit_person, record};
use crate::database::{Row, Statement, Transaction, sql};
use crate::{Actor, Error, Store, Via};

const OFFICIAL: &str = "SELECT name, role, disabled, added FROM official";

impl Store {
    /// Adds an official. At the desk only an admin may; on the command line whoever has the database may.
    ///
    /// # Errors
    /// [`Error::Taken`]; [`Error::NotAllowed`], also for the names the program uses for itself (`engine`,
    /// `system`, and all with a colon).
    pub async fn add_official(
        &self,
        name: &str,
        role: OfficialRole,
        password_hash: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        if is_reserved(name) {
            return Err(Error::NotAllowed);
        }
        let add = sql("INSERT INTO official (name, role, password_hash, disabled, added)
             VALUES ($1, $2, $3, FALSE, $4) ON CONFLICT (name) DO NOTHING")
        .bind(name)
        .bind(role.code())
        .bind(password_hash)
        .bind(now.as_second());
        let (name, actor) = (name.to_owned(), actor.clone());
        self.write(move |transaction| {
            Box::pin(async move {
                permit_managing(transaction, &actor).await?;
                if transaction.execute(add).await? == 0 {
                    return Err(Error::Taken { what: "official" });
                }
                let detail = format!("role={role}");
                record(transaction, &actor, ("official.add", &name), &detail, now).await
            })
        })
        .await
    }

    /// Changes an official, and ends her sessions at the desk.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::NotAllowed`] as for [`Store::add_official`], save that everyone may
    /// change her own password.
    pub async fn change_official(
        &self,
        name: &str,
        change: OfficialChange,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<(), Error> {
        let (name, actor) = (name.to_owned(), actor.clone());
        self.write(move |transaction| {
            Box::pin(async move {
                let own = matches!(change, OfficialChange::Password(_)) && actor.name == name;
                let least = if own { OfficialRole::Viewer } else { OfficialRole::Admin };
                if actor.via != Via::Cli {
                    permit_person(transaction, &actor, least).await?;
                }
                let (statement, action, detail) = written(&name, change);
                if transaction.execute(statement).await? == 0 {
                    return Err(Error::NotFound { what: "official" });
                }
                let end = sql("DELETE FROM desk_session WHERE official = $1").bind(&name);
                transaction.execute(end).await?;
                record(transaction, &actor, (action, &name), &detail, now).await
            })
        })
        .await
    }

    /// All officials by name.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn officials(&self) -> Result<Vec<Official>, Error> {
        let statement = sql(sqlx::AssertSqlSafe(format!("{OFFICIAL} ORDER BY name")));
        self.rows(statement).await?.iter().map(read).collect()
    }

    /// The official `name`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn official(&self, name: &str) -> Result<Option<Official>, Error> {
        let statement = sql(sqlx::AssertSqlSafe(format!("{OFFICIAL} WHERE name = $1"))).bind(name);
        self.row(statement).await?.map(|row| read(&row)).transpose()
    }

    /// The hash of the password of the official `name`, unless she is unknown or disabled.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn password_hash(&self, name: &str) -> Result<Option<String>, Error> {
        let statement =
            sql("SELECT password_hash FROM official WHERE name = $1 AND NOT disabled").bind(name);
        self.row(statement).await?.map(|row| row.get("password_hash")).transpose()
    }
}

/// Names under which the program acts; an official of that name would hide behind it, or hide it.
fn is_reserved(name: &str) -> bool {
    name.trim().is_empty() || name.contains(':') || ["engine", "system"].contains(&name)
}

async fn permit_managing(transaction: &mut Transaction, actor: &Actor) -> Result<(), Error> {
    match actor.via {
        Via::Cli => Ok(()),
        Via::Desk | Via::Engine => permit_person(transaction, actor, OfficialRole::Admin).await,
    }
}

/// The statement of a change, and what the audit log says of it.
fn written(name: &str, change: OfficialChange) -> (Statement, &'static str, String) {
    match change {
        OfficialChange::Role(role) => (
            sql("UPDATE official SET role = $2 WHERE name = $1").bind(name).bind(role.code()),
            "official.role",
            format!("role={role}"),
        ),
        OfficialChange::Password(hash) => (
            sql("UPDATE official SET password_hash = $2 WHERE name = $1").bind(name).bind(hash),
            "official.password",
            String::new(),
        ),
        OfficialChange::Disabled(disabled) => (
            sql("UPDATE official SET disabled = $2 WHERE name = $1").bind(name).bind(disabled),
            if disabled { "official.disable" } else { "official.enable" },
            String::new(),
        ),
    }
}

pub(super) fn read(row: &Row) -> Result<Official, Error> {
    Ok(Official {
        name: row.get("name")?,
        role: OfficialRole::of(row.get("role")?),
        disabled: row.get("disabled")?,
        added: row.instant("added")?,
    })
}
