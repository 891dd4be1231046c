//! Which documents others lead to, wherever in a document's tree the link stands.

use std::collections::HashSet;

use crate::kind::{Check, QuizQuestion};
use crate::markdown::{Block, BlockKind, Body, Inline, Section, Target};
use crate::{Content, Document, DocumentId, Library};

/// Ids that another document links to, or that a lesson and its quiz or a danger card and its guide share.
///
/// Language variants share their id: what leads to one of them leads to the other through its page.
pub(super) fn linked(library: &Library) -> HashSet<&DocumentId> {
    let guides = library.lexicon.dangers.iter().filter_map(|danger| danger.guide.as_ref());
    let mut linked: HashSet<&DocumentId> = guides.collect();
    for document in library.documents().iter().filter(|document| !document.meta.draft) {
        linked.extend(links(document).into_iter().filter(|id| **id != document.id));
        if let Content::Lesson(lesson) = &document.content
            && let Some(quiz) = &lesson.quiz
        {
            linked.extend([quiz, &document.id]);
        }
    }
    linked
}

/// Ids of all documents that `document` links to, as often as it does.
fn links(document: &Document) -> Vec<&DocumentId> {
    let mut links = Links(Vec::new());
    links.document(document);
    links.0
}

/// What was found so far.
struct Links<'a>(Vec<&'a DocumentId>);

impl<'a> Links<'a> {
    fn document(&mut self, document: &'a Document) {
        match &document.content {
            Content::Knowledge(knowledge) => {
                self.blocks(&knowledge.answer);
                self.body(&knowledge.body);
            }
            Content::Case(case) => self.sections(case.sections()),
            Content::Guide(guide) => guide.steps.iter().for_each(|step| self.blocks(&step.blocks)),
            Content::Lesson(lesson) => self.sections(lesson.sections()),
            Content::Quiz(quiz) => quiz.questions.iter().for_each(|one| self.question(one)),
            Content::Checklist(checklist) => {
                self.blocks(&checklist.intro);
                checklist.items().for_each(|item| self.check(item));
            }
            Content::Notice(notice) => {
                self.blocks(&notice.message);
                self.blocks(&notice.intro);
                self.sections(std::iter::once(&notice.script).chain(&notice.details));
            }
            Content::Bulletin(bulletin) => self.body(&bulletin.body),
            Content::Board(board) => self.body(&board.body),
            Content::Page(page) => self.body(&page.body),
        }
    }

    fn body(&mut self, body: &'a Body) {
        self.blocks(&body.intro);
        self.sections(&body.sections);
    }

    fn sections(&mut self, sections: impl IntoIterator<Item = &'a Section>) {
        sections.into_iter().for_each(|section| self.blocks(&section.blocks));
    }

    fn question(&mut self, question: &'a QuizQuestion) {
        self.blocks(&question.blocks);
        question.options.iter().for_each(|option| self.inlines(&option.text));
        self.blocks(&question.explanation);
    }

    fn check(&mut self, check: &'a Check) {
        for inlines in [&check.text, &check.risk, &check.basis, &check.fix] {
            self.inlines(inlines);
        }
    }

    fn blocks(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match &block.kind {
                BlockKind::Paragraph(inlines) | BlockKind::Heading(inlines) => {
                    self.inlines(inlines);
                }
                BlockKind::List { items, .. } => {
                    items.iter().for_each(|item| self.blocks(&item.blocks));
                }
                BlockKind::Myth { wrong, right } => {
                    self.inlines(wrong);
                    self.inlines(right);
                }
                BlockKind::Quote(blocks) => self.blocks(blocks),
                BlockKind::Table { header, rows } => {
                    let cells = header.iter().chain(rows.iter().flatten());
                    cells.for_each(|cell| self.inlines(cell));
                }
                BlockKind::Figure { .. } | BlockKind::Rule => {}
            }
        }
    }

    fn inlines(&mut self, inlines: &'a [Inline]) {
        for inline in inlines {
            match inline {
                Inline::Strong(inner) | Inline::Emphasis(inner) => self.inlines(inner),
                Inline::Link { target, text } => {
                    if let Target::Document { id, .. } = target {
                        self.0.push(id);
                    }
                    self.inlines(text);
                }
                Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Files;

    const FRONT: &str = "title = \"题\"\nsummary = \"一句。\"\naudience = [\"resident\"]\n\
                         topics = [\"kitchen\"]\nreviewed = 2026-11-01\n";

    /// Slugs of the cases that the document at `path` links to.
    fn linked(path: &str, front: &str, text: &str) -> Vec<String> {
        let text = format!("+++\n{FRONT}{front}\n+++\n\n{text}\n");
        let files: Files = [(path.to_owned(), text.into_bytes())].into_iter().collect();
        let (library, faults) = Library::load(&files);
        let document = library.documents().first();
        let document = document.unwrap_or_else(|| panic!("{path} is read: {faults:?}"));
        links(document).into_iter().map(|id| id.slug().to_owned()).collect()
    }

    #[test]
    fn a_link_is_found_in_every_kind_of_block() {
        for text in [
            "看[这里](cases/found)。",
            "**重要：[这里](cases/found)**",
            "- 一\n- 二，[这里](cases/found)",
            "1. 一\n   - 里面[这里](cases/found)",
            "> [这里](cases/found#cause)",
            "| 一 | 二 |\n|---|---|\n| 三 | [这里](cases/found) |",
            "- ✗ 误区：泼水。 ✓ 正确：盖锅盖，见[这里](cases/found)。",
            "## 一节\n\n### 小标题 [这里](cases/found)\n\n写。",
        ] {
            assert_eq!(linked("pages/one.md", "", text), ["found"], "{text}");
        }
    }

    #[test]
    fn links_of_every_kind_of_document_are_found() {
        let link = "[这里](cases/found)";
        let sections = |names: [&str; 5]| -> String {
            names.map(|name| format!("## {name}\n\n看{link}。\n\n")).concat()
        };
        let knowledge = format!(
            "answer = \"打 119，{link}。\"\nquestions = [\"一\", \"二\", \"三\"]\nurgency = \"now\""
        );
        let fire = "type = \"fire\"\ndate = 2024-01-02\nplace = \"县城\"\ncategory = \"住宅\"\n\
                    cause = \"电线\"\nfigures = \"final\"";
        let notice = "when = \"11-09\"\nseverity = \"minor\"\nexpires_after = \"72h\"";
        let check = format!(
            "{link}\n\n## 电\n\n- [ ] 查 {link}\n  - 风险：高。{link}\n  - 依据：{link}\n  - 整改：{link}"
        );
        let quiz = format!("## 题？\n\n{link}\n\n- [x] 对 {link}\n- [ ] 错\n\n> 因为 {link}");
        let lesson = ["一分钟", "五分钟", "三十分钟", "告家长书", "练习单"];
        for (path, front, text, count) in [
            ("knowledge/a/one.md", knowledge.as_str(), format!("{link}\n\n## 节\n\n{link}"), 3),
            ("cases/one.md", fire, sections(["经过", "原因", "责任", "整改", "教训"]), 5),
            (
                "guides/one.md",
                "questions = [\"一\", \"二\", \"三\"]\nstart = \"a\"",
                format!("## 步 {{#a}}\n\n{link}"),
                1,
            ),
            ("lessons/one.md", "grades = [1]\nobjectives = [\"会\"]", sections(lesson), 5),
            ("quizzes/one.md", "grades = []", quiz, 3),
            ("checklists/one.md", "department = \"民政\"\nbasis = [\"法\"]", check, 5),
            (
                "notices/one.md",
                notice,
                format!("短信{link}\n\n{link}\n\n## 广播稿\n\n{link}\n\n## 细节\n\n{link}"),
                4,
            ),
        ] {
            assert_eq!(linked(path, front, &text), vec!["found"; count], "{path}");
        }
    }
}
