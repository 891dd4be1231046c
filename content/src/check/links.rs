//! Links and drawings: every target of a document exists and is published.

use crate::markdown::{Block, BlockKind, Inline, Item, Section, Target};
use crate::{Content, Diagnostic, Document, DocumentId, Kind, Library};

/// Checks the links of all documents and of the danger cards.
pub(super) fn library(library: &Library) -> Vec<Diagnostic> {
    let mut faults: Vec<Diagnostic> =
        library.documents().iter().flat_map(|document| of(library, document)).collect();
    dangers(library, &mut faults);
    faults
}

/// Checks the links of one document of `library`.
pub(super) fn of(library: &Library, document: &Document) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut walk = Walk { library, document, faults: &mut faults };
    blocks(document).into_iter().for_each(|block| walk.block(block));
    walk.quiz();
    walk.beside_blocks();
    faults
}

/// Checks the links of a text that stands in no document of `library`.
pub(super) fn document(library: &Library, document: &Document) -> Vec<Diagnostic> {
    let mut faults = Vec::new();
    let mut walk = Walk { library, document, faults: &mut faults };
    blocks(document).into_iter().for_each(|block| walk.block(block));
    faults
}

struct Walk<'a> {
    library: &'a Library,
    document: &'a Document,
    faults: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn error(&mut self, line: u32, rule: &'static str, message: String, help: &str) {
        self.faults.push(Diagnostic::error(&self.document.path, line, rule, message, help));
    }

    /// The quiz a lesson goes with.
    fn quiz(&mut self) {
        let Content::Lesson(lesson) = &self.document.content else { return };
        let Some(quiz) = &lesson.quiz else { return };
        match self.library.find(quiz.as_str()) {
            Some(found) if found.kind() == Kind::Quiz => self.published(1, quiz, found.meta.draft),
            _ => {
                let message = format!("测验 `{quiz}` 不存在");
                self.error(1, "link-document", message, "改成已有的测验编号");
            }
        }
    }

    /// Options of a quiz and notes of a checklist, which are lines without blocks.
    fn beside_blocks(&mut self) {
        match &self.document.content {
            Content::Quiz(quiz) => {
                for question in &quiz.questions {
                    question
                        .options
                        .iter()
                        .for_each(|option| self.inlines(question.line, &option.text));
                }
            }
            Content::Checklist(checklist) => {
                for item in checklist.items() {
                    for inlines in [&item.text, &item.risk, &item.basis, &item.fix] {
                        self.inlines(item.line, inlines);
                    }
                }
            }
            _ => {}
        }
    }

    /// Drafts are not published: a link from a published document would lead nowhere.
    fn published(&mut self, line: u32, id: &DocumentId, draft: bool) {
        if draft && !self.document.meta.draft {
            let message = format!("文章 `{id}` 还是草稿，不会发布");
            self.error(line, "link-draft", message, "等它定稿再链接，或先删掉这个链接");
        }
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading(inlines) => {
                self.inlines(block.line, inlines);
            }
            BlockKind::Myth { wrong, right } => {
                self.inlines(block.line, wrong);
                self.inlines(block.line, right);
            }
            BlockKind::List { items, .. } => items.iter().for_each(|item| self.item(item)),
            BlockKind::Quote(inner) => inner.iter().for_each(|block| self.block(block)),
            BlockKind::Table { header, rows } => {
                for cell in header.iter().chain(rows.iter().flatten()) {
                    self.inlines(block.line, cell);
                }
            }
            BlockKind::Figure { src, .. } => {
                if !self.library.media.contains_key(src) {
                    self.error(
                        block.line,
                        "media-missing",
                        format!("没有图 `{src}`"),
                        "把图放进 media/，或改正文件名",
                    );
                }
            }
            BlockKind::Rule => {}
        }
    }

    fn item(&mut self, item: &Item) {
        item.blocks.iter().for_each(|block| self.block(block));
    }

    fn inlines(&mut self, line: u32, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Link { target, text } => {
                    self.target(line, target);
                    self.inlines(line, text);
                }
                Inline::Strong(inner) | Inline::Emphasis(inner) => self.inlines(line, inner),
                Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
            }
        }
    }

    fn target(&mut self, line: u32, target: &Target) {
        match target {
            Target::Document { id, anchor } => {
                let Some(found) = self.library.document(id, self.document.lang) else {
                    let message = format!("没有文章 `{id}`");
                    return self.error(
                        line,
                        "link-document",
                        message,
                        "核对编号：它是文件路径去掉 .md",
                    );
                };
                let draft = found.meta.draft;
                let own = found.id == self.document.id && found.lang == self.document.lang;
                let holder = if own { self.document } else { found };
                if let Some(anchor) = anchor
                    && !anchors(holder).contains(anchor)
                {
                    let message = format!("文章 `{id}` 里没有 `#{anchor}`");
                    self.error(line, "link-anchor", message, "核对那一节的 {#编号} 或标题");
                }
                self.published(line, id, draft);
            }
            Target::Anchor(anchor) => {
                if !anchors(self.document).contains(anchor) {
                    let message = format!("本篇没有 `#{anchor}`");
                    self.error(line, "link-anchor", message, "核对那一节的 {#编号} 或标题");
                }
            }
            Target::Phone(_) | Target::Web(_) | Target::Site(_) => {}
        }
    }
}

/// Anchors of the passages, and of the groups and questions that are not passages.
fn anchors(document: &Document) -> Vec<String> {
    let mut anchors: Vec<String> =
        document.passages().iter().map(|passage| passage.anchor.to_owned()).collect();
    match &document.content {
        Content::Notice(notice) => anchors.push(notice.script.anchor.clone()),
        Content::Checklist(checklist) => {
            anchors.extend(checklist.groups.iter().map(|group| group.anchor.clone()));
        }
        Content::Quiz(quiz) => anchors.extend(quiz.questions.iter().map(|q| q.id.clone())),
        _ => {}
    }
    anchors
}

/// All blocks of a document in reading order.
fn blocks(document: &Document) -> Vec<&Block> {
    fn of<'a>(intro: &'a [Block], sections: &'a [Section]) -> Vec<&'a Block> {
        intro.iter().chain(sections.iter().flat_map(|section| &section.blocks)).collect()
    }
    match &document.content {
        Content::Knowledge(knowledge) => {
            let mut all: Vec<&Block> = knowledge.answer.iter().collect();
            all.extend(of(&knowledge.body.intro, &knowledge.body.sections));
            all
        }
        Content::Case(case) => case.sections().into_iter().flat_map(|s| &s.blocks).collect(),
        Content::Guide(guide) => guide.steps.iter().flat_map(|step| &step.blocks).collect(),
        Content::Lesson(lesson) => lesson.sections().into_iter().flat_map(|s| &s.blocks).collect(),
        Content::Quiz(quiz) => {
            quiz.questions.iter().flat_map(|q| q.blocks.iter().chain(&q.explanation)).collect()
        }
        Content::Checklist(checklist) => checklist.intro.iter().collect(),
        Content::Notice(notice) => {
            let mut all: Vec<&Block> = notice.message.iter().chain(&notice.intro).collect();
            all.extend(&notice.script.blocks);
            all.extend(of(&[], &notice.details));
            all
        }
        Content::Bulletin(bulletin) => of(&bulletin.body.intro, &bulletin.body.sections),
        Content::Board(board) => of(&board.body.intro, &board.body.sections),
        Content::Page(page) => of(&page.body.intro, &page.body.sections),
    }
}

/// Danger cards lead into guides that exist and are published.
fn dangers(library: &Library, faults: &mut Vec<Diagnostic>) {
    for danger in &library.lexicon.dangers {
        let Some(guide) = &danger.guide else { continue };
        let found = library.find(guide.as_str()).filter(|document| document.kind() == Kind::Guide);
        let (rule, message) = match found {
            None => ("link-document", format!("`{}` 的指引 `{guide}` 不存在", danger.id)),
            Some(guide) if guide.meta.draft => {
                ("link-draft", format!("`{}` 的指引 `{}` 还是草稿", danger.id, guide.id))
            }
            Some(_) => continue,
        };
        let path = "lexicon/emergencies.toml";
        faults.push(Diagnostic::error(path, danger.line, rule, message, "改成已有的分步指引"));
    }
}
