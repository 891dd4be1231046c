//! A document: what all kinds have in common, and what each kind holds.

use jiff::civil::Date;
use serde::Serialize;

use crate::kind::{Board, Bulletin, Case, Checklist, Guide, Knowledge, Lesson, Notice, Page, Quiz};
use crate::{DocumentId, Kind, Lang};

/// One document of the library.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id, shared by its language variants.
    pub id: DocumentId,
    /// Its language.
    pub lang: Lang,
    /// Path inside the library, for diagnostics.
    pub path: String,
    /// SHA-256 of the file (and of its data file, if it has one), as hex.
    pub hash: String,
    /// What all kinds have in common.
    pub meta: Meta,
    /// What only its kind has.
    pub content: Content,
}

/// The content of a document, by kind.
#[derive(Clone, Debug)]
pub enum Content {
    /// See [`Knowledge`].
    Knowledge(Knowledge),
    /// See [`Case`].
    Case(Case),
    /// See [`Guide`].
    Guide(Guide),
    /// See [`Lesson`].
    Lesson(Lesson),
    /// See [`Quiz`].
    Quiz(Quiz),
    /// See [`Checklist`].
    Checklist(Checklist),
    /// See [`Notice`].
    Notice(Notice),
    /// See [`Bulletin`].
    Bulletin(Bulletin),
    /// See [`Board`].
    Board(Board),
    /// See [`Page`].
    Page(Page),
}

/// Front matter that every kind has.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Title.
    pub title: String,
    /// At most 80 characters.
    pub summary: String,
    /// Audience ids.
    pub audience: Vec<String>,
    /// Topic ids.
    pub topics: Vec<String>,
    /// Months in which it matters most.
    pub season: Season,
    /// Drafts are neither indexed nor published.
    pub draft: bool,
    /// Day on which the text was last checked against its sources.
    pub reviewed: Date,
    /// Months until the next check is due.
    pub review_every: u32,
    /// Office that approved the text; none has approved the built-in library.
    pub reviewer: Option<String>,
    /// Old addresses that redirect here.
    pub aliases: Vec<String>,
    /// What the text rests on.
    pub sources: Vec<Source>,
    /// Rules this document may break, each with its reason.
    pub allow: Vec<(String, String)>,
}

/// A source of a document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Source {
    /// Title of the law, report or page.
    pub title: String,
    /// Who issued it.
    pub issuer: String,
    /// Date of issue, as precise as it is known (`2021-04-29`, `2024`).
    pub date: String,
    /// What sort of text it is.
    pub kind: SourceKind,
    /// Article, e.g. `第二十八条`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Official address only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What sort of text a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// 法律法规规章
    Law,
    /// 标准规范
    Standard,
    /// 调查报告、统计通报
    Report,
    /// 指南、教材
    Guide,
    /// 官方新闻
    News,
}

/// A set of months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Season(u16);

impl Season {
    /// The whole year.
    pub const ALL: Self = Self(0b1_1111_1111_1110);

    /// The set of `months`, 1 to 12; others are ignored.
    pub fn of(months: impl IntoIterator<Item = i8>) -> Self {
        Self(months.into_iter().filter(|m| (1..=12).contains(m)).fold(0, |set, m| set | 1 << m))
    }

    /// Whether `month` (1 to 12) belongs to it.
    pub fn contains(self, month: i8) -> bool {
        (1..=12).contains(&month) && self.0 & (1 << month) != 0
    }

    /// Whether the two share a month.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether it is the whole year.
    pub fn is_all(self) -> bool {
        self == Self::ALL
    }

    /// Its months in order.
    pub fn months(self) -> impl Iterator<Item = i8> {
        (1..=12).filter(move |m| self.contains(*m))
    }
}

impl Document {
    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        self.id.kind()
    }

    /// Address on the site.
    pub fn address(&self) -> String {
        self.id.address(self.lang)
    }

    /// The line every page and answer shows about its approval.
    pub fn approval(&self) -> String {
        let reviewed = self.meta.reviewed;
        match (&self.meta.reviewer, self.lang) {
            (Some(office), Lang::Zh) => format!("{office}审定，{reviewed}"),
            (None, Lang::Zh) => format!("资料核对于 {reviewed}，待当地消防救援机构审定"),
            (Some(office), Lang::En) => format!("Approved by {office}, {reviewed}"),
            (None, Lang::En) => {
                format!(
                    "Checked against its sources on {reviewed}; not yet approved by the local fire brigade"
                )
            }
        }
    }

    /// Day from which the text counts as overdue for review.
    pub fn review_due(&self) -> Date {
        self.meta
            .reviewed
            .saturating_add(jiff::Span::new().months(i64::from(self.meta.review_every)))
    }
}
