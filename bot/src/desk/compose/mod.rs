//! Writing a message: the form, the count and lengths beside it, saving it as a draft. Whatever is wrong, the form
//! comes back with everything in it.

mod form;
mod measure;
mod stale;
mod start;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use fenghuo_content::Setting;
use fenghuo_store::{Campaign, CampaignId, CampaignKind, OfficialRole, UnknownPolicy};
use jiff::SignedDuration;

use super::error::DeskError;
use super::guard::Posted;
use super::page::{self, Frame};
use super::session::{self, Signed};
use super::state::DeskState;
use super::tree::{self, Branch};
use super::{label, when};
use crate::channel::word;
use crate::office::{self, Fault, content};

use form::Form;
pub(super) use measure::post as measure;
use stale::Difference;
pub(super) use start::{correct, new, withdraw};

#[derive(Template)]
#[template(path = "desk/compose.html")]
struct View {
    frame: Frame,
    csrf: String,
    action: String,
    back: (String, &'static str),
    /// What is special about this message.
    note: Option<&'static str>,
    faults: Vec<Wrong>,
    /// What differs from what somebody else has saved meanwhile.
    theirs: Option<Vec<Difference>>,
    version: Option<i64>,
    form: Form,
    /// The kinds one may choose from; none where the kind is settled.
    kinds: Vec<(&'static str, &'static str)>,
    /// The warning that is passed on.
    original: Option<String>,
    placeholders: Vec<(String, &'static str)>,
    /// Channels that may have a text of their own.
    texts: Vec<(&'static str, &'static str)>,
    /// Channels an audience may name.
    channels: Vec<Choice>,
    regions: Vec<Branch>,
    except_regions: Vec<Branch>,
    settings: Vec<Choice>,
    policies: Vec<(&'static str, &'static str)>,
    example: String,
    /// Count and lengths, as HTML.
    measure: String,
}

/// A setting or a channel with its two check boxes.
struct Choice {
    id: &'static str,
    name: &'static str,
    configured: bool,
    /// Whether it is among those chosen.
    on: bool,
    /// Whether it is among those left out.
    off: bool,
}

/// A fault and where it is mended.
struct Wrong {
    field: String,
    text: String,
}

impl Wrong {
    fn of(fault: &Fault) -> Self {
        Self { field: fault.field.clone(), text: fault.to_string() }
    }

    /// The id of the field.
    fn anchor(&self) -> String {
        match self.field.as_str() {
            field @ ("title" | "body" | "expires" | "starts" | "kind" | "policy") => {
                field.to_owned()
            }
            field => match field.strip_prefix("override:") {
                Some(channel) => format!("override-{channel}"),
                None if field == "audience" => field.to_owned(),
                None => "title".to_owned(),
            },
        }
    }
}

impl View {
    /// What is wrong with `field`.
    fn fault(&self, field: &str) -> Option<String> {
        let texts: Vec<&str> =
            self.faults.iter().filter(|w| w.field == field).map(|w| w.text.as_str()).collect();
        (!texts.is_empty()).then(|| texts.join("；"))
    }
}

/// What is shown besides the form.
#[derive(Default)]
struct Beside {
    faults: Vec<Fault>,
    theirs: Option<Vec<Difference>>,
    /// The campaign that is edited.
    edited: Option<(CampaignId, i64)>,
    measured: bool,
}

/// The page with `form` in it.
async fn show(state: &DeskState, signed: &Signed, form: Form, beside: Beside) -> Response {
    let refused = !beside.faults.is_empty() || beside.theirs.is_some();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    match view(state, signed, form, beside).await {
        Ok(view) => page::show(status, &view),
        Err(error) => error.page(state, Some(signed)),
    }
}

async fn view(
    state: &DeskState,
    signed: &Signed,
    form: Form,
    beside: Beside,
) -> Result<View, DeskError> {
    let library = state.library();
    let county = library.place.region.as_str();
    let kind = CampaignKind::parse(&form.kind);
    let (action, back, title) = match beside.edited {
        Some((id, _)) => {
            let page = format!("/desk/campaigns/{id}");
            (format!("{page}/edit"), (page, "回到这条通知"), "修改通知")
        }
        None => {
            ("/desk/campaigns/new".to_owned(), ("/desk/start".to_owned(), "换个开头"), "写通知")
        }
    };
    let measure = if beside.measured { measure::html(state, &form).await? } else { String::new() };
    Ok(View {
        frame: Frame::new(state, Some(signed), title).at("/desk/start"),
        csrf: signed.csrf.clone(),
        action,
        back,
        note: note(kind),
        faults: beside.faults.iter().map(Wrong::of).collect(),
        theirs: beside.theirs,
        version: beside.edited.map(|(_, version)| version),
        kinds: kinds(&form, beside.edited.is_some()),
        original: start::original(state, &form).await?,
        placeholders: content::PLACEHOLDERS
            .iter()
            .map(|(name, meaning)| (format!("{{{{ {name} }}}}"), *meaning))
            .collect(),
        texts: content::CHANNELS.iter().map(|channel| (channel.id, channel.name)).collect(),
        channels: channels(state, &form),
        regions: tree::tree(&library.regions, county, &form.regions),
        except_regions: tree::tree(&library.regions, county, &form.except_regions),
        settings: settings(&form),
        policies: UnknownPolicy::ALL.iter().map(|p| (p.as_str(), label::policy(*p))).collect(),
        example: when::moment(state.now() + SignedDuration::from_hours(72)),
        measure,
        form,
    })
}

/// Kinds that begin from a blank page; a saved message keeps its kind.
fn kinds(form: &Form, edited: bool) -> Vec<(&'static str, &'static str)> {
    let free = [CampaignKind::Notice, CampaignKind::Drill, CampaignKind::Test];
    let settled = CampaignKind::parse(&form.kind).is_some_and(|kind| !free.contains(&kind));
    if edited || settled {
        return Vec::new();
    }
    free.iter().map(|kind| (kind.as_str(), office::content::kind_name(*kind))).collect()
}

fn note(kind: Option<CampaignKind>) -> Option<&'static str> {
    match kind? {
        CampaignKind::Correction => {
            Some("更正会发给收到过原来那条的所有人，再加上下面选的人。请在第一段写明改了什么。")
        }
        CampaignKind::Withdrawal => {
            Some("撤回只发给收到过（或可能收到过）原来那条的人，不用再选发给谁。")
        }
        CampaignKind::Relay => {
            Some("预警的原文、发布单位和编号照原样发出。正文里是我们附在下面的做法。")
        }
        CampaignKind::Drill => Some("每个渠道都会标明“演练”。"),
        CampaignKind::Test => Some("用来试渠道通不通，不计入成效。请只选少数人。"),
        CampaignKind::Notice => None,
    }
}

fn settings(form: &Form) -> Vec<Choice> {
    let choice = |setting: &Setting| {
        let id = word(*setting);
        let among = |list: &[String]| list.iter().any(|chosen| chosen == id);
        let (on, off) = (among(&form.roles), among(&form.except_roles));
        Choice { id, name: setting.name(), configured: true, on, off }
    };
    Setting::ALL.iter().map(choice).collect()
}

fn channels(state: &DeskState, form: &Form) -> Vec<Choice> {
    let choice = |found: office::ChannelChoice| {
        let (id, name) = (found.channel.id, found.channel.name);
        let among = |list: &[String]| list.iter().any(|chosen| chosen == id);
        let (on, off) = (among(&form.channels), among(&form.except_channels));
        Choice { id, name, configured: found.configured, on, off }
    };
    state.channels().into_iter().map(choice).collect()
}

/// `POST /desk/campaigns/new`
pub(super) async fn create(State(state): State<DeskState>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    if let Err(error) = signed.must_be(OfficialRole::Editor) {
        return error.page(&state, Some(&signed));
    }
    let form = Form::read(&fields);
    if fields.text("do") == "measure" {
        return show(&state, &signed, form, Beside { measured: true, ..Beside::default() }).await;
    }
    let draft = match form.draft() {
        Ok(draft) => draft,
        Err(faults) => return refuse(&state, &signed, form, faults, None).await,
    };
    match state.keep_new(draft, &signed.actor()).await {
        Ok(campaign) => saved(&state, &campaign),
        Err(error) => failed(&state, &signed, form, error, None).await,
    }
}

/// `GET /desk/campaigns/{id}/edit`
pub(super) async fn edit(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Response {
    let found = async {
        signed.must_be(OfficialRole::Editor)?;
        let id = CampaignId::parse(&id).ok_or(DeskError::Missing)?;
        state.store().campaign(id).await?.ok_or(DeskError::Missing)
    };
    match found.await {
        Ok(Campaign { id, draft, version, .. }) => {
            let form = Form::of(&draft, &state.library());
            let edited = Some((id, version));
            show(&state, &signed, form, Beside { edited, measured: true, ..Beside::default() })
                .await
        }
        Err(error) => DeskError::page(error, &state, Some(&signed)),
    }
}

/// `POST /desk/campaigns/{id}/edit`
pub(super) async fn save(
    State(state): State<DeskState>,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Posted { signed, fields } = posted;
    if let Err(error) = signed.must_be(OfficialRole::Editor) {
        return error.page(&state, Some(&signed));
    }
    let Some(id) = CampaignId::parse(&id) else {
        return DeskError::Missing.page(&state, Some(&signed));
    };
    let form = Form::read(&fields);
    let version = fields.text("version").parse().unwrap_or(0);
    let edited = Some((id, version));
    if fields.text("do") == "measure" {
        let beside = Beside { edited, measured: true, ..Beside::default() };
        return show(&state, &signed, form, beside).await;
    }
    let draft = match form.draft() {
        Ok(draft) => draft,
        Err(faults) => return refuse(&state, &signed, form, faults, edited).await,
    };
    match state.keep(id, version, draft, &signed.actor()).await {
        Ok(campaign) => saved(&state, &campaign),
        Err(office::Error::Store(fenghuo_store::Error::Stale)) => {
            stale(&state, &signed, form, id).await
        }
        Err(error) => failed(&state, &signed, form, error, edited).await,
    }
}

fn saved(state: &DeskState, campaign: &Campaign) -> Response {
    let said = "已存为草稿。请看下面的发送单。";
    session::go_saying(state, &format!("/desk/campaigns/{}", campaign.id), said)
}

/// Nothing was saved: the form again, with what is wrong.
async fn refuse(
    state: &DeskState,
    signed: &Signed,
    form: Form,
    faults: Vec<Fault>,
    edited: Option<(CampaignId, i64)>,
) -> Response {
    show(state, signed, form, Beside { faults, edited, ..Beside::default() }).await
}

async fn failed(
    state: &DeskState,
    signed: &Signed,
    form: Form,
    error: office::Error,
    edited: Option<(CampaignId, i64)>,
) -> Response {
    let faults = match error {
        office::Error::Faults(faults) => faults,
        office::Error::Store(fenghuo_store::Error::OccasionTaken { campaign: Some(id) }) => {
            return Redirect::to(&format!("/desk/campaigns/{id}")).into_response();
        }
        // A refusal as well as a failing database: what was typed stays in the form.
        error => {
            if !error.is_refusal() {
                tracing::error!(error = &error as &dyn std::error::Error, "a draft was not saved");
            }
            vec![Fault::new("draft", error.chinese())]
        }
    };
    refuse(state, signed, form, faults, edited).await
}

/// Somebody else was faster: both, and the next press saves this one.
async fn stale(state: &DeskState, signed: &Signed, form: Form, id: CampaignId) -> Response {
    let current = match state.store().campaign(id).await {
        Ok(Some(current)) => current,
        Ok(None) => return DeskError::Missing.page(state, Some(signed)),
        Err(error) => return DeskError::from(error).page(state, Some(signed)),
    };
    let library = state.library();
    let theirs = stale::differences(&Form::of(&current.draft, &library), &form, &library);
    let edited = Some((id, current.version));
    show(state, signed, form, Beside { theirs: Some(theirs), edited, ..Beside::default() }).await
}
