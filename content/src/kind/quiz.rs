//! Quiz: questions with right and wrong options and an explanation each.

use super::reading;
use crate::front::Front;
use crate::markdown::{Block, BlockKind, Body, Inline, Item, Section};

/// A quiz.
#[derive(Clone, Debug)]
pub struct Quiz {
    /// Grades, as for a lesson; empty for adults.
    pub grades: Vec<i8>,
    /// Its questions.
    pub questions: Vec<QuizQuestion>,
}

/// One question.
#[derive(Clone, Debug)]
pub struct QuizQuestion {
    /// Anchor on the page.
    pub id: String,
    /// The question as plain text.
    pub text: String,
    /// Line of the heading.
    pub line: u32,
    /// Blocks between question and options, e.g. a drawing.
    pub blocks: Vec<Block>,
    /// Options in order; at least one is right, at least one is wrong.
    pub options: Vec<QuizOption>,
    /// Why.
    pub explanation: Vec<Block>,
}

/// One option.
#[derive(Clone, Debug)]
pub struct QuizOption {
    /// Its text.
    pub text: Vec<Inline>,
    /// Whether it is right.
    pub right: bool,
}

impl QuizQuestion {
    /// Whether several options are right.
    pub fn is_multiple(&self) -> bool {
        self.options.iter().filter(|option| option.right).count() > 1
    }
}

impl Quiz {
    pub(crate) fn read(front: &mut Front<'_>, body: Body) -> Option<Self> {
        let grades = reading::grades(front, true);
        let questions: Vec<QuizQuestion> =
            body.sections.into_iter().map(|s| QuizQuestion::read(front, s)).collect();
        if questions.is_empty() {
            front.error(1, "quiz-empty", "测验没有题目", "每道题写一个 ## 标题");
        }
        Some(Self { grades: grades?, questions })
    }
}

impl QuizQuestion {
    fn read(front: &mut Front<'_>, section: Section) -> Self {
        let Section { anchor, title, line, blocks, .. } = section;
        let mut question = Self {
            id: anchor,
            text: title,
            line,
            blocks: Vec::new(),
            options: Vec::new(),
            explanation: Vec::new(),
        };
        for block in blocks {
            match block.kind {
                BlockKind::List { items, .. } if items.iter().all(|i| i.checked.is_some()) => {
                    question.options.extend(items.iter().map(QuizOption::read));
                }
                BlockKind::Quote(inner) => question.explanation.extend(inner),
                kind => question.blocks.push(Block { line: block.line, kind }),
            }
        }
        question.check(front);
        question
    }

    fn check(&self, front: &mut Front<'_>) {
        let right = self.options.iter().filter(|option| option.right).count();
        let text = &self.text;
        if right == 0 {
            front.error(
                self.line,
                "quiz-no-right",
                format!("“{text}”没有对的选项"),
                "对的写 - [x]",
            );
        } else if right == self.options.len() {
            front.error(
                self.line,
                "quiz-no-wrong",
                format!("“{text}”没有错的选项"),
                "错的写 - [ ]",
            );
        }
        if self.explanation.is_empty() {
            front.error(
                self.line,
                "quiz-explanation",
                format!("“{text}”没有解释"),
                "选项下面空一行，写 > 为什么",
            );
        }
    }
}

impl QuizOption {
    fn read(item: &Item) -> Self {
        Self { text: reading::first_line(&item.blocks), right: item.checked == Some(true) }
    }
}
