//! Names of documents: kind, slug and language, and the address each has on the site.

use std::fmt;

use serde::{Serialize, Serializer};

/// The ten kinds of document; each lives in a folder of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// What to know and do about one thing.
    Knowledge,
    /// A real fire, or a major hazard, and what it teaches.
    Case,
    /// A decision tree of steps.
    Guide,
    /// A lesson of one, five and thirty minutes.
    Lesson,
    /// Questions with right and wrong options.
    Quiz,
    /// A self-check of a place.
    Checklist,
    /// A seasonal safety notice (安全提示) of ours.
    Notice,
    /// Fire figures of one month.
    Bulletin,
    /// Progress of townships towards a target.
    Board,
    /// About, privacy and the like.
    Page,
}

impl Kind {
    /// All kinds in the order of the design.
    pub const ALL: [Self; 10] = [
        Self::Knowledge,
        Self::Case,
        Self::Guide,
        Self::Lesson,
        Self::Quiz,
        Self::Checklist,
        Self::Notice,
        Self::Bulletin,
        Self::Board,
        Self::Page,
    ];

    /// The folder of the kind, which is also the first part of its ids.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Knowledge => "knowledge",
            Self::Case => "cases",
            Self::Guide => "guides",
            Self::Lesson => "lessons",
            Self::Quiz => "quizzes",
            Self::Checklist => "checklists",
            Self::Notice => "notices",
            Self::Bulletin => "bulletins",
            Self::Board => "boards",
            Self::Page => "pages",
        }
    }

    /// The Chinese name readers see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Knowledge => "知识",
            Self::Case => "案例",
            Self::Guide => "分步指引",
            Self::Lesson => "课程",
            Self::Quiz => "测验",
            Self::Checklist => "自查表",
            Self::Notice => "安全提示",
            Self::Bulletin => "火情通报",
            Self::Board => "进展",
            Self::Page => "说明",
        }
    }

    /// The kind whose folder is `folder`.
    pub fn of_folder(folder: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.folder() == folder)
    }
}

/// Language of a document; a variant `slug.en.md` shares the id of `slug.md`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese, the language of the library.
    #[default]
    Zh,
    /// English, for foreign guests.
    En,
}

impl Lang {
    /// Value of the HTML `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// The id of a document: its path without the ending, e.g. `knowledge/kitchen/oil-pan-fire`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentId(String);

impl DocumentId {
    /// Parses `folder/…/slug`; segments are `[a-z0-9-]`, at most 60 characters each, two to four of them.
    pub fn parse(text: &str) -> Option<Self> {
        let segments: Vec<&str> = text.split('/').collect();
        let fine = |s: &&str| {
            !s.is_empty()
                && s.len() <= 60
                && s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        let shape = (2..=4).contains(&segments.len()) && segments.iter().all(fine);
        (shape && Kind::of_folder(segments[0]).is_some()).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind its first segment names.
    pub fn kind(&self) -> Kind {
        let folder = self.0.split('/').next().unwrap_or_default();
        Kind::of_folder(folder).expect("parse admits only ids that begin with a kind's folder")
    }

    /// The last segment.
    pub fn slug(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Address on the site, with both slashes.
    pub fn address(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("/{}/", self.0),
            Lang::En => format!("/en/{}/", self.0),
        }
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for DocumentId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}
