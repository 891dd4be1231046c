//! One message: where it stands, what comes next and who may do it, its pre-flight sheet, its history.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use fenghuo_store::{
    AuditEntry, Campaign, CampaignId, CampaignKind, CampaignState, Official, OfficialRole,
    UnknownPolicy,
};
use jiff::Timestamp;

use super::error::DeskError;
use super::page::{self, Frame};
use super::session::Signed;
use super::sheet::SheetView;
use super::state::DeskState;
use super::{label, relay, watch, when};
use crate::office;

#[derive(Template)]
#[template(path = "desk/campaign.html")]
struct View {
    frame: Frame,
    csrf: String,
    head: Head,
    can: Can,
    /// Who could approve it.
    approvers: String,
    /// The panel of [`watch`], as HTML.
    progress: Option<String>,
    /// Deliveries of which nobody knows.
    unknown: u64,
    sheet: SheetView,
    original: Option<String>,
    /// Where loudspeakers have read it out, by name.
    heard: Vec<String>,
    /// Where they have not: id and name. Empty before it is published, and for who only reads.
    silent: Vec<(String, String)>,
    history: Vec<Line>,
}

/// The message as the page shows it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a view: each says whether its page shows one thing"
)]
struct Head {
    id: CampaignId,
    version: i64,
    title: String,
    code: String,
    kind: &'static str,
    state: &'static str,
    state_class: &'static str,
    stage: usize,
    urgent: bool,
    author: String,
    editor: Option<String>,
    approver: Option<String>,
    overridden: bool,
    reason: Option<(&'static str, String)>,
    audience: String,
    expires: String,
    until: String,
    starts: String,
    starts_input: String,
    policy: &'static str,
    refers: Option<CampaignId>,
    is_moving: bool,
    is_published: bool,
}

struct Step {
    name: &'static str,
    now: bool,
}

impl Head {
    fn of(campaign: &Campaign, audience: String, now: Timestamp) -> Self {
        let draft = &campaign.draft;
        let starts = draft.starts.filter(|at| *at > now);
        Self {
            id: campaign.id,
            version: campaign.version,
            title: if draft.title.is_empty() {
                "（还没有标题）".to_owned()
            } else {
                draft.title.clone()
            },
            code: campaign.code.clone(),
            kind: office::content::kind_name(draft.kind),
            state: office::state_name(campaign.state),
            state_class: label::state_class(campaign.state),
            stage: stage(campaign.state),
            urgent: draft.urgent,
            author: label::actor(&campaign.author).to_owned(),
            editor: Some(campaign.editor.clone()).filter(|editor| *editor != campaign.author),
            approver: campaign.approver.clone(),
            overridden: campaign.overridden,
            reason: reason(campaign),
            audience,
            expires: when::moment(draft.expires),
            until: when::until(draft.expires, now),
            starts: draft.starts.map_or_else(|| "批准后按“现在发送”".to_owned(), when::moment),
            starts_input: starts.map(when::input).unwrap_or_default(),
            policy: label::policy(draft.policy),
            refers: draft.refers,
            is_moving: watch::is_moving(campaign.state),
            is_published: campaign.started.is_some(),
        }
    }

    /// The way of every message.
    fn steps(&self) -> Vec<Step> {
        let names = ["写", "等批准", "已批准", "发送", "结束"];
        let steps = names.iter().enumerate();
        steps.map(|(at, name)| Step { name, now: at == self.stage }).collect()
    }
}

fn stage(state: CampaignState) -> usize {
    match state {
        CampaignState::Draft | CampaignState::Returned => 0,
        CampaignState::Submitted => 1,
        CampaignState::Approved | CampaignState::Scheduled => 2,
        CampaignState::Sending | CampaignState::Paused => 3,
        CampaignState::Done | CampaignState::Cancelled | CampaignState::Expired => 4,
    }
}

/// Why it is where it is, with a heading.
fn reason(campaign: &Campaign) -> Option<(&'static str, String)> {
    let reason = campaign.reason.clone().filter(|reason| !reason.is_empty())?;
    let heading = match campaign.state {
        CampaignState::Returned => "退回，请修改",
        CampaignState::Paused => "为什么暂停",
        CampaignState::Cancelled => "为什么取消",
        _ if campaign.overridden => "紧急发送的理由",
        _ => return None,
    };
    Some((heading, reason))
}

/// What this official may do with this message now. The store decides again; here it is only not offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one for each button of the page")]
struct Can {
    edit: bool,
    submit: bool,
    /// It is hers, so that somebody else must approve it.
    own: bool,
    approve: bool,
    send: bool,
    schedule: bool,
    pause: bool,
    resume: bool,
    cancel: bool,
    override_: bool,
    correct: bool,
    resolve: bool,
}

impl Can {
    fn of(campaign: &Campaign, signed: &Signed, faultless: bool) -> Self {
        use CampaignState as S;
        let name = &signed.official.name;
        let (writes, approves) = (signed.may_write(), signed.may_approve());
        let state = campaign.state;
        let hers = campaign.author == *name || campaign.editor == *name;
        let relay = campaign.draft.kind == CampaignKind::Relay;
        let written = matches!(state, S::Draft | S::Returned);
        let before = matches!(state, S::Draft | S::Returned | S::Submitted);
        let ready = matches!(state, S::Approved | S::Scheduled);
        Self {
            edit: writes && (before || ready),
            submit: writes && written && faultless,
            own: approves && state == S::Submitted && hers && !relay,
            approve: approves && state == S::Submitted && (!hers || relay) && faultless,
            send: approves && ready,
            schedule: approves && ready,
            pause: approves && state == S::Sending,
            resume: approves && state == S::Paused,
            cancel: !state.is_final() && (approves || (writes && before)),
            override_: approves && before && faultless && !relay,
            correct: writes && campaign.started.is_some(),
            resolve: approves && campaign.draft.policy == UnknownPolicy::Ask,
        }
    }

    fn anything(self) -> bool {
        self != Self { resolve: self.resolve, ..Self::default() }
    }
}

/// One entry of the history.
struct Line {
    when: String,
    who: String,
    what: String,
    why: String,
}

impl Line {
    fn of(entry: &AuditEntry) -> Self {
        Self {
            when: when::short(entry.at),
            who: label::actor(&entry.actor).to_owned(),
            what: label::action(&entry.action).to_owned(),
            why: label::why(&entry.detail),
        }
    }
}

/// `GET /desk/campaigns/{id}`
pub(super) async fn get(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Response {
    match view(&state, &signed, &id).await {
        Ok(view) => page::fine(&view),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn view(state: &DeskState, signed: &Signed, id: &str) -> Result<View, DeskError> {
    let id = CampaignId::parse(id).ok_or(DeskError::Missing)?;
    let store = state.store();
    let campaign = store.campaign(id).await?.ok_or(DeskError::Missing)?;
    let now = state.now();
    let sheet = state.sheet(&campaign).await?;
    let shown = watch::is_moving(campaign.state) || campaign.started.is_some();
    let (progress, unknown) = match shown {
        true => {
            let progress = store.campaign_progress(id).await?;
            (Some(watch::panel(&campaign, &progress, now)), progress.unknown)
        }
        false => (None, 0),
    };
    let original = match campaign.draft.relay {
        Some(relay) => store.relay(relay).await?,
        None => None,
    };
    let can = Can::of(&campaign, signed, sheet.faults.is_empty());
    let (heard, silent) = loudspeakers(state, signed, &campaign).await?;
    let audience = format!("{} 人（{}）", sheet.total, sheet.audience_words);
    Ok(View {
        frame: Frame::new(state, Some(signed), campaign.draft.title.clone()).at("/desk/campaigns"),
        csrf: signed.csrf.clone(),
        head: Head::of(&campaign, audience, now),
        approvers: if can.own {
            approvers(&campaign, &store.officials().await?)
        } else {
            String::new()
        },
        can,
        progress,
        unknown,
        sheet: SheetView::of(&state.library(), &campaign.draft, sheet),
        original: original.as_ref().map(relay::words),
        heard,
        silent,
        history: store.campaign_history(id).await?.iter().map(Line::of).collect(),
    })
}

/// The places whose loudspeakers have read the message out, and those that could still say so.
async fn loudspeakers(
    state: &DeskState,
    signed: &Signed,
    campaign: &Campaign,
) -> Result<(Vec<String>, Vec<(String, String)>), DeskError> {
    if campaign.started.is_none() {
        return Ok((Vec::new(), Vec::new()));
    }
    let library = state.library();
    let noted = state.store().acknowledgements(campaign.id).await?;
    let noted: Vec<&str> = noted.iter().map(|(region, ..)| region.as_str()).collect();
    let heard = noted.iter().map(|id| library.regions.name(id).to_owned()).collect();
    let meant = &campaign.draft.audience.regions;
    let silent = library.regions.iter().filter(|region| {
        let is_meant = meant.is_empty() || meant.contains(&region.id);
        is_meant
            && !noted.contains(&region.id.as_str())
            && signed.official.role > OfficialRole::Viewer
    });
    Ok((heard, silent.map(|region| (region.id.clone(), region.name.clone())).collect()))
}

/// Whom the author may ask.
fn approvers(campaign: &Campaign, officials: &[Official]) -> String {
    let able = officials.iter().filter(|official| {
        !official.disabled
            && official.role >= OfficialRole::Approver
            && official.name != campaign.author
            && official.name != campaign.editor
    });
    able.map(|official| official.name.as_str()).collect::<Vec<_>>().join("、")
}
