//! What waits: for her, on its way, due by the calendar, unanswered, overdue.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use fenghuo_store::{Campaign, CampaignFilter, CampaignId, CampaignKind, CampaignState};
use jiff::{SignedDuration, Timestamp};

use super::board;
use super::error::DeskError;
use super::page::{self, Frame};
use super::row::Row;
use super::session::Signed;
use super::state::DeskState;
use super::when;
use super::year;

/// An emergency release is told to everybody for a week.
const TOLD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Gaps and boards shown here; the rest stands on their pages.
const FEW: usize = 5;

#[derive(Template)]
#[template(path = "desk/home.html")]
struct View {
    frame: Frame,
    may_write: bool,
    overrides: Vec<Override>,
    waiting: Vec<Row>,
    moving: Vec<Row>,
    others: Vec<Row>,
    unknown: Vec<(CampaignId, String, u64)>,
    due: Vec<Link>,
    figures: Vec<Link>,
    overdue: Vec<Link>,
    gaps: Vec<(String, u64)>,
}

/// One person has released a message alone.
struct Override {
    id: CampaignId,
    title: String,
    line: String,
    reason: String,
}

/// A line that leads on.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) text: String,
}

/// `GET /desk`
pub(super) async fn get(State(state): State<DeskState>, signed: Signed) -> Response {
    match view(&state, &signed).await {
        Ok(view) => page::fine(&view),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn view(state: &DeskState, signed: &Signed) -> Result<View, DeskError> {
    use CampaignState as S;
    let now = state.now();
    let store = state.store();
    let open = CampaignFilter {
        states: vec![
            S::Draft,
            S::Returned,
            S::Submitted,
            S::Approved,
            S::Scheduled,
            S::Sending,
            S::Paused,
        ],
        limit: 300,
        ..CampaignFilter::default()
    };
    let open = store.campaigns(&open).await?;
    let (moving, still): (Vec<&Campaign>, Vec<&Campaign>) =
        open.iter().partition(|c| matches!(c.state, S::Scheduled | S::Sending));
    let (waiting, others): (Vec<&Campaign>, Vec<&Campaign>) =
        still.into_iter().partition(|campaign| is_hers(campaign, signed));
    let rows = |campaigns: Vec<&Campaign>| campaigns.into_iter().map(|c| Row::of(c, now)).collect();
    let boards = board::standing(state).await?;
    Ok(View {
        frame: Frame::new(state, Some(signed), "待办").at("/desk"),
        may_write: signed.may_write(),
        overrides: overrides(state, now).await?,
        waiting: rows(waiting),
        moving: rows(moving),
        others: rows(others),
        unknown: unknown(state, signed).await?,
        due: year::near(state, signed).await?,
        figures: if signed.may_write() {
            board::to_confirm(state, signed).await?
        } else {
            Vec::new()
        },
        overdue: board::overdue(&boards).into_iter().take(FEW).collect(),
        gaps: store
            .gaps()
            .await?
            .into_iter()
            .take(FEW)
            .map(|gap| (gap.sample, gap.count))
            .collect(),
    })
}

/// Whether the next step of `campaign` is hers.
fn is_hers(campaign: &Campaign, signed: &Signed) -> bool {
    let name = &signed.official.name;
    let wrote = campaign.author == *name || campaign.editor == *name;
    let relay = campaign.draft.kind == CampaignKind::Relay;
    let seasonal = campaign.draft.occasion.is_some() && campaign.author == "engine";
    match campaign.state {
        CampaignState::Draft => signed.may_write() && (wrote || seasonal),
        CampaignState::Returned => signed.may_write() && wrote,
        CampaignState::Submitted => signed.may_approve() && (!wrote || relay),
        CampaignState::Approved | CampaignState::Paused => signed.may_approve(),
        _ => false,
    }
}

async fn overrides(state: &DeskState, now: Timestamp) -> Result<Vec<Override>, DeskError> {
    let filter = CampaignFilter { overridden: true, limit: 10, ..CampaignFilter::default() };
    let found = state.store().campaigns(&filter).await?;
    let recent = found
        .into_iter()
        .filter(|campaign| campaign.approved.is_some_and(|at| now.duration_since(at) < TOLD));
    Ok(recent
        .map(|campaign| Override {
            id: campaign.id,
            line: format!(
                "{} {}一个人放行，没有经过第二个人批准",
                campaign.approved.map(when::short).unwrap_or_default(),
                campaign.approver.as_deref().unwrap_or_default()
            ),
            reason: campaign.reason.unwrap_or_default(),
            title: campaign.draft.title,
        })
        .collect())
}

/// Messages of which she has to say what becomes of what nobody knows.
async fn unknown(
    state: &DeskState,
    signed: &Signed,
) -> Result<Vec<(CampaignId, String, u64)>, DeskError> {
    let mut rows = Vec::new();
    if signed.may_approve() {
        for (id, count) in state.store().unknown_waiting().await? {
            let title = state.store().campaign(id).await?.map(|c| c.draft.title);
            rows.push((id, title.unwrap_or_default(), count));
        }
    }
    Ok(rows)
}
