//! A document as JSON: short in lists, whole at its own address.

use fenghuo_content::kind::{Figures, FireCount, Incident, Progress};
use fenghuo_content::{Content, Document, DocumentId, Kind, Lang, Source};
use jiff::civil::Date;
use serde::Serialize;

use super::lesson::{Links, links};
use crate::Site;
use crate::pack::Subject;

/// A document in a list.
#[derive(Serialize)]
pub(super) struct Item<'a> {
    id: &'a DocumentId,
    kind: Kind,
    lang: Lang,
    title: &'a str,
    summary: &'a str,
    url: String,
    topics: &'a [String],
    audience: &'a [String],
    /// Months, 1 to 12.
    season: Vec<i8>,
    reviewed: Date,
    reviewer: Option<&'a str>,
    approval: String,
    #[serde(flatten)]
    detail: Detail<'a>,
}

/// What only some kinds have.
#[derive(Serialize)]
#[serde(untagged)]
enum Detail<'a> {
    Lesson {
        grades: &'a [i8],
        minutes: [u8; 3],
        objectives: &'a [String],
        quiz: Option<&'a DocumentId>,
        part: Option<LessonPart<'a>>,
        /// Changes whenever a file of the lesson does; absent in other languages than Chinese.
        #[serde(skip_serializing_if = "Option::is_none")]
        version: Option<String>,
        /// Public addresses of its pages and files by name.
        #[serde(skip_serializing_if = "Option::is_none")]
        links: Option<Links>,
    },
    Fire {
        date: Date,
        place: &'a str,
        category: &'a str,
        deaths: Option<u32>,
        injuries: Option<u32>,
        loss_wan_yuan: Option<f64>,
        cause: &'a str,
        figures: Figures,
    },
    Hazard {
        date: Date,
        place: &'a str,
        category: &'a str,
        article: &'a str,
        deadline: Date,
        status: &'a str,
        authority: &'a str,
        demonstration: bool,
    },
    Checklist {
        department: &'a str,
        basis: &'a [String],
        items: usize,
    },
    Nothing {},
}

/// The part of a lesson that has the length asked for.
#[derive(Serialize)]
struct LessonPart<'a> {
    minutes: u8,
    title: &'a str,
    url: String,
}

impl<'a> Item<'a> {
    /// `document`; `minutes` picks the part of a lesson.
    pub(super) fn new(site: &Site, document: &'a Document, minutes: Option<u8>) -> Self {
        let meta = &document.meta;
        let url = site.absolute(&document.address());
        Self {
            id: &document.id,
            kind: document.kind(),
            lang: document.lang,
            title: &meta.title,
            summary: &meta.summary,
            detail: detail(site, document, minutes),
            url,
            topics: &meta.topics,
            audience: &meta.audience,
            season: meta.season.months().collect(),
            reviewed: meta.reviewed,
            reviewer: meta.reviewer.as_deref(),
            approval: document.approval(),
        }
    }
}

fn detail<'a>(site: &Site, document: &'a Document, minutes: Option<u8>) -> Detail<'a> {
    match &document.content {
        Content::Lesson(lesson) => {
            let subject = Subject::new(site, document);
            let url = site.absolute(&document.address());
            let part = minutes.map(|minutes| {
                let section = match minutes {
                    1 => &lesson.one_minute,
                    5 => &lesson.five_minutes,
                    _ => &lesson.thirty_minutes,
                };
                LessonPart {
                    minutes,
                    title: &section.title,
                    url: format!("{url}#{}", section.anchor),
                }
            });
            Detail::Lesson {
                grades: &lesson.grades,
                minutes: [1, 5, 30],
                objectives: &lesson.objectives,
                quiz: lesson.quiz.as_ref(),
                part,
                version: subject.as_ref().map(Subject::version),
                links: subject.as_ref().map(links),
            }
        }
        Content::Case(case) => incident(&case.incident),
        Content::Checklist(list) => Detail::Checklist {
            department: &list.department,
            basis: &list.basis,
            items: list.items().count(),
        },
        _ => Detail::Nothing {},
    }
}

fn incident(incident: &Incident) -> Detail<'_> {
    match incident {
        Incident::Fire(fire) => Detail::Fire {
            date: fire.date,
            place: &fire.place,
            category: &fire.category,
            deaths: fire.deaths,
            injuries: fire.injuries,
            loss_wan_yuan: fire.loss,
            cause: &fire.cause,
            figures: fire.figures,
        },
        Incident::Hazard(hazard) => Detail::Hazard {
            date: hazard.date,
            place: &hazard.place,
            category: &hazard.category,
            article: &hazard.article,
            deadline: hazard.deadline,
            status: &hazard.status,
            authority: &hazard.authority,
            demonstration: hazard.demonstration,
        },
    }
}

/// A document with its text.
#[derive(Serialize)]
pub(super) struct Whole<'a> {
    #[serde(flatten)]
    item: Item<'a>,
    questions: &'a [String],
    passages: Vec<PassageView>,
    sources: &'a [Source],
    hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Data<'a>>,
}

#[derive(Serialize)]
struct PassageView {
    anchor: String,
    title: String,
    text: String,
    html: String,
}

/// Rows of the CSV beside it.
#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Fires(&'a [FireCount]),
    Progress(&'a [Progress]),
}

impl<'a> Whole<'a> {
    pub(super) fn new(site: &Site, document: &'a Document) -> Self {
        let passages = document.passages().into_iter().map(|passage| PassageView {
            anchor: passage.anchor.to_owned(),
            title: passage.heading.to_owned(),
            text: passage.text(),
            html: passage
                .blocks
                .iter()
                .map(|block| site.html(std::slice::from_ref(*block), document.lang))
                .collect(),
        });
        Self {
            passages: passages.collect(),
            questions: document.questions(),
            sources: &document.meta.sources,
            hash: &document.hash,
            data: match &document.content {
                Content::Bulletin(bulletin) => Some(Data::Fires(&bulletin.rows)),
                Content::Board(board) => Some(Data::Progress(&board.rows)),
                _ => None,
            },
            item: Item::new(site, document, None),
        }
    }
}
