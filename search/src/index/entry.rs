//! Entries: the passages of a library as they are indexed, with text added that a passage alone does not say.

use std::sync::Arc;

use fenghuo_content::kind::{Case, Checklist, Incident, Quiz};
use fenghuo_content::markdown::inline_text;
use fenghuo_content::{Content, Document, Library, Role};

/// A passage of the library, by place; its texts are shared with the next version of the library.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Index of its document in [`Library::documents`].
    pub(crate) document: usize,
    pub(crate) role: Role,
    pub(crate) anchor: Arc<str>,
    pub(crate) heading: Arc<str>,
    /// What is shown.
    pub(crate) text: Arc<str>,
    /// What is indexed besides: facts of a case, items of a checklist, questions of a quiz.
    pub(crate) extra: Arc<str>,
}

impl Entry {
    /// All entries of `library` in order.
    pub(crate) fn all(library: &Library) -> Vec<Self> {
        let documents = library.documents().iter().enumerate();
        documents.flat_map(|(i, document)| Self::of(i, document)).collect()
    }

    /// Entries of `document`, whose place in the library is `index`.
    pub(crate) fn of(index: usize, document: &Document) -> Vec<Self> {
        let mut extra: Arc<str> = extra_text(document).into();
        let passages = document.passages();
        let entries = passages.iter().map(|passage| Self {
            document: index,
            role: passage.role,
            anchor: passage.anchor.into(),
            heading: passage.heading.into(),
            text: passage.text().into(),
            extra: std::mem::take(&mut extra),
        });
        entries.collect()
    }
}

fn extra_text(document: &Document) -> String {
    match &document.content {
        Content::Case(case) => fact_line(case),
        Content::Checklist(checklist) => checklist_text(checklist),
        Content::Quiz(quiz) => quiz_text(quiz),
        _ => String::new(),
    }
}

/// `2025年1月7日，河北承德隆化，养老院火灾。死亡20人，受伤3人。直接原因：…`
pub(crate) fn fact_line(case: &Case) -> String {
    let incident = &case.incident;
    let date = incident.date();
    let mut line =
        format!("{}年{}月{}日，{}", date.year(), date.month(), date.day(), incident.place());
    if !line.contains(incident.category()) {
        line.push_str(&format!("（{}）", incident.category()));
    }
    match incident {
        Incident::Fire(fire) => {
            line.push_str("火灾");
            let count = |label: &str, n: Option<u32>| {
                n.map(|n| format!("，{label}{n}人")).unwrap_or_default()
            };
            line.push_str(&count("死亡", fire.deaths));
            line.push_str(&count("受伤", fire.injuries));
            line.push_str(&format!("。直接原因：{}。", fire.cause.trim_end_matches('。')));
        }
        Incident::Hazard(hazard) => {
            line.push_str(&format!(
                "重大火灾隐患，{}公布，整改期限{}，{}。违反{}。",
                hazard.authority, hazard.deadline, hazard.status, hazard.article
            ));
        }
    }
    line
}

fn checklist_text(checklist: &Checklist) -> String {
    let mut out = String::new();
    for group in &checklist.groups {
        out.push_str(&group.title);
        out.push('\n');
        for item in &group.items {
            for part in [&item.text, &item.risk, &item.fix] {
                out.push_str(&inline_text(part));
                out.push('\n');
            }
        }
    }
    out
}

fn quiz_text(quiz: &Quiz) -> String {
    quiz.questions.iter().map(|question| format!("{}\n", question.text)).collect()
}
