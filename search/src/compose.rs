//! The text of a reply: answer, source, approval; nothing in it is generated.

use fenghuo_content::kind::{Case, Checklist, Lesson, Urgency};
use fenghuo_content::markdown::{inline_text, plain_text};
use fenghuo_content::{Content, Danger, Document, Library, Role, Source};

use crate::extract::{extract, shorten};
use crate::index::{Entry, fact_line};
use crate::query::Query;

/// Longest passage of a reply, in characters: with source and approval it still fits one message of `WeChat`.
const PASSAGE: usize = 480;

/// Shortest extract of a section that is worth showing.
const LEAST: usize = 60;

/// Longest part of a case, in characters.
const PART: usize = 200;

/// Share of the question by which a section must be ahead of the answer.
const CLEARLY: f32 = 0.15;

/// Items of a checklist that are shown.
const CHECKS: usize = 10;

/// Sources named in the text.
const SOURCES: usize = 2;

/// The card of `danger` with what leads on from it.
pub(crate) fn emergency(
    library: &Library,
    danger: &Danger,
    english: bool,
) -> (Vec<String>, String) {
    let mut card = danger.card.clone();
    if english {
        card.extend(danger.card_en.iter().cloned());
    }
    let mut lines = card.clone();
    if let Some(guide) = danger.guide.as_ref().and_then(|id| library.find(id.as_str())) {
        lines.push(format!("一步一步照着做：《{}》", guide.meta.title));
        lines.push(guide.approval());
    }
    (card, lines.join("\n"))
}

/// Sections that add to the answer of their document.
pub(crate) struct Sections<'a> {
    /// The most telling first.
    pub(crate) entries: Vec<&'a Entry>,
    /// The heading of the first one is what was asked.
    pub(crate) asked: bool,
}

/// The reply that `document` gives, `entry` being the passage that fits best.
pub(crate) fn answer(
    query: &Query,
    document: &Document,
    entry: &Entry,
    sections: &Sections<'_>,
) -> String {
    let body = match &document.content {
        Content::Knowledge(knowledge) => {
            let answer = plain_text(&knowledge.answer);
            let text = with_sections(query, &answer, sections, knowledge.urgency);
            if knowledge.urgency == Urgency::Now { urgent(text) } else { text }
        }
        Content::Case(case) => told(case, entry),
        Content::Guide(guide) => {
            let first = guide.first().map(|step| plain_text(&step.blocks)).unwrap_or_default();
            let step = if entry.role == Role::Step { &*entry.text } else { &*first };
            urgent(format!("{}\n{}", document.meta.summary, cut(step)))
        }
        Content::Checklist(checklist) => checks(document, checklist),
        Content::Lesson(lesson) => lesson_outline(document, lesson),
        Content::Quiz(quiz) => format!("{}\n共{}题。", document.meta.summary, quiz.questions.len()),
        Content::Notice(_) | Content::Bulletin(_) | Content::Board(_) | Content::Page(_) => {
            passage(query, document, entry)
        }
    };
    format!("{}\n\n{}", body.trim(), footer(document))
}

/// A passage as it stands, below its heading.
fn passage(query: &Query, document: &Document, entry: &Entry) -> String {
    let own = extract(&entry.text, PASSAGE, query);
    match entry.role {
        Role::Section => format!("{}：\n{own}", entry.heading),
        Role::Summary => document.meta.summary.clone(),
        Role::Answer | Role::Step | Role::Message => own,
    }
}

/// A case: its facts, what happened and why, and the section asked for.
fn told(case: &Case, entry: &Entry) -> String {
    let story = cut(&plain_text(&case.story.blocks));
    let cause = cut(&plain_text(&case.cause.blocks));
    let mut text = format!("{}\n经过：{story}\n原因：{cause}", fact_line(case));
    let told = [&case.story.anchor, &case.cause.anchor];
    if entry.role == Role::Section && !told.iter().any(|anchor| **anchor == *entry.anchor) {
        text.push_str(&format!("\n{}：{}", entry.heading, cut(&entry.text)));
    }
    text
}

/// A checklist: its summary and the first items.
fn checks(document: &Document, checklist: &Checklist) -> String {
    let mut text = document.meta.summary.clone();
    for item in checklist.items().take(CHECKS) {
        text.push_str(&format!("\n□ {}", inline_text(&item.text)));
    }
    let count = checklist.items().count();
    if count > CHECKS {
        text.push_str(&format!("\n共{count}项，打开自查表逐项勾选。"));
    }
    text
}

/// A lesson: for whom, and what pupils can do afterwards.
fn lesson_outline(document: &Document, lesson: &Lesson) -> String {
    let mut text = format!("{}\n适合{}。", document.meta.summary, lesson.grade_label());
    for objective in &lesson.objectives {
        text.push_str(&format!("\n· {objective}"));
    }
    text.push_str("\n有一分钟、五分钟、三十分钟三种讲法，附告家长书和练习单。");
    text
}

fn cut(text: &str) -> String {
    shorten(text, PART)
}

/// The answer and as much of the sections as fits. The first section leads where its heading is the question, or where
/// it holds clearly more of what is asked; the latter not in danger, where the action leads.
fn with_sections(query: &Query, answer: &str, sections: &Sections<'_>, urgency: Urgency) -> String {
    let mut parts = vec![answer.to_owned()];
    let mut left = PASSAGE.saturating_sub(answer.chars().count());
    for entry in &sections.entries {
        let heading = entry.heading.chars().count() + 4;
        if left < LEAST + heading {
            break;
        }
        let section =
            format!("{}：\n{}", entry.heading, extract(&entry.text, left - heading, query));
        left = left.saturating_sub(section.chars().count() + 2);
        parts.push(section);
    }
    if let [answer, section, ..] = parts.as_slice()
        && (sections.asked
            || urgency != Urgency::Now && query.held(section) > query.held(answer) + CLEARLY)
    {
        parts.swap(0, 1);
    }
    parts.join("\n\n")
}

/// Text for a danger that may be happening: 119 stands in the first two lines.
fn urgent(text: String) -> String {
    let named = text.lines().take(2).any(|line| line.contains("119"));
    if named { text } else { format!("现在就有危险，马上打119。\n{text}") }
}

/// Title, sources and approval.
fn footer(document: &Document) -> String {
    let mut out = format!("摘自《{}》\n", document.meta.title);
    if !document.meta.sources.is_empty() {
        let named: Vec<String> = document.meta.sources.iter().take(SOURCES).map(source).collect();
        out.push_str(&format!("来源：{}\n", named.join("；")));
    }
    out.push_str(&document.approval());
    out
}

fn source(source: &Source) -> String {
    let article = source.article.as_deref().unwrap_or_default();
    format!("《{}》{article}（{}，{}）", source.title, source.issuer, source.date)
}
