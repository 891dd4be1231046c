//! Drafts from options and files.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use fenghuo_bot::office::content::BODY;
use fenghuo_bot::office::{
    Office, audience, blank, correction_of, from_notice, moment, withdrawal_of,
};
use fenghuo_bot::public::relay::{Relay, actions};
use fenghuo_search::Engine;
use fenghuo_site::{Options, Site, World};
use fenghuo_store::{Actor, CampaignKind, Draft, UnknownPolicy};

use super::{bad_time, id, print};
use crate::cli::{CommonArgs, ReasonArgs, TextArgs};
use crate::command::office::refused;
use crate::failure::Failure;

/// A file larger than this is no message.
const MOST_BYTES: u64 = 1 << 20;

pub(super) async fn new(
    office: &Office,
    (kind, notice, relay): (String, Option<String>, Option<PathBuf>),
    text: TextArgs,
    common: &CommonArgs,
) -> Result<(), Failure> {
    let actor = Actor::cli(&common.official);
    if let Some(file) = relay {
        return relay_file(office, &file, text.region, common).await;
    }
    let draft = match &notice {
        Some(id) => from_notice(&office.library(), id, office.now())
            .ok_or_else(|| Failure::usage(format!("`{id}` is no notice of the library")))?,
        None => blank(own_kind(&kind)?, office.now()),
    };
    let draft = written(office, draft, text)?;
    print(&office.create(draft, &actor).await.map_err(refused)?, common)
}

/// Passes on the warning in `file`, to `regions` where any are named.
async fn relay_file(
    office: &Office,
    file: &Path,
    regions: Vec<String>,
    common: &CommonArgs,
) -> Result<(), Failure> {
    let bytes = bytes(file)?;
    let world = world(office)?;
    let actions = |relay: &Relay| actions(&world, relay);
    let regions = Some(regions).filter(|regions| !regions.is_empty());
    let actor = Actor::cli(&common.official);
    let campaign = office.pass_on(&bytes, actions, "file", regions, &actor).await;
    print(&campaign.map_err(refused)?, common)
}

/// The library with an index, in which the actions beneath a warning are found.
fn world(office: &Office) -> Result<World, Failure> {
    let library = office.library();
    let engine = Engine::in_memory(library.clone()).context("cannot build the index")?;
    let options = Options {
        public_url: office.settings().public_url.clone(),
        today: moment::day(office.now()),
        live: true,
        watch: false,
    };
    let site = Arc::new(Site::new(library.clone(), options));
    Ok(World { library, engine: Arc::new(engine), site })
}

pub(super) async fn edit(
    office: &Office,
    campaign: &str,
    text: TextArgs,
    common: &CommonArgs,
) -> Result<(), Failure> {
    let campaign = office.campaign(id(campaign)?).await.map_err(refused)?;
    let draft = written(office, campaign.draft.clone(), text)?;
    let actor = Actor::cli(&common.official);
    let edited = office.edit(campaign.id, campaign.version, draft, &actor).await;
    print(&edited.map_err(refused)?, common)
}

pub(super) async fn correct(
    office: &Office,
    first: &str,
    text: TextArgs,
    common: &CommonArgs,
) -> Result<(), Failure> {
    let first = office.campaign(id(first)?).await.map_err(refused)?;
    let draft = written(office, correction_of(&first, office.now()), text)?;
    let actor = Actor::cli(&common.official);
    print(&office.create(draft, &actor).await.map_err(refused)?, common)
}

pub(super) async fn withdraw(office: &Office, args: &ReasonArgs) -> Result<(), Failure> {
    let common = &args.verb.common;
    let first = office.campaign(id(&args.verb.id)?).await.map_err(refused)?;
    let draft = withdrawal_of(&first, &args.reason, office.now());
    let actor = Actor::cli(&common.official);
    print(&office.create(draft, &actor).await.map_err(refused)?, common)
}

/// What officials may write themselves; the others begin from something else.
fn own_kind(word: &str) -> Result<CampaignKind, Failure> {
    let kind = CampaignKind::parse(word);
    let own = |kind: &CampaignKind| {
        matches!(kind, CampaignKind::Notice | CampaignKind::Drill | CampaignKind::Test)
    };
    kind.filter(own).ok_or_else(|| {
        Failure::usage(format!(
            "`{word}` cannot be written; notice, drill or test can; see also --relay, correct, withdraw"
        ))
    })
}

/// `draft` with what `text` says put into it.
fn written(office: &Office, mut draft: Draft, text: TextArgs) -> Result<Draft, Failure> {
    if let Some(title) = text.title {
        draft.title = title;
    }
    if let Some(file) = &text.file {
        draft.body = string(file)?;
    }
    for pair in &text.overrides {
        let (channel, file) = pair
            .split_once('=')
            .ok_or_else(|| Failure::usage("write --override CHANNEL=FILE".to_owned()))?;
        if file.is_empty() {
            draft.overrides.remove(channel);
        } else {
            draft.overrides.insert(channel.to_owned(), string(Path::new(file))?);
        }
    }
    let audience = &mut draft.audience;
    for (list, given) in [
        (&mut audience.regions, text.region),
        (&mut audience.roles, text.role),
        (&mut audience.channels, text.channel),
        (&mut audience.except_regions, text.except_region),
        (&mut audience.except_roles, text.except_role),
        (&mut audience.except_channels, text.except_channel),
    ] {
        match given.as_slice() {
            [] => {}
            [all] if all == "all" || all == "none" => list.clear(),
            _ => *list = given,
        }
    }
    draft.audience = audience::expand(&office.library(), &draft.audience);
    if let Some(expires) = &text.expires {
        draft.expires = moment::parse(expires).ok_or_else(|| Failure::usage(bad_time(expires)))?;
    }
    if let Some(starts) = &text.starts {
        let at = moment::parse(starts).ok_or_else(|| Failure::usage(bad_time(starts)))?;
        draft.starts = Some(at);
    }
    if let Some(urgent) = text.urgent {
        draft.urgent = urgent;
    }
    if let Some(policy) = &text.policy {
        let unknown = || Failure::usage(format!("`{policy}` is no policy; never, resend or ask"));
        draft.policy = UnknownPolicy::parse(policy).ok_or_else(unknown)?;
    }
    if text.document.is_some() {
        draft.document = text.document;
    }
    Ok(draft)
}

fn string(file: &Path) -> Result<String, Failure> {
    let text = String::from_utf8(bytes(file)?)
        .with_context(|| format!("`{}` is not UTF-8", file.display()))
        .map_err(Failure::Usage)?;
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    if text.chars().count() > BODY {
        return Err(Failure::usage(format!("`{}`: more than {BODY} characters", file.display())));
    }
    Ok(text)
}

fn bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().take(MOST_BYTES + 1).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(MOST_BYTES + 1).read_to_end(&mut bytes))
    };
    let name = file.display();
    read.with_context(|| format!("`{name}`")).map_err(Failure::Usage)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Failure::usage(format!("`{name}`: larger than 1 MiB")));
    }
    Ok(bytes)
}
