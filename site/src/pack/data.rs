//! Files inside a file: data URLs, so that one HTML file needs nothing beside it.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Subject;
use crate::render::Drawing;

/// `bytes` as a data URL.
pub(super) fn url(mime: &str, bytes: &[u8]) -> String {
    format!("data:{mime};base64,{}", STANDARD.encode(bytes))
}

/// The drawings of `subject` as data URLs.
pub(super) fn drawings(subject: &Subject<'_>) -> HashMap<String, Drawing> {
    subject.drawings(|_, media| url(media.mime, &media.bytes))
}
