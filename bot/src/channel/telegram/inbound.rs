//! From Telegram into the inbox: an update as a row, however it came.

use fenghuo_site::Current;
use fenghuo_store::Update;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::bot::is_danger;
use super::update::{self, Reading, number};

/// The row of an update. One that cannot be read is only listed, unless it says that it burns.
pub(super) fn row(update: &Value, current: &Current) -> Update {
    let body = update.to_string();
    let id = number(update).map_or_else(|| digest(body.as_bytes()), |number| number.to_string());
    let readable = match update::read(update) {
        Reading::Known(_) | Reading::Foreign => true,
        Reading::Broken(words) => is_danger(current, &words.text),
    };
    Update { id, chat: update::chat(update).filter(|_| readable), body }
}

/// The row of a request that is no JSON.
pub(super) fn unreadable(body: &[u8]) -> Update {
    Update { id: digest(body), chat: None, body: String::from_utf8_lossy(body).into_owned() }
}

/// What names an update without a number, so that its repetition is known.
fn digest(body: &[u8]) -> String {
    let hash = Sha256::digest(body);
    hash.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}
