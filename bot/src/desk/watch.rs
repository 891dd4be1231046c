//! How far a campaign is: the panel of its page, and the same sent again whenever a figure has changed.

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use fenghuo_site::chart;
use fenghuo_store::{Campaign, CampaignId, CampaignState, Progress};
use futures_util::Stream;
use jiff::Timestamp;
use serde::Deserialize;

use super::error::DeskError;
use super::session::Signed;
use super::state::DeskState;
use super::when;
use crate::office;

/// How often the figures are looked at.
const TICK: Duration = Duration::from_secs(1);
/// A connection ends after so many looks and the browser opens another: so a session that is over is noticed.
const LIFE: u32 = 300;

#[derive(Template)]
#[template(path = "desk/progress.html")]
struct View {
    line: String,
    meter: String,
    sent: u64,
    waiting: u64,
    failed: u64,
    unknown: u64,
    skipped: u64,
    note: String,
}

/// How many are still to be sent.
pub(super) fn waiting(progress: &Progress) -> u64 {
    progress.queued + progress.retry + progress.leased + progress.sending
}

fn total(progress: &Progress) -> u64 {
    waiting(progress) + progress.sent + progress.failed + progress.unknown + progress.skipped
}

/// Whether the page is to follow it.
pub(super) fn is_moving(state: CampaignState) -> bool {
    matches!(state, CampaignState::Scheduled | CampaignState::Sending | CampaignState::Paused)
}

/// The panel of `campaign`, as HTML.
pub(super) fn panel(campaign: &Campaign, progress: &Progress, now: Timestamp) -> String {
    view(campaign, progress, now).render().unwrap_or_default()
}

fn view(campaign: &Campaign, progress: &Progress, now: Timestamp) -> View {
    let (all, left) = (total(progress), waiting(progress));
    let done = all - left;
    let percent = (done * 100).checked_div(all).unwrap_or(0);
    let line = match campaign.state {
        CampaignState::Scheduled => match campaign.draft.starts {
            Some(at) => format!("{}开始发送", when::moment(at)),
            None => "已定时".to_owned(),
        },
        CampaignState::Sending if !campaign.materialised => format!("正在列名单，已列 {all} 人"),
        CampaignState::Sending => format!("正在发送，{done} / {all}"),
        CampaignState::Paused => format!("已暂停，{done} / {all}"),
        CampaignState::Done => format!("已发完，共 {all} 人"),
        CampaignState::Cancelled => format!("已取消，发出 {} / {all}", progress.sent),
        _ => format!("发出 {} / {all}", progress.sent),
    };
    View {
        line,
        meter: chart::meter(u32::try_from(percent).unwrap_or(100)),
        sent: progress.sent,
        waiting: left,
        failed: progress.failed,
        unknown: progress.unknown,
        skipped: progress.skipped,
        note: note(campaign, left, now),
    }
}

fn note(campaign: &Campaign, left: u64, now: Timestamp) -> String {
    let until = when::until(campaign.draft.expires, now);
    match (campaign.state.is_final(), left) {
        (true, _) => {
            campaign.ended.map(|at| format!("{}结束。", when::moment(at))).unwrap_or_default()
        }
        (false, 0) => format!("失效{until}。"),
        (false, _) if campaign.draft.urgent => format!("失效{until}，到时没有发出的不再发。"),
        (false, _) => {
            format!("设了免打扰的人，过了时段才发。失效{until}，到时没有发出的不再发。")
        }
    }
}

/// What the page shows that follows.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    /// Name of the state its buttons are for.
    state: Option<String>,
}

/// `GET /desk/campaigns/{id}/events?state=`
pub(super) async fn events(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
    shown: Result<Query<Shown>, QueryRejection>,
) -> Response {
    let Some(id) = CampaignId::parse(&id) else {
        return DeskError::Missing.page(&state, Some(&signed));
    };
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(10));
    let was = shown.ok().and_then(|Query(shown)| shown.state);
    Sse::new(follow(state, id, was)).keep_alive(keep_alive).into_response()
}

/// Where a connection stands.
struct Follow {
    state: DeskState,
    id: CampaignId,
    ticks: u32,
    last: String,
    /// The state the page shows: it may have changed before the connection stood.
    was: Option<String>,
}

/// `progress` with the panel when it changes, `over` when the page as a whole is out of date.
fn follow(
    state: DeskState,
    id: CampaignId,
    was: Option<String>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let start = Follow { state, id, ticks: 0, last: String::new(), was };
    futures_util::stream::unfold(start, |mut follow| async move {
        while follow.ticks < LIFE {
            if follow.ticks > 0 && follow.state.ends_within(TICK).await {
                return None;
            }
            follow.ticks += 1;
            match follow.look().await {
                Ok(Some(event)) => return Some((Ok(event), follow)),
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(?error, "progress cannot be read");
                    return None;
                }
            }
        }
        None
    })
}

impl Follow {
    async fn look(&mut self) -> Result<Option<Event>, DeskError> {
        let Some(campaign) = self.state.store().campaign(self.id).await? else { return Ok(None) };
        // Buttons and panel belong together: another state is another page.
        let state = office::state_name(campaign.state);
        if self.was.replace(state.to_owned()).is_some_and(|was| was != state) {
            self.ticks = LIFE;
            // Browsers throw away events without data.
            return Ok(Some(Event::default().event("over").data("now")));
        }
        let progress = self.state.figures.progress(self.state.store(), self.id).await?;
        let panel = panel(&campaign, &progress, self.state.now()).replace('\n', "");
        if panel == self.last {
            return Ok(None);
        }
        self.last.clone_from(&panel);
        Ok(Some(Event::default().event("progress").data(panel)))
    }
}
