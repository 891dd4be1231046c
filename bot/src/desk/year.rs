//! The year: when the notices of the library fall due, and what became of each occasion.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use fenghuo_store::{CampaignId, OfficialRole};
use jiff::civil::Date;
use serde::Deserialize;

use super::error::DeskError;
use super::guard::Posted;
use super::home::Link;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use super::{label, when};
use crate::office::{self, Due, DueState};

#[derive(Template)]
#[template(path = "desk/year.html")]
struct View {
    frame: Frame,
    csrf: String,
    year: i16,
    /// The month to go on with.
    this_month: Option<i8>,
    months: Vec<Month>,
}

struct Month {
    number: i8,
    lines: Vec<Line>,
}

struct Line {
    days: String,
    title: String,
    href: String,
    state: &'static str,
    class: &'static str,
    note: String,
    /// The name of the occasion, where it may be written now.
    key: Option<String>,
}

/// Which year.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    year: String,
}

/// `GET /desk/year`
pub(super) async fn get(
    State(state): State<DeskState>,
    signed: Signed,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let year = wanted.ok().and_then(|Query(wanted)| wanted.year.parse().ok());
    let year = year.filter(|year| (2000..=2100).contains(year));
    let year = year.unwrap_or_else(|| when::day(state.now()).year());
    match state.year_plan(year).await {
        Ok(plan) => page::fine(&view(&state, &signed, year, plan)),
        Err(error) => DeskError::from(error).page(&state, Some(&signed)),
    }
}

fn view(state: &DeskState, signed: &Signed, year: i16, plan: Vec<Due>) -> View {
    let writes = signed.may_write();
    let lines: Vec<(i8, Line)> =
        plan.into_iter().map(|due| (due.start.month(), line(due, writes))).collect();
    let mut months: Vec<Month> = Vec::new();
    for (number, line) in lines {
        match months.last_mut().filter(|month| month.number == number) {
            Some(month) => month.lines.push(line),
            None => months.push(Month { number, lines: vec![line] }),
        }
    }
    let today = when::day(state.now());
    let this_month = months.iter().map(|month| month.number).find(|n| *n >= today.month());
    View {
        this_month: this_month.filter(|_| today.year() == year),
        frame: Frame::new(state, Some(signed), format!("{year} 年应季通知安排")).at("/desk/year"),
        csrf: signed.csrf.clone(),
        year,
        months,
    }
}

fn line(due: Due, writes: bool) -> Line {
    let (state, class) = standing(&due.state);
    let note = match &due.state {
        DueState::Skipped { reason } => label::reason(reason),
        _ => String::new(),
    };
    let open = matches!(due.state, DueState::Upcoming | DueState::Due);
    Line {
        days: days(due.start, due.end),
        href: match &due.state {
            DueState::Drafted { campaign, .. } => format!("/desk/campaigns/{campaign}"),
            _ => format!("/{}/", due.document),
        },
        title: due.title,
        state,
        class,
        note,
        key: (open && writes).then_some(due.key),
    }
}

fn standing(state: &DueState) -> (&'static str, &'static str) {
    match state {
        DueState::Upcoming => ("还没到", "badge"),
        DueState::Due => ("该写了", "badge wait"),
        DueState::Drafted { is, .. } => (office::state_name(*is), label::state_class(*is)),
        DueState::Skipped { .. } => ("错过了", "badge urgent"),
        DueState::Past => ("启用以前", "badge"),
    }
}

fn days(start: Date, end: Date) -> String {
    let label = |day: Date| format!("{}月{}日", day.month(), day.day());
    if start == end { label(start) } else { format!("{}—{}", label(start), label(end)) }
}

/// Occasions that want somebody's eye, for the home page.
pub(super) async fn near(state: &DeskState, signed: &Signed) -> Result<Vec<Link>, DeskError> {
    let due = state.due().await?;
    // What has become a draft waits among the messages.
    let wanting =
        due.into_iter().filter(|due| matches!(due.state, DueState::Due | DueState::Skipped { .. }));
    Ok(wanting
        .map(|due| {
            let text = format!("{}，{}", days(due.start, due.end), standing(&due.state).0);
            let line = line(due, signed.may_write());
            let href = if line.key.is_some() { "/desk/start".to_owned() } else { line.href };
            Link { href, title: line.title, text }
        })
        .collect())
}

/// `POST /desk/occasion`: the message for one occasion, made once whoever asks.
pub(super) async fn write(State(state): State<DeskState>, posted: Posted) -> Response {
    let Posted { signed, fields } = posted;
    if let Err(error) = signed.must_be(OfficialRole::Editor) {
        return error.page(&state, Some(&signed));
    }
    let key = fields.text("key");
    let made = match state.draft_of_occasion(key, &signed.actor()).await {
        Err(office::Error::Store(fenghuo_store::Error::OccasionTaken { campaign: None })) => {
            made_before(&state, key).await
        }
        made => made,
    };
    match made {
        Ok(id) => Redirect::to(&format!("/desk/campaigns/{id}/edit")).into_response(),
        Err(error) => DeskError::of(error, "/desk/year").page(&state, Some(&signed)),
    }
}

/// The message somebody else has made for the occasion `key`.
async fn made_before(state: &DeskState, key: &str) -> Result<CampaignId, office::Error> {
    let marks = state.store().occasions(key).await?;
    let made = marks.into_iter().find(|mark| mark.name == key).and_then(|mark| mark.campaign);
    made.ok_or_else(|| fenghuo_store::Error::OccasionTaken { campaign: None }.into())
}
