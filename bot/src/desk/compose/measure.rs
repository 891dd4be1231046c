//! How many get it and how long it is, beside the form: by script while typing, by a button without.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};

use super::super::error::DeskError;
use super::super::guard::Posted;
use super::super::state::DeskState;
use super::super::when;
use super::form::Form;
use crate::office::content::SHORT;

#[derive(Template)]
#[template(path = "desk/measure.html")]
struct View {
    /// How many; unknown while the audience makes no sense.
    total: Option<u64>,
    last: Option<String>,
    /// Length of the short message, and whether it is too long.
    short: (usize, bool),
    most: usize,
    notes: Vec<Note>,
    faults: Vec<String>,
}

/// The length on one channel.
struct Note {
    id: &'static str,
    text: String,
    over: bool,
}

/// `POST /desk/measure`: the counts as HTML, for the script of the form.
pub(in super::super) async fn post(State(state): State<DeskState>, posted: Posted) -> Response {
    match html(&state, &Form::read(&posted.fields)).await {
        Ok(html) => Html(html).into_response(),
        Err(error) => error.page(&state, Some(&posted.signed)),
    }
}

pub(super) async fn html(state: &DeskState, form: &Form) -> Result<String, DeskError> {
    let short = form.body.trim_start().split("\n\n").next().unwrap_or_default().trim_end();
    let length = short.chars().count();
    let mut view = View {
        total: None,
        last: None,
        short: (length, length > SHORT),
        most: SHORT,
        notes: Vec::new(),
        faults: Vec::new(),
    };
    match form.draft() {
        Err(faults) => view.faults = faults.iter().map(ToString::to_string).collect(),
        Ok(draft) => {
            let sheet = state.sheet_of_draft(&draft).await?;
            view.total = Some(sheet.total);
            view.last = (sheet.total > 0).then(|| when::duration(sheet.last_recipient_seconds));
            view.notes = sheet
                .channels
                .iter()
                .map(|shown| Note {
                    id: shown.channel.id,
                    text: length_text(shown),
                    over: shown.over,
                })
                .collect();
            // Nobody is told what is missing before she has begun to write.
            if !form.title.is_empty() && !form.body.trim().is_empty() {
                view.faults = sheet.faults.iter().take(5).map(ToString::to_string).collect();
            }
        }
    }
    Ok(view.render().unwrap_or_default())
}

fn length_text(shown: &crate::office::ChannelSheet) -> String {
    let (length, most, unit) = (shown.length, shown.channel.most, shown.channel.unit.name());
    let rest = if shown.shortened { "，放不下全文，只发短信和链接" } else { "" };
    format!("{length} / {most} {unit}{rest}")
}
