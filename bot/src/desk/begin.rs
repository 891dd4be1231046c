//! Where a message may begin: blank, from the calendar, from the library, from a warning of others.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use fenghuo_content::{Document, Kind, Library};
use fenghuo_store::OfficialRole;

use super::error::DeskError;
use super::home::Link;
use super::page::{self, Frame};
use super::session::Signed;
use super::state::DeskState;
use super::when;
use crate::office::DueState;

#[derive(Template)]
#[template(path = "desk/start.html")]
struct View {
    frame: Frame,
    csrf: String,
    due: Vec<Occasion>,
    library: Vec<Link>,
}

/// An occasion for which a message may be written now.
struct Occasion {
    key: String,
    title: String,
    text: String,
}

/// `GET /desk/start`
pub(super) async fn get(State(state): State<DeskState>, signed: Signed) -> Response {
    match view(&state, &signed).await {
        Ok(view) => page::fine(&view),
        Err(error) => error.page(&state, Some(&signed)),
    }
}

async fn view(state: &DeskState, signed: &Signed) -> Result<View, DeskError> {
    signed.must_be(OfficialRole::Editor)?;
    let due = state.due().await?.into_iter();
    let open = due.filter(|due| matches!(due.state, DueState::Due | DueState::Upcoming));
    Ok(View {
        frame: Frame::new(state, Some(signed), "写通知").at("/desk/start"),
        csrf: signed.csrf.clone(),
        due: open
            .map(|due| Occasion {
                text: format!("{}起", when::day_label(due.start)),
                key: due.key,
                title: due.title,
            })
            .collect(),
        library: notices(&state.library(), when::day(state.now()).month()),
    })
}

fn notices(library: &Library, month: i8) -> Vec<Link> {
    let link = |document: &Document| Link {
        href: format!("/desk/campaigns/new?document={}", document.id),
        title: document.meta.title.clone(),
        text: document.meta.summary.clone(),
    };
    // What is in season comes first.
    let mut notices: Vec<&Document> = library.of_kind(Kind::Notice).collect();
    notices.sort_by_key(|document| !document.meta.season.contains(month));
    notices.into_iter().map(link).collect()
}
