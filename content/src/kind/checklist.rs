//! Checklist: a self-check of a place, each item with risk, basis and how to mend it.

use super::reading;
use crate::front::Front;
use crate::markdown::{Block, BlockKind, Body, Inline, Item, Section, inline_text};

/// A checklist.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// Department in charge, e.g. `商务`.
    pub department: String,
    /// Laws and standards it rests on, in a few words.
    pub basis: Vec<String>,
    /// Blocks before the first group.
    pub intro: Vec<Block>,
    /// Groups of items, one a `##` section.
    pub groups: Vec<Group>,
}

/// A group of items.
#[derive(Clone, Debug)]
pub struct Group {
    /// Anchor on the page.
    pub anchor: String,
    /// Heading.
    pub title: String,
    /// Its items.
    pub items: Vec<Check>,
}

/// One item to check.
#[derive(Clone, Debug)]
pub struct Check {
    /// Id within the checklist: `1`, `2`, … in order.
    pub id: String,
    /// Line in the file.
    pub line: u32,
    /// What must be so.
    pub text: Vec<Inline>,
    /// How much it weighs when it is not so.
    pub level: Level,
    /// 风险: what can happen.
    pub risk: Vec<Inline>,
    /// 依据: the article or standard.
    pub basis: Vec<Inline>,
    /// 整改: what to do.
    pub fix: Vec<Inline>,
}

/// How much an item weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 高: people may die; mend it today.
    High,
    /// 中
    Medium,
    /// 低
    Low,
}

impl Level {
    /// `高`, `中`, `低`.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "高",
            Self::Medium => "中",
            Self::Low => "低",
        }
    }

    /// Stable word for HTML and JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

impl Checklist {
    /// All items in order.
    pub fn items(&self) -> impl Iterator<Item = &Check> {
        self.groups.iter().flat_map(|group| &group.items)
    }
}

impl Checklist {
    pub(crate) fn read(front: &mut Front<'_>, body: Body) -> Option<Self> {
        let department = front.text("department");
        let basis = front.list("basis", 1);
        let mut groups: Vec<Group> =
            body.sections.into_iter().map(|section| Group::read(front, section)).collect();
        let items = groups.iter_mut().flat_map(|group| &mut group.items);
        for (number, item) in items.enumerate() {
            item.id = (number + 1).to_string();
        }
        if groups.is_empty() {
            front.error(
                1,
                "checklist-empty",
                "自查表没有内容",
                "每组写一个 ## 标题，下面写 - [ ] 检查项",
            );
        }
        Some(Self { department: department?, basis: basis?, intro: body.intro, groups })
    }
}

impl Group {
    fn read(front: &mut Front<'_>, section: Section) -> Self {
        let Section { anchor, title, line, blocks, .. } = section;
        let mut items = Vec::new();
        for block in &blocks {
            match &block.kind {
                BlockKind::List { items: list, .. } => {
                    items.extend(list.iter().filter_map(|item| Check::read(front, item)));
                }
                _ => front.error(
                    block.line,
                    "checklist-item",
                    "这里只能写检查项",
                    "写成 - [ ] 检查项",
                ),
            }
        }
        if blocks.is_empty() {
            front.error(line, "section-empty", format!("“{title}”没有检查项"), "写 - [ ] 检查项");
        }
        Self { anchor, title, items }
    }
}

impl Check {
    fn read(front: &mut Front<'_>, item: &Item) -> Option<Self> {
        let text = reading::first_line(&item.blocks);
        let notes: Vec<Vec<Inline>> = item
            .blocks
            .iter()
            .filter_map(|block| match &block.kind {
                BlockKind::List { items, .. } => Some(items),
                _ => None,
            })
            .flatten()
            .map(|note| reading::first_line(&note.blocks))
            .collect();
        let mut labelled = |label: &str| {
            let found = notes.iter().find_map(|note| reading::without_label(note, label));
            if found.is_none() {
                let message = format!("“{}”缺少“{label}”", inline_text(&text));
                front.error(
                    item.line,
                    "checklist-note",
                    message,
                    format!("下面缩进写 - {label}：…"),
                );
            }
            found
        };
        let (risk, basis, fix) = (labelled("风险"), labelled("依据"), labelled("整改"));
        let (level, risk) = level_of(&risk?).or_else(|| {
            let message = format!("“{}”的风险没有写高低", inline_text(&text));
            front.error(
                item.line,
                "checklist-level",
                message,
                "写成 风险：高。… 或 中。… 或 低。…",
            );
            None
        })?;
        let line = item.line;
        Some(Self { id: String::new(), line, text, level, risk, basis: basis?, fix: fix? })
    }
}

/// The level a risk begins with, and the rest.
fn level_of(risk: &[Inline]) -> Option<(Level, Vec<Inline>)> {
    [Level::High, Level::Medium, Level::Low].into_iter().find_map(|level| {
        let Some(Inline::Text(first)) = risk.first() else { return None };
        let rest = first.strip_prefix(level.name())?.strip_prefix(['。', '，', '：'])?;
        let mut inlines = risk.to_vec();
        inlines[0] = Inline::Text(rest.to_owned());
        Some((level, inlines))
    })
}
