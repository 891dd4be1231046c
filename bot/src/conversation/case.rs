//! Cases: the latest first or by kind of place; a short telling and what it teaches.

use std::collections::BTreeMap;

use fenghuo_content::kind::{Case, Figures, Fire, Incident};
use fenghuo_content::markdown::plain_text;
use fenghuo_content::{Content, Document, Kind};

use super::choice::{Action, List};
use super::cut::cut_lines;
use super::handle::names;
use super::respond::Talk;
use super::{Block, Choice, Reply, ReplyKind, phrase};

/// Categories offered, the most frequent first.
const CATEGORIES: usize = 10;
/// Longest telling, in characters; the page has it all.
const STORY: usize = 260;

impl<'a> Talk<'a> {
    pub(super) fn list_cases(&mut self, page: usize) -> Reply {
        let cases: Vec<&Document> = self.latest_cases().into_iter().map(|(d, _)| d).collect();
        let reply = self.list_documents(&cases, List::Cases, page, phrase::PICK_CASE);
        if cases.is_empty() { reply } else { by_category(reply) }
    }

    pub(super) fn list_categories(&mut self) -> Reply {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (_, case) in self.latest_cases() {
            *counts.entry(case.incident.category()).or_default() += 1;
        }
        if counts.is_empty() {
            return self.menu(phrase::EMPTY_LIST);
        }
        let mut categories: Vec<(&str, usize)> = counts.into_iter().collect();
        categories.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut choices: Vec<Choice> = categories
            .iter()
            .take(CATEGORIES)
            .map(|(name, count)| {
                Choice::new(Action::List(List::CasesOf(name), 0), format!("{name}（{count}）"))
            })
            .collect();
        choices.push(Choice::new(Action::List(List::Cases, 0), phrase::ALL_CASES));
        Reply::new(ReplyKind::List).with_text(phrase::PICK_CATEGORY).with_choices(choices)
    }

    pub(super) fn list_cases_of(&mut self, name: &str, page: usize) -> Reply {
        let all = self.latest_cases();
        let of = |case: &Case| names(name, case.incident.category());
        let Some(category) = all.iter().find(|(_, c)| of(c)).map(|(_, c)| c.incident.category())
        else {
            return self.stale();
        };
        let cases: Vec<&Document> = all.iter().filter(|(_, c)| of(c)).map(|(d, _)| *d).collect();
        let text = phrase::cases_of(category);
        by_category(self.list_documents(&cases, List::CasesOf(category), page, &text))
    }

    fn latest_cases(&self) -> Vec<(&'a Document, &'a Case)> {
        let mut cases: Vec<_> = self
            .library
            .of_kind(Kind::Case)
            .filter_map(|document| match &document.content {
                Content::Case(case) => Some((document, case)),
                _ => None,
            })
            .collect();
        cases.sort_by_key(|(_, case)| std::cmp::Reverse(case.incident.date()));
        cases
    }

    pub(super) fn case(&mut self, document: &Document, case: &Case) -> Reply {
        let list = Choice::new(Action::List(List::Cases, 0), phrase::CASES);
        let choices = [vec![list], self.way_on()].concat();
        let part = |title: &str, text: String| {
            Block::text(format!("{}\n{}", phrase::heading(title), cut_lines(&text, STORY)))
        };
        Reply::from_document(ReplyKind::Case, document)
            .with_text(format!(
                "{}\n{}",
                phrase::heading(&document.meta.title),
                facts(&case.incident)
            ))
            .with(part(&case.story.title, plain_text(&case.story.blocks)))
            .with(part(&case.lesson.title, plain_text(&case.lesson.blocks)))
            .with(Block::page(document))
            .with_choices(choices)
    }
}

fn by_category(reply: Reply) -> Reply {
    let choice = Choice::new(Action::List(List::Categories, 0), phrase::BY_CATEGORY);
    let mut reply = reply;
    if let Some(Block::Choices { choices }) = reply.blocks.last_mut() {
        choices.insert(choices.len().saturating_sub(1), choice);
    }
    reply
}

/// Date, place, figures and cause in a few lines; what the sources leave open is left out.
fn facts(incident: &Incident) -> String {
    match incident {
        Incident::Fire(fire) => fire_facts(fire),
        Incident::Hazard(hazard) => [
            format!("{} · {}", hazard.date, hazard.place),
            format!("违反：{}", hazard.article),
            format!("{}，整改期限 {}（{}公布）", hazard.status, hazard.deadline, hazard.authority),
        ]
        .join("\n"),
    }
}

fn fire_facts(fire: &Fire) -> String {
    let figures = [
        fire.deaths.map(|n| format!("死亡 {n} 人")),
        fire.injuries.map(|n| format!("受伤 {n} 人")),
    ];
    let mut figures: String = figures.into_iter().flatten().collect::<Vec<_>>().join("，");
    if fire.figures == Figures::Preliminary && !figures.is_empty() {
        figures.push_str("（初步数字）");
    }
    let cause = format!("直接原因：{}", fire.cause);
    let mut lines = vec![format!("{} · {}", fire.date, fire.place), figures, cause];
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}
