//! Where a message begins: a blank page, a notice of the library, the message it corrects or takes back.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use fenghuo_store::{Campaign, CampaignId, CampaignKind, OfficialRole};
use serde::Deserialize;

use super::super::error::DeskError;
use super::super::relay;
use super::super::session::Signed;
use super::super::state::DeskState;
use super::form::Form;
use super::{Beside, show};
use crate::office;

/// What a blank page begins with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Beginning {
    kind: String,
    document: String,
}

/// `GET /desk/campaigns/new`
pub(in super::super) async fn new(
    State(state): State<DeskState>,
    signed: Signed,
    beginning: Result<Query<Beginning>, QueryRejection>,
) -> Response {
    if let Err(error) = signed.must_be(OfficialRole::Editor) {
        return error.page(&state, Some(&signed));
    }
    let Beginning { kind, document } = beginning.map(|Query(begin)| begin).unwrap_or_default();
    let (library, now) = (state.library(), state.now());
    let draft = if document.is_empty() {
        let free = [CampaignKind::Drill, CampaignKind::Test];
        let kind = CampaignKind::parse(&kind).filter(|kind| free.contains(kind));
        office::blank(kind.unwrap_or(CampaignKind::Notice), now)
    } else {
        match office::from_notice(&library, &document, now) {
            Some(draft) => draft,
            None => return DeskError::Missing.page(&state, Some(&signed)),
        }
    };
    show(&state, &signed, Form::of(&draft, &library), Beside::default()).await
}

/// `GET /desk/campaigns/{id}/correct`
pub(in super::super) async fn correct(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Response {
    match sent(&state, &signed, &id).await {
        Ok(first) => {
            let draft = office::correction_of(&first, state.now());
            let form = Form::of(&draft, &state.library());
            show(&state, &signed, form, Beside::default()).await
        }
        Err(error) => error.page(&state, Some(&signed)),
    }
}

/// `GET /desk/campaigns/{id}/withdraw`
pub(in super::super) async fn withdraw(
    State(state): State<DeskState>,
    signed: Signed,
    Path(id): Path<String>,
) -> Response {
    match sent(&state, &signed, &id).await {
        Ok(first) => {
            let draft = office::withdrawal_of(&first, "", state.now());
            let form = Form::of(&draft, &state.library());
            show(&state, &signed, form, Beside::default()).await
        }
        Err(error) => error.page(&state, Some(&signed)),
    }
}

/// The message `id`, which has gone out.
async fn sent(state: &DeskState, signed: &Signed, id: &str) -> Result<Campaign, DeskError> {
    signed.must_be(OfficialRole::Editor)?;
    let id = CampaignId::parse(id).ok_or(DeskError::Missing)?;
    let first = state.store().campaign(id).await?.ok_or(DeskError::Missing)?;
    if first.started.is_none() {
        let sentence = "这条通知还没有发出，直接修改或取消就行，不用更正。".to_owned();
        let back = Some(format!("/desk/campaigns/{id}"));
        return Err(DeskError::Refused { sentence, back, typed: String::new() });
    }
    Ok(first)
}

/// The warning the message of `form` passes on, as it was issued.
pub(super) async fn original(
    state: &DeskState,
    form: &Form,
) -> Result<Option<String>, fenghuo_store::Error> {
    let Some(id) = form.origin.relay else { return Ok(None) };
    Ok(state.store().relay(id).await?.as_ref().map(relay::words))
}
