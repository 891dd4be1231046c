//! Drawings inside the files of a lesson.

use std::collections::HashMap;

use super::Subject;
use crate::render::Drawing;

pub(super) use crate::data::url;

/// The drawings of `subject` as data URLs.
pub(super) fn drawings(subject: &Subject<'_>) -> HashMap<String, Drawing> {
    subject.drawings(|_, media| url(media.mime, &media.bytes))
}
