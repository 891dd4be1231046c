//! Page: about, privacy, accessibility and the like.

use crate::front::Front;
use crate::markdown::Body;

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The text.
    pub body: Body,
}

impl Page {
    pub(crate) fn read(front: &mut Front<'_>, body: Body) -> Self {
        if body.intro.is_empty() && body.sections.is_empty() {
            front.error(1, "page-empty", "没有正文", "写上内容");
        }
        Self { body }
    }
}
