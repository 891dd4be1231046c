//! `fenghuo campaign`: the whole life of a campaign without the desk.

mod draft;
mod show;

use anyhow::Context;
use fenghuo_bot::office::{Error, Office, moment};
use fenghuo_store::{Actor, Campaign, CampaignId};

use super::office::{refused, run_office};
use crate::cli::{CampaignAction, CampaignArgs, CommonArgs, PlaceArgs, ReasonArgs, VerbArgs};
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

pub(crate) fn run(place: &PlaceArgs, config: &Config, args: CampaignArgs) -> Result<(), Failure> {
    run_office(place, config, async move |office| act(&office, args.action).await)
}

async fn act(office: &Office, action: CampaignAction) -> Result<(), Failure> {
    match action {
        CampaignAction::New { kind, notice, relay, text, common } => {
            draft::new(office, (kind, notice, relay), text, &common).await
        }
        CampaignAction::Edit { id, text, common } => draft::edit(office, &id, text, &common).await,
        CampaignAction::Correct { id, text, common } => {
            draft::correct(office, &id, text, &common).await
        }
        CampaignAction::Withdraw(args) => draft::withdraw(office, &args).await,
        CampaignAction::Preview { id, json } => show::preview(office, &id, json).await,
        CampaignAction::List { state, json } => show::list(office, &state, json).await,
        CampaignAction::Status { id, json } => show::status(office, &id, json).await,
        CampaignAction::Report { id, csv, json } => show::report(office, &id, csv, json).await,
        CampaignAction::Plan { year, ics, json } => show::plan(office, year, ics, json).await,
        verb => self::verb(office, verb).await,
    }
}

/// The verbs that take a campaign from one state to the next.
async fn verb(office: &Office, action: CampaignAction) -> Result<(), Failure> {
    match action {
        CampaignAction::Submit(args) => {
            step(office, &args, async |id, version, actor| office.submit(id, version, actor).await)
                .await
        }
        CampaignAction::Approve(args) => {
            step(office, &args, async |id, version, actor| office.approve(id, version, actor).await)
                .await
        }
        CampaignAction::Resume(args) => {
            step(office, &args, async |id, version, actor| office.resume(id, version, actor).await)
                .await
        }
        CampaignAction::Return(ReasonArgs { verb, reason }) => {
            step(office, &verb, async |id, version, actor| {
                office.return_to_author(id, version, &reason, actor).await
            })
            .await
        }
        CampaignAction::Cancel(ReasonArgs { verb, reason }) => {
            step(office, &verb, async |id, version, actor| {
                office.cancel(id, version, &reason, actor).await
            })
            .await
        }
        CampaignAction::Pause { verb, reason } => {
            step(office, &verb, async |id, version, actor| {
                office.pause(id, version, &reason, actor).await
            })
            .await
        }
        CampaignAction::Schedule { verb, at } => {
            let at = moment::parse(&at).ok_or_else(|| Failure::usage(bad_time(&at)))?;
            step(office, &verb, async |id, version, actor| {
                office.schedule(id, version, at, actor).await
            })
            .await
        }
        CampaignAction::Send { verb, reason, .. } => send(office, &verb, reason.as_deref()).await,
        CampaignAction::Resolve { verb, resend } => resolve(office, &verb, resend).await,
        CampaignAction::Heard { verb, region } => heard(office, &verb, &region).await,
        _ => Ok(()),
    }
}

async fn send(office: &Office, args: &VerbArgs, emergency: Option<&str>) -> Result<(), Failure> {
    step(office, args, async |id, version, actor| match emergency {
        Some(reason) => office.override_approval(id, version, reason, actor).await,
        None => office.send(id, version, actor).await,
    })
    .await?;
    if !args.common.json {
        output::complain(
            "a running `fenghuo serve` carries it out; `campaign status` tells how far it is",
        );
    }
    Ok(())
}

async fn resolve(office: &Office, args: &VerbArgs, resend: bool) -> Result<(), Failure> {
    let id = id(&args.id)?;
    let actor = Actor::cli(&args.common.official);
    let resolved = office.store().resolve_unknown(id, resend, &actor, office.now()).await;
    let resolved = resolved.map_err(Error::from).map_err(refused)?;
    output::print(&format!("{resolved}"));
    Ok(())
}

async fn heard(office: &Office, args: &VerbArgs, region: &str) -> Result<(), Failure> {
    let library = office.library();
    if library.regions.find(region).is_none() {
        return Err(Failure::usage(format!("`{region}` is no region of the library")));
    }
    let (id, actor) = (id(&args.id)?, Actor::cli(&args.common.official));
    let noted = office.store().acknowledge(id, region, "loudspeaker", &actor, office.now()).await;
    let noted = noted.map_err(Error::from).map_err(refused)?;
    output::print(if noted { "noted" } else { "noted before" });
    Ok(())
}

/// Does one thing to the campaign as it stands now, and prints it.
async fn step<V>(office: &Office, args: &VerbArgs, verb: V) -> Result<(), Failure>
where
    V: AsyncFnOnce(CampaignId, i64, &Actor) -> Result<Campaign, Error>,
{
    let actor = Actor::cli(&args.common.official);
    let campaign = office.campaign(id(&args.id)?).await.map_err(refused)?;
    let campaign = verb(campaign.id, campaign.version, &actor).await.map_err(refused)?;
    print(&campaign, &args.common)
}

fn print(campaign: &Campaign, common: &CommonArgs) -> Result<(), Failure> {
    output::print(&if common.json {
        serde_json::to_string(campaign).context("cannot write JSON")?
    } else {
        show::line(campaign)
    });
    Ok(())
}

fn id(text: &str) -> Result<CampaignId, Failure> {
    let unknown = || Failure::usage(format!("`{text}` names no campaign; write c12 or 12"));
    CampaignId::parse(text).ok_or_else(unknown)
}

fn bad_time(text: &str) -> String {
    format!("`{text}` is no time; write \"2026-11-09 08:10\" (Beijing time)")
}
