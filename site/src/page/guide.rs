//! A guide: one section a step, choices as links. All steps stand in the page, so it works without a script.

use askama::Template;
use fenghuo_content::kind::{Choice, Guide, Step};

use super::document::Common;
use crate::frame::render;
use crate::render::Html;

#[derive(Template)]
#[template(path = "guide.html")]
struct View<'a> {
    common: &'a Common<'a>,
    start: &'a str,
    steps: Vec<StepView<'a>>,
}

struct StepView<'a> {
    id: &'a str,
    title: &'a str,
    html: Html<'a>,
    choices: Vec<ChoiceView<'a>>,
    first: bool,
}

struct ChoiceView<'a> {
    label: &'a str,
    to: &'a str,
    /// Title of the step it leads to: paper has no links.
    title: &'a str,
}

pub(super) fn main<'a>(common: &'a Common<'a>, guide: &'a Guide) -> String {
    let view = |step: &'a Step| StepView {
        id: &step.id,
        title: &step.title,
        html: common.html(&step.blocks),
        choices: step.choices.iter().map(|choice| choice_view(guide, choice)).collect(),
        first: step.id == guide.start,
    };
    let mut steps: Vec<StepView<'_>> = guide.steps.iter().map(view).collect();
    // The first step is shown alone at first, so it stands first whatever the file's order.
    steps.sort_by_key(|step| !step.first);
    render(&View { common, start: &guide.start, steps })
}

fn choice_view<'a>(guide: &'a Guide, choice: &'a Choice) -> ChoiceView<'a> {
    let title = guide.step(&choice.to).map_or("", |step| step.title.as_str());
    ChoiceView { label: &choice.label, to: &choice.to, title }
}
