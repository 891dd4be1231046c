//! What people asked that the library does not answer, and what readers think of what it says.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use fenghuo_content::Library;
use fenghuo_store::{Feedback, Gap};
use serde::Deserialize;

use super::error::DeskError;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;

const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "desk/gaps.html")]
struct View {
    frame: Frame,
    total: usize,
    gaps: Vec<Gap>,
    more: Option<String>,
    votes: Vec<Vote>,
}

struct Vote {
    title: String,
    href: String,
    helpful: u64,
    unhelpful: u64,
}

/// Where the list begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    from: String,
}

/// `GET /desk/gaps`
pub(super) async fn get(
    State(state): State<DeskState>,
    signed: Signed,
    from: Result<Query<From>, QueryRejection>,
) -> Response {
    let from = from.ok().and_then(|Query(from)| from.from.parse().ok()).unwrap_or(0);
    match view(&state, &signed, from).await {
        Ok(view) => page::fine(&view),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn view(state: &DeskState, signed: &Signed, from: usize) -> Result<View, DeskError> {
    let all = state.store().gaps().await?;
    let votes = state.store().feedback().await?;
    let library = state.library();
    let next = from.saturating_add(PAGE);
    Ok(View {
        frame: Frame::new(state, Some(signed), "群众的问题和评价").at("/desk/gaps"),
        total: all.len(),
        more: (next < all.len()).then(|| format!("/desk/gaps?from={next}")),
        gaps: all.into_iter().skip(from).take(PAGE).collect(),
        votes: votes.into_iter().take(PAGE).map(|vote| read(&library, &vote)).collect(),
    })
}

fn read(library: &Library, vote: &Feedback) -> Vote {
    let document = library.find(&vote.doc);
    let title = document.map_or(vote.doc.clone(), |document| document.meta.title.clone());
    let anchor = if vote.section.is_empty() { String::new() } else { format!("#{}", vote.section) };
    let address = document.map_or_else(|| format!("/{}/", vote.doc), |found| found.address());
    Vote {
        title,
        href: format!("{address}{anchor}"),
        helpful: vote.helpful,
        unhelpful: vote.unhelpful,
    }
}
