//! `/subscribe`, its confirmation and `/u/TOKEN`: subscribing by e-mail, and leaving on any channel.
//!
//! Plain forms that need no script and no cookie. A GET never changes anything: mail scanners open
//! every link. What a token opens is all that its holder may do, so there is nothing to forge.

mod change;
mod confirm;
mod form;
mod leave;
mod letter;
mod limit;
mod page;
mod request;
mod state;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

pub(crate) use page::STYLE;
pub(crate) use state::Pages;
pub use state::Ways;

/// Longest body: a few short fields.
const MAX_BODY: usize = 8 * 1024;

/// Serves `/subscribe`, `/subscribe/confirm/TOKEN` and `/u/TOKEN`.
pub(crate) fn router(pages: Pages) -> Router {
    let mut router = Router::new();
    for (path, methods) in [
        ("/subscribe", get(request::open).post(request::send)),
        ("/subscribe/confirm/{token}", get(confirm::open).post(confirm::confirm)),
        ("/u/{token}", get(leave::open).post(leave::post)),
    ] {
        router = router.route(path, methods.clone()).route(&format!("{path}/"), methods);
    }
    router
        .route(&page::STYLE.address, get(page::style))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(pages)
}
