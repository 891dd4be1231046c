//! An entry of a list: the title of a document and the little a reader needs to choose it.

use std::borrow::Cow;

use fenghuo_content::kind::{Incident, Urgency};
use fenghuo_content::{Content, Document, Kind, Lang};

use crate::Site;
use crate::text::kind_name;

/// One document in a list.
pub(crate) struct Entry<'a> {
    pub(crate) address: String,
    pub(crate) title: &'a str,
    pub(crate) summary: &'a str,
    /// Words beside the title: kind, grades, date.
    pub(crate) tags: Vec<Cow<'a, str>>,
    /// Whether it helps while it is happening.
    pub(crate) urgent: bool,
}

impl<'a> Entry<'a> {
    /// `document`; lists of several kinds name the kind.
    pub(crate) fn new(document: &'a Document, name_kind: bool) -> Self {
        let mut tags = tags(document);
        if name_kind {
            tags.insert(0, Cow::Borrowed(kind_name(document.kind(), document.lang)));
        }
        Self {
            address: document.address(),
            title: &document.meta.title,
            summary: &document.meta.summary,
            tags,
            urgent: is_urgent(document),
        }
    }
}

impl Entry<'_> {
    /// The title for a small button: guides say there only what has happened.
    pub(crate) fn short_title(&self) -> &str {
        self.title.trim_end_matches("，一步一步做")
    }
}

/// Entries for the documents at `positions`.
pub(crate) fn entries<'a>(site: &'a Site, positions: &[usize], name_kind: bool) -> Vec<Entry<'a>> {
    positions.iter().map(|i| Entry::new(&site.library.documents()[*i], name_kind)).collect()
}

pub(crate) fn is_urgent(document: &Document) -> bool {
    match &document.content {
        Content::Knowledge(knowledge) => knowledge.urgency == Urgency::Now,
        Content::Guide(_) => true,
        _ => false,
    }
}

fn tags(document: &Document) -> Vec<Cow<'_, str>> {
    match &document.content {
        Content::Lesson(lesson) => vec![lesson.grade_label().into()],
        Content::Quiz(quiz) => vec![questions(quiz.questions.len(), document.lang).into()],
        Content::Checklist(list) => vec![format!("{} 项", list.items().count()).into()],
        Content::Case(case) => {
            let hazard =
                matches!(case.incident, Incident::Hazard(_)).then_some(Cow::Borrowed("隐患曝光"));
            hazard.into_iter().chain([case.incident.category().into()]).collect()
        }
        Content::Bulletin(bulletin) if bulletin.demonstration => vec!["演示数据".into()],
        Content::Board(board) if board.demonstration => vec!["演示数据".into()],
        _ => Vec::new(),
    }
}

fn questions(count: usize, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{count} 题"),
        Lang::En => format!("{count} questions"),
    }
}

/// Kinds in the order portals show them.
pub(crate) const SHOWN: [Kind; 9] = [
    Kind::Guide,
    Kind::Knowledge,
    Kind::Checklist,
    Kind::Lesson,
    Kind::Quiz,
    Kind::Notice,
    Kind::Case,
    Kind::Bulletin,
    Kind::Board,
];
