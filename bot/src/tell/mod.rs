//! `/tell`: the reader of a self-check tells the township what came out, if she wants to: which list, which township,
//! high, medium or low, and nothing else.
//!
//! A plain form that needs no script and no cookie. The page of the checklist is the same for everybody, so the form
//! on it has no number of its own; without script the answer is the form once more, with one, to be confirmed. A number
//! counts once, however often it is sent.

mod form;
mod limit;
mod page;
mod post;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::BotState;
use crate::channel::Intake;

pub(crate) use form::{LEVELS, level_name};

/// Longest body: four short fields.
const MAX_BODY: usize = 4 * 1024;

/// State of the pages; cheap to clone.
#[derive(Clone)]
struct Tell {
    state: BotState,
    public_url: String,
    limits: Arc<Intake>,
}

/// Serves `/tell`; forms of other sites than the one at `public_url` are refused.
pub fn tell(state: BotState, public_url: String) -> Router {
    let tell = Tell { state, public_url, limits: Arc::new(limit::limits()) };
    let methods = get(post::none).post(post::tell);
    Router::new()
        .route("/tell", methods.clone())
        .route("/tell/", methods)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(tell)
}
