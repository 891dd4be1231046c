//! Files inside a file: data URLs, so that one HTML file needs nothing beside it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `bytes` as a data URL.
pub(crate) fn url(mime: &str, bytes: &[u8]) -> String {
    format!("data:{mime};base64,{}", STANDARD.encode(bytes))
}
