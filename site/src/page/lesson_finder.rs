//! The finder of lessons: what was chosen, what fits, and the form with its choices.

use fenghuo_content::{Content, Document, Kind};

use crate::Site;
use crate::season::Quarter;
use crate::text::grade_name;

/// Where the form of the finder is answered; a static host has no such place.
pub(crate) const FIND: &str = "/lessons/find";

/// What a reader of the finder has chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) grade: Option<i8>,
    pub(crate) season: Option<Quarter>,
    pub(crate) minutes: Option<u8>,
    pub(crate) topic: Option<String>,
}

/// The form.
pub(super) struct Finder {
    pub(super) action: &'static str,
    /// Whether a server answers it; without one it needs script.
    pub(super) live: bool,
    pub(super) total: usize,
    pub(super) selects: Vec<Select>,
}

pub(super) struct Select {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    /// Value, words, chosen.
    pub(super) options: Vec<(String, String, bool)>,
}

/// Whether `document` is a lesson that fits `choice`.
pub(super) fn takes(document: &Document, choice: &Choice) -> bool {
    let Content::Lesson(lesson) = &document.content else { return false };
    choice.grade.is_none_or(|grade| lesson.grades.contains(&grade))
        && choice.season.is_none_or(|quarter| made_for(document, quarter))
        && choice.topic.as_ref().is_none_or(|topic| document.meta.topics.contains(topic))
}

/// Whether `document` was made for `quarter`; lessons for the whole year were not.
pub(super) fn made_for(document: &Document, quarter: Quarter) -> bool {
    !document.meta.season.is_all() && document.meta.season.meets(quarter.months())
}

/// The form with `choice` chosen.
pub(super) fn finder(site: &Site, choice: &Choice) -> Finder {
    let grades = site.index.grades.keys();
    let grades = grades.map(|g| (g.to_string(), grade_name(*g), choice.grade == Some(*g)));
    let lessons = site.index.of_kind(Kind::Lesson);
    let documents = || lessons.iter().map(|position| &site.library.documents()[*position]);
    let seasons = Quarter::ALL.into_iter().filter(|q| documents().any(|d| made_for(d, *q)));
    let seasons =
        seasons.map(|q| (q.key().to_owned(), q.name().to_owned(), choice.season == Some(q)));
    let minutes = [1, 5, 30];
    let minutes = minutes.map(|m| (m.to_string(), format!("{m} 分钟"), choice.minutes == Some(m)));
    let topics = site.library.topics.iter();
    let topics = topics.filter(|topic| site.index.lesson_topics.contains_key(&topic.id));
    let topics = topics
        .map(|t| (t.id.clone(), t.name.clone(), choice.topic.as_deref() == Some(t.id.as_str())));
    let select = |name, label, options| Select { name, label, options };
    Finder {
        action: FIND,
        live: site.options.live,
        total: lessons.len(),
        selects: vec![
            select("grade", "年级", grades.collect()),
            select("season", "季节", seasons.collect()),
            select("minutes", "有多少时间", minutes.to_vec()),
            select("topic", "主题", topics.collect()),
        ],
    }
}
