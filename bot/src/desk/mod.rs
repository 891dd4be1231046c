//! The officials' desk at `/desk`: pages rendered here, what they do is done by [`crate::office`] and the store.
//!
//! Every page works without JavaScript. Every POST names the session's token and comes from our own
//! pages; what was typed comes back with whatever was wrong with it.

mod asset;
mod audit;
mod begin;
mod board;
mod campaign;
mod compose;
mod csv;
mod error;
mod fields;
mod figures;
mod gap;
mod guard;
mod home;
mod label;
mod list;
mod login;
mod official;
mod page;
mod query;
mod reach;
mod relay;
mod report;
mod row;
mod session;
mod sheet;
mod state;
mod told;
mod tree;
mod verb;
mod watch;
mod when;
mod year;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use fenghuo_site::Current;
use tokio::sync::watch::Receiver;

use crate::office::Office;
use state::DeskState;

/// Longest body of a request: a message with a text for every channel, percent-encoded, or a warning as a file.
const MAX_BODY: usize = 1024 * 1024;

/// Serves `/desk` and its assets; `streams_end` turns true before the server waits for open connections.
///
/// It has no fallback.
pub fn router(office: Office, current: Current, streams_end: Receiver<bool>) -> Router {
    let state = DeskState::new(office, current, streams_end);
    pages()
        .merge(campaigns())
        .layer(from_fn_with_state(state.clone(), page::headers))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .route(&asset::STYLE.address, get(asset::style))
        .route(&asset::SCRIPT.address, get(asset::script))
        .with_state(state)
}

fn pages() -> Router<DeskState> {
    Router::new()
        .route("/desk", get(home::get))
        .route("/desk/", get(home::get))
        .route("/desk/login", get(login::form).post(login::enter))
        .route("/desk/logout", post(login::leave))
        .route("/desk/password", get(official::own).post(official::set_own))
        .route("/desk/officials", get(official::get).post(official::add))
        .route("/desk/officials/change", post(official::change))
        .route("/desk/audit", get(audit::get))
        .route("/desk/year", get(year::get))
        .route("/desk/occasion", post(year::write))
        .route("/desk/gaps", get(gap::get))
        .route("/desk/boards", get(board::list))
        .route("/desk/boards/{name}", get(board::get).post(board::add))
        .route("/desk/boards/{name}/import", post(board::import))
        .route("/desk/boards/{name}/confirm", post(board::confirm))
        .route("/desk/checks", get(told::get))
        .route("/desk/checks.csv", get(told::csv))
        .route("/desk/reach", get(reach::get))
        .route("/desk/reach.csv", get(reach::csv))
}

fn campaigns() -> Router<DeskState> {
    Router::new()
        .route("/desk/start", get(begin::get))
        .route("/desk/relay", get(relay::form).post(relay::import))
        .route("/desk/measure", post(compose::measure))
        .route("/desk/campaigns", get(list::get))
        .route("/desk/campaigns/new", get(compose::new).post(compose::create))
        .route("/desk/campaigns/{id}", get(campaign::get))
        .route("/desk/campaigns/{id}/edit", get(compose::edit).post(compose::save))
        .route("/desk/campaigns/{id}/correct", get(compose::correct))
        .route("/desk/campaigns/{id}/withdraw", get(compose::withdraw))
        .route("/desk/campaigns/{id}/events", get(watch::events))
        .route("/desk/campaigns/{id}/report", get(report::page))
        .route("/desk/campaigns/{id}/report.csv", get(report::table))
        .route("/desk/campaigns/{id}/{verb}", post(verb::post))
}
