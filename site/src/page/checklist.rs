//! A checklist: boxes to tick, why each matters and how to mend it. Ticks stay in the browser.

use askama::Template;
use fenghuo_content::kind::{Check, Checklist};

use super::document::Common;
use crate::frame::render;
use crate::render::{Html, Inlines};

#[derive(Template)]
#[template(path = "checklist.html")]
struct View<'a> {
    common: &'a Common<'a>,
    department: &'a str,
    basis: String,
    intro: Html<'a>,
    count: usize,
    groups: Vec<GroupView<'a>>,
    /// Whom the result may be told: id and name. Only a server takes it.
    townships: Vec<(&'a str, &'a str)>,
}

struct GroupView<'a> {
    anchor: &'a str,
    title: &'a str,
    items: Vec<ItemView<'a>>,
}

struct ItemView<'a> {
    id: &'a str,
    text: Inlines<'a>,
    key: &'static str,
    level: &'static str,
    risk: Inlines<'a>,
    basis: Inlines<'a>,
    fix: Inlines<'a>,
}

pub(super) fn main<'a>(common: &'a Common<'a>, checklist: &'a Checklist) -> String {
    let groups = checklist.groups.iter().map(|group| GroupView {
        anchor: &group.anchor,
        title: &group.title,
        items: group.items.iter().map(|item| view(common, item)).collect(),
    });
    render(&View {
        common,
        department: &checklist.department,
        basis: checklist.basis.join("、"),
        intro: common.html(&checklist.intro),
        count: checklist.items().count(),
        groups: groups.collect(),
        townships: townships(common),
    })
}

fn townships<'a>(common: &Common<'a>) -> Vec<(&'a str, &'a str)> {
    if !common.context.live {
        return Vec::new();
    }
    let townships = common.context.library.regions.townships();
    townships.map(|region| (region.id.as_str(), region.name.as_str())).collect()
}

fn view<'a>(common: &Common<'a>, item: &'a Check) -> ItemView<'a> {
    let inlines = |text| Inlines(text, common.context);
    ItemView {
        id: &item.id,
        text: inlines(&item.text),
        key: item.level.key(),
        level: item.level.name(),
        risk: inlines(&item.risk),
        basis: inlines(&item.basis),
        fix: inlines(&item.fix),
    }
}
