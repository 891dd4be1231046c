//! `/in/telegram/NAME`: what Telegram posts is on disk before it hears 200.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use fenghuo_site::Current;
use fenghuo_store::{Account, Store};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::inbound;
use crate::Clock;

/// Telegram's updates stay far below.
const MAX_BODY: usize = 1024 * 1024;
const SECRET: &str = "x-telegram-bot-api-secret-token";

/// What the handler needs.
#[derive(Clone)]
pub(super) struct Gate {
    pub(super) store: Store,
    pub(super) current: Current,
    pub(super) clock: Clock,
    /// The secret of each account in webhook mode.
    pub(super) secrets: Arc<HashMap<String, String>>,
}

pub(super) fn router(gate: Gate) -> Router {
    Router::new()
        .route("/in/telegram/{name}", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(gate)
}

/// 401 and 404 make Telegram try again later, as does 503: nothing is lost by a wrong setting.
async fn receive(
    State(gate): State<Gate>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Some(secret) = gate.secrets.get(&name) else {
        return StatusCode::NOT_FOUND;
    };
    let given = headers.get(SECRET).map(|value| value.as_bytes()).unwrap_or_default();
    if !same(given, secret.as_bytes()) {
        return StatusCode::UNAUTHORIZED;
    }
    let update = match serde_json::from_slice(&body) {
        Ok(update) => inbound::row(&update, &gate.current),
        Err(_) => inbound::unreadable(&body),
    };
    let account = Account::new("telegram", name);
    match gate.store.receive(&account, vec![update], gate.clock.now()).await {
        Ok(_) => StatusCode::OK,
        Err(error) => {
            crate::failure::failed(&error);
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// Takes the same time whatever is given, its length included.
fn same(given: &[u8], secret: &[u8]) -> bool {
    Sha256::digest(given).ct_eq(&Sha256::digest(secret)).into()
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn only_the_secret_opens() {
        assert!(same(b"s3cret", b"s3cret"));
        for given in [&b""[..], b"s3cre", b"s3cret ", b"S3cret"] {
            assert!(!same(given, b"s3cret"));
        }
    }
}
