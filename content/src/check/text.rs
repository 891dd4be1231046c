//! What readers see of a document, line by line, with the heading each line stands under.

use std::sync::Arc;

use crate::kind::{Case, Checklist, Guide, Notice, Quiz, QuizQuestion};
use crate::markdown::{Block, BlockKind, Body, Inline, Section, inline_text};
use crate::{Content, Document};

/// Between the title and the heading of the section in a line's heading.
pub(super) const SECTION: &str = "，§";

/// A line of text that readers see.
pub(super) struct Line {
    /// Line in the file, from 1.
    pub(super) number: u32,
    pub(super) text: String,
    pub(super) part: Part,
    /// Title of the document and heading of the section.
    pub(super) heading: Arc<str>,
}

/// What a line is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Title,
    Heading,
    Summary,
    Answer,
    /// Short message of a notice.
    Message,
    /// Loudspeaker script.
    Script,
    /// What happened in a case, which is no advice.
    Told,
    Body,
}

/// All text readers see but for wrong beliefs and wrong options.
pub(super) fn lines(document: &Document) -> Vec<Line> {
    let title = document.meta.title.as_str();
    let mut reader = Reader { title, heading: title.into(), part: Part::Title, lines: Vec::new() };
    reader.push(1, title.to_owned());
    reader.part = Part::Summary;
    reader.push(1, document.meta.summary.clone());
    reader.part = Part::Body;
    if matches!(document.content, Content::Case(_)) {
        reader.lines.iter_mut().for_each(|line| line.part = Part::Told);
    }
    match &document.content {
        Content::Knowledge(knowledge) => {
            reader.blocks_as(Part::Answer, &knowledge.answer);
            reader.body(&knowledge.body);
        }
        Content::Case(case) => reader.case(case),
        Content::Guide(guide) => reader.guide(guide),
        Content::Lesson(lesson) => lesson.sections().into_iter().for_each(|s| reader.section(s)),
        Content::Quiz(quiz) => reader.quiz(quiz),
        Content::Checklist(checklist) => reader.checklist(checklist),
        Content::Notice(notice) => reader.notice(notice),
        Content::Bulletin(bulletin) => reader.body(&bulletin.body),
        Content::Board(board) => reader.body(&board.body),
        Content::Page(page) => reader.body(&page.body),
    }
    reader.lines
}

struct Reader<'d> {
    title: &'d str,
    heading: Arc<str>,
    part: Part,
    lines: Vec<Line>,
}

impl Reader<'_> {
    fn push(&mut self, number: u32, text: String) {
        if !text.trim().is_empty() {
            self.lines.push(Line {
                number,
                text,
                part: self.part,
                heading: Arc::clone(&self.heading),
            });
        }
    }

    fn head(&mut self, number: u32, heading: &str) {
        self.heading = format!("{}{SECTION}{heading}", self.title).into();
        let part = std::mem::replace(&mut self.part, Part::Heading);
        // A heading over a story is part of it.
        if part == Part::Told {
            self.part = part;
        }
        self.push(number, heading.to_owned());
        self.part = part;
    }

    fn body(&mut self, body: &Body) {
        self.blocks(&body.intro);
        body.sections.iter().for_each(|section| self.section(section));
    }

    fn section(&mut self, section: &Section) {
        self.head(section.line, &section.title);
        self.blocks(&section.blocks);
    }

    fn case(&mut self, case: &Case) {
        self.part = Part::Told;
        [&case.story, &case.cause, &case.responsibility].into_iter().for_each(|s| self.section(s));
        self.part = Part::Body;
        [&case.correction, &case.lesson].into_iter().for_each(|section| self.section(section));
    }

    fn guide(&mut self, guide: &Guide) {
        for step in &guide.steps {
            self.head(step.line, &step.title);
            self.blocks(&step.blocks);
        }
    }

    fn notice(&mut self, notice: &Notice) {
        self.blocks_as(Part::Message, &notice.message);
        self.blocks(&notice.intro);
        self.blocks_as(Part::Script, &notice.script.blocks);
        notice.details.iter().for_each(|section| self.section(section));
    }

    fn quiz(&mut self, quiz: &Quiz) {
        for question in &quiz.questions {
            self.head(question.line, &question.text);
            self.blocks(&question.blocks);
            if !asks_for_the_wrong(question) {
                for option in question.options.iter().filter(|option| option.right) {
                    self.push(question.line, inline_text(&option.text));
                }
            }
            self.blocks(&question.explanation);
        }
    }

    fn checklist(&mut self, checklist: &Checklist) {
        self.blocks(&checklist.intro);
        for group in &checklist.groups {
            for item in &group.items {
                // A risk tells what goes wrong and would trip every rule of advice.
                self.push(item.line, inline_text(&item.text));
                self.push(item.line, inline_text(&item.fix));
            }
        }
    }

    fn blocks_as(&mut self, part: Part, blocks: &[Block]) {
        self.part = part;
        self.blocks(blocks);
        self.part = Part::Body;
    }

    fn blocks(&mut self, blocks: &[Block]) {
        blocks.iter().for_each(|block| self.block(block));
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading(inlines) => self.head(block.line, &inline_text(inlines)),
            BlockKind::Paragraph(inlines) => self.push(block.line, inline_text(inlines)),
            BlockKind::Myth { right, .. } => self.push(block.line, inline_text(right)),
            BlockKind::Table { header, rows } => self.table(block.line, header, rows),
            BlockKind::List { items, .. } => {
                items.iter().for_each(|item| self.blocks(&item.blocks));
            }
            BlockKind::Quote(inner) => self.blocks(inner),
            BlockKind::Figure { alt, .. } => self.push(block.line, alt.clone()),
            BlockKind::Rule => {}
        }
    }

    /// Cells but for those of columns that hold what is wrong.
    fn table(&mut self, line: u32, header: &[Vec<Inline>], rows: &[Vec<Vec<Inline>>]) {
        let wrong = |column: usize| {
            let name = header.get(column).map(|cell| inline_text(cell)).unwrap_or_default();
            ["错", "误", "不要", "说法", "后果", "风险"].iter().any(|word| name.contains(word))
        };
        for row in rows {
            for (_, cell) in row.iter().enumerate().filter(|(column, _)| !wrong(*column)) {
                self.push(line, inline_text(cell));
            }
        }
    }
}

/// Whether the right options of `question` are what one must not do.
fn asks_for_the_wrong(question: &QuizQuestion) -> bool {
    let marks = [
        "错",
        "不对",
        "不能",
        "不该",
        "不要",
        "不可",
        "不应",
        "误区",
        "危险",
        "违法",
        "隐患",
        "哪里",
        "为什么",
    ];
    marks.iter().any(|mark| question.text.contains(mark))
}
