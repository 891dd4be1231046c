//! A knowledge document: the answer first, then its sections.

use askama::Template;
use fenghuo_content::kind::{Knowledge, Urgency};

use super::document::{Common, Part};
use crate::frame::render;
use crate::render::Html;

#[derive(Template)]
#[template(path = "knowledge.html")]
struct View<'a> {
    common: &'a Common<'a>,
    urgent: bool,
    answer: Html<'a>,
    intro: Html<'a>,
    parts: Vec<Part<'a>>,
}

pub(super) fn main<'a>(common: &'a Common<'a>, knowledge: &'a Knowledge) -> String {
    render(&View {
        common,
        urgent: knowledge.urgency == Urgency::Now,
        answer: common.html(&knowledge.answer),
        intro: common.html(&knowledge.body.intro),
        parts: common.parts(&knowledge.body.sections),
    })
}
