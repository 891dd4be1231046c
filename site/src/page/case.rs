//! A case: its facts in a table, then story, cause, responsibility, correction, lesson.

use askama::Template;
use fenghuo_content::kind::{Case, Figures, Fire, Hazard, Incident};

use super::document::{Common, Part};
use crate::frame::render;
use crate::season::day_label;

#[derive(Template)]
#[template(path = "case.html")]
struct View<'a> {
    common: &'a Common<'a>,
    facts: Vec<(&'static str, String)>,
    hazard: bool,
    demonstration: bool,
    preliminary: bool,
    year: i16,
    parts: Vec<Part<'a>>,
}

pub(super) fn main<'a>(common: &'a Common<'a>, case: &'a Case) -> String {
    let (facts, preliminary, demonstration) = match &case.incident {
        Incident::Fire(fire) => (fire_facts(fire), fire.figures == Figures::Preliminary, false),
        Incident::Hazard(hazard) => (hazard_facts(hazard), false, hazard.demonstration),
    };
    render(&View {
        common,
        facts,
        hazard: matches!(case.incident, Incident::Hazard(_)),
        demonstration,
        preliminary,
        year: case.incident.date().year(),
        parts: case.sections().into_iter().map(|section| common.part(section)).collect(),
    })
}

fn fire_facts(fire: &Fire) -> Vec<(&'static str, String)> {
    let people = |count: Option<u32>| count.map(|n| format!("{n} 人"));
    let facts = [
        ("时间", Some(day_label(fire.date))),
        ("地点", Some(fire.place.clone())),
        ("场所", Some(fire.category.clone())),
        ("死亡", people(fire.deaths)),
        ("受伤", people(fire.injuries)),
        ("直接经济损失", fire.loss.map(|loss| format!("{loss} 万元"))),
        ("直接原因", Some(fire.cause.clone())),
    ];
    known(facts)
}

fn hazard_facts(hazard: &Hazard) -> Vec<(&'static str, String)> {
    known([
        ("公布日期", Some(day_label(hazard.date))),
        ("地点", Some(hazard.place.clone())),
        ("场所", Some(hazard.category.clone())),
        ("违反条款", Some(hazard.article.clone())),
        ("整改期限", Some(day_label(hazard.deadline))),
        ("整改情况", Some(hazard.status.clone())),
        ("公布机关", Some(hazard.authority.clone())),
    ])
}

fn known<const N: usize>(
    facts: [(&'static str, Option<String>); N],
) -> Vec<(&'static str, String)> {
    facts
        .into_iter()
        .filter_map(|(name, value)| value.filter(|v| !v.is_empty()).map(|v| (name, v)))
        .collect()
}
