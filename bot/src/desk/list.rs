//! All campaigns, with filters.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use fenghuo_store::{CampaignFilter, CampaignId, CampaignKind, CampaignState};
use serde::Deserialize;

use super::error::DeskError;
use super::page::{self, Frame};
use super::query::encode;
use super::row::Row;
use super::session::Signed;
use super::state::DeskState;
use crate::office;

/// Lines of a page.
const PAGE: u32 = 30;

#[derive(Template)]
#[template(path = "desk/list.html")]
struct View {
    frame: Frame,
    rows: Vec<Row>,
    q: String,
    state: String,
    kind: String,
    author: String,
    states: Vec<(&'static str, &'static str)>,
    kinds: Vec<(&'static str, &'static str)>,
    authors: Vec<String>,
    /// Address of the next page.
    more: Option<String>,
    may_write: bool,
    /// Whether anything is looked for.
    filtered: bool,
}

/// What is looked for; words that mean nothing leave all in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    q: String,
    state: String,
    kind: String,
    author: String,
    before: String,
}

impl Wanted {
    fn filter(&self) -> CampaignFilter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        CampaignFilter {
            states: CampaignState::parse(&self.state).into_iter().collect(),
            kind: CampaignKind::parse(&self.kind),
            author: given(&self.author),
            contains: given(&self.q),
            before: CampaignId::parse(&self.before),
            limit: PAGE + 1,
            ..CampaignFilter::default()
        }
    }

    fn next(&self, before: CampaignId) -> String {
        let before = before.to_string();
        let query = encode(&[
            ("q", &self.q),
            ("state", &self.state),
            ("kind", &self.kind),
            ("author", &self.author),
            ("before", &before),
        ]);
        format!("/desk/campaigns?{query}")
    }
}

/// `GET /desk/campaigns`
pub(super) async fn get(
    State(state): State<DeskState>,
    signed: Signed,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    match view(&state, &signed, wanted).await {
        Ok(view) => page::fine(&view),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn view(state: &DeskState, signed: &Signed, wanted: Wanted) -> Result<View, DeskError> {
    let now = state.now();
    let mut found = state.store().campaigns(&wanted.filter()).await?;
    let has_more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let more = found.last().filter(|_| has_more).map(|last| wanted.next(last.id));
    let officials = state.store().officials().await?;
    Ok(View {
        frame: Frame::new(state, Some(signed), "通知").at("/desk/campaigns"),
        rows: found.iter().map(|campaign| Row::of(campaign, now)).collect(),
        states: CampaignState::ALL.iter().map(|s| (s.as_str(), office::state_name(*s))).collect(),
        kinds: CampaignKind::ALL
            .iter()
            .map(|k| (k.as_str(), office::content::kind_name(*k)))
            .collect(),
        authors: officials.into_iter().map(|official| official.name).collect(),
        more,
        may_write: signed.may_write(),
        filtered: [&wanted.q, &wanted.state, &wanted.kind, &wanted.author]
            .iter()
            .any(|word| !word.is_empty()),
        q: wanted.q,
        state: wanted.state,
        kind: wanted.kind,
        author: wanted.author,
    })
}
