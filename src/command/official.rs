//! `fenghuo official`: who may do what at the desk and on the command line.

use anyhow::Context;
use fenghuo_bot::office::Office;
use fenghuo_store::{Actor, OfficialRole};

use super::office::{refused, run_office};
use crate::cli::{OfficialAction, OfficialArgs, PlaceArgs, RoleArg};
use crate::config::Config;
use crate::failure::Failure;
use crate::{output, password};

/// Who manages officials on the command line: whoever holds the database.
const CONSOLE: &str = "console";

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: OfficialArgs) -> Result<(), Failure> {
    let action = args.action;
    run_office(place, config, async move |office| act(&office, action).await)
}

async fn act(office: &Office, action: OfficialAction) -> Result<(), Failure> {
    let console = Actor::cli(CONSOLE);
    match action {
        OfficialAction::Add { name, role } => {
            let password = password::read(&name).map_err(Failure::Usage)?;
            office.add_official(&name, role.into(), &password, &console).await.map_err(refused)?;
            output::print(&format!("added {name}"));
        }
        OfficialAction::Password { name } => {
            let password = password::read(&name).map_err(Failure::Usage)?;
            office.set_password(&name, &password, &console).await.map_err(refused)?;
        }
        OfficialAction::Role { name, role } => {
            office.set_role(&name, role.into(), &console).await.map_err(refused)?;
        }
        OfficialAction::Disable { name } => {
            office.set_disabled(&name, true, &console).await.map_err(refused)?;
        }
        OfficialAction::Enable { name } => {
            office.set_disabled(&name, false, &console).await.map_err(refused)?;
        }
        OfficialAction::List { json } => list(office, json).await?,
    }
    Ok(())
}

async fn list(office: &Office, json: bool) -> Result<(), Failure> {
    let officials = office.store().officials().await.context("cannot read the store")?;
    for official in officials {
        output::print(&if json {
            serde_json::to_string(&official).context("cannot write JSON")?
        } else {
            let state = if official.disabled { "disabled" } else { "" };
            format!("{}\t{}\t{}\t{state}", official.name, official.role, official.added)
        });
    }
    Ok(())
}

impl From<RoleArg> for OfficialRole {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Viewer => Self::Viewer,
            RoleArg::Editor => Self::Editor,
            RoleArg::Approver => Self::Approver,
            RoleArg::Admin => Self::Admin,
        }
    }
}
