//! Guide: a decision tree that leads one step at a time.

use std::collections::HashSet;

use crate::front::Front;
use crate::markdown::{Block, BlockKind, Body, Inline, Item, Section, Target, inline_text};

/// A decision tree.
#[derive(Clone, Debug)]
pub struct Guide {
    /// Ways people ask for it.
    pub questions: Vec<String>,
    /// Id of the first step.
    pub start: String,
    /// All steps; every `to` of a choice names one of them.
    pub steps: Vec<Step>,
}

/// One step: what to do, and where to go from here.
#[derive(Clone, Debug)]
pub struct Step {
    /// Id, which is also its anchor.
    pub id: String,
    /// Heading.
    pub title: String,
    /// Line of the heading.
    pub line: u32,
    /// What to do.
    pub blocks: Vec<Block>,
    /// Choices; a step without any is an end.
    pub choices: Vec<Choice>,
}

/// A choice: its label and the step it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the reader sees.
    pub label: String,
    /// Id of the step it leads to.
    pub to: String,
}

impl Guide {
    /// The step `id`.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// The first step.
    pub fn first(&self) -> Option<&Step> {
        self.step(&self.start)
    }
}

impl Guide {
    pub(crate) fn read(front: &mut Front<'_>, body: Body) -> Option<Self> {
        let questions = front.list("questions", 3);
        let start = front.text("start");
        if !body.intro.is_empty() {
            let line = body.intro[0].line;
            front.error(line, "guide-intro", "第一步之前有文字", "把它并入第一步");
        }
        let steps: Vec<Step> = body.sections.into_iter().map(|s| Step::read(front, s)).collect();
        let guide = Self { questions: questions?, start: start?, steps };
        guide.check_paths(front);
        Some(guide)
    }

    /// Every choice leads to a step, every step can be reached and can reach an end.
    fn check_paths(&self, front: &mut Front<'_>) {
        if self.first().is_none() {
            let (line, message) =
                (front.line("start").max(1), format!("没有编号为 `{}` 的一步", self.start));
            front.error(line, "guide-start", message, "start 写第一步的 {#编号}");
            return;
        }
        let mut astray = false;
        for step in &self.steps {
            for choice in step.choices.iter().filter(|choice| self.step(&choice.to).is_none()) {
                let message = format!("“{}”指向不存在的一步 `{}`", choice.label, choice.to);
                front.error(step.line, "guide-choice", message, "改成某一步的 {#编号}");
                astray = true;
            }
        }
        if astray {
            return;
        }
        let reached = self.reachable();
        let ending = self.ending();
        for step in &self.steps {
            if !reached.contains(step.id.as_str()) {
                let message = format!("走不到“{}”这一步", step.title);
                front.error(
                    step.line,
                    "guide-unreachable",
                    message,
                    "在前面某一步加一个选择指向它，或删掉",
                );
            } else if !ending.contains(step.id.as_str()) {
                let message = format!("从“{}”开始绕圈，走不到结束", step.title);
                front.error(step.line, "guide-loop", message, "加一个通向结束步骤的选择");
            }
        }
    }

    fn reachable(&self) -> HashSet<&str> {
        let mut reached = HashSet::from([self.start.as_str()]);
        let mut open = vec![self.start.as_str()];
        while let Some(step) = open.pop().and_then(|id| self.step(id)) {
            for choice in &step.choices {
                if reached.insert(&choice.to) {
                    open.push(&choice.to);
                }
            }
        }
        reached
    }

    /// Ids of the steps from which an end can be reached.
    fn ending(&self) -> HashSet<&str> {
        let mut ending: HashSet<&str> = HashSet::new();
        loop {
            let before = ending.len();
            for step in &self.steps {
                if step.choices.is_empty()
                    || step.choices.iter().any(|c| ending.contains(c.to.as_str()))
                {
                    ending.insert(&step.id);
                }
            }
            if ending.len() == before {
                return ending;
            }
        }
    }
}

impl Step {
    fn read(front: &mut Front<'_>, section: Section) -> Self {
        let Section { anchor, explicit, title, line, mut blocks } = section;
        if !explicit {
            front.error(
                line,
                "guide-step-id",
                format!("“{title}”没有编号"),
                "标题后面写 {#编号}，例如 {#hot-door}",
            );
        }
        let choices = blocks.last().and_then(choices_of).unwrap_or_default();
        if !choices.is_empty() {
            blocks.pop();
        }
        if blocks.is_empty() {
            front.error(line, "section-empty", format!("“{title}”没有内容"), "第一句写要做的动作");
        }
        Self { id: anchor, title, line, blocks, choices }
    }
}

/// The choices of a list whose every item is one link to a step.
fn choices_of(block: &Block) -> Option<Vec<Choice>> {
    let BlockKind::List { items, .. } = &block.kind else { return None };
    items.iter().map(choice_of).collect()
}

fn choice_of(item: &Item) -> Option<Choice> {
    let [Block { kind: BlockKind::Paragraph(inlines), .. }] = item.blocks.as_slice() else {
        return None;
    };
    let [Inline::Link { target: Target::Anchor(to), text }] = inlines.as_slice() else {
        return None;
    };
    Some(Choice { label: inline_text(text), to: to.clone() })
}
