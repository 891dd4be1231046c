//! Documents by kind, topic, setting and season, worked out once so that no page walks the whole library.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fenghuo_content::kind::{Case, Incident, Lesson, Urgency};
use fenghuo_content::{Content, Document, Kind, Lang, Library, Setting};
use jiff::civil::Date;

use crate::season::{self, Quarter};

/// How far to both sides of a document its topic is searched for related ones; keeps large topics linear.
const NEIGHBOURS: usize = 24;
/// How many related documents a page shows.
const RELATED: usize = 6;

/// Positions of Chinese documents in [`Library::documents`], by facet, in the order lists show them.
#[derive(Default)]
pub(crate) struct Index {
    pub(crate) kinds: BTreeMap<Kind, Vec<usize>>,
    pub(crate) topics: HashMap<String, Vec<usize>>,
    pub(crate) settings: BTreeMap<Setting, BTreeMap<Kind, Vec<usize>>>,
    pub(crate) seasons: BTreeMap<Quarter, Vec<usize>>,
    /// Lessons by school year; 0 is kindergarten.
    pub(crate) grades: BTreeMap<i8, Vec<usize>>,
    /// Lessons made for the season of a holiday; those for the whole year are not among them.
    pub(crate) lesson_seasons: BTreeMap<Quarter, Vec<usize>>,
    /// Lessons by topic.
    pub(crate) lesson_topics: BTreeMap<String, Vec<usize>>,
    /// Kinds of place of the cases, the most frequent first, with their cases.
    pub(crate) categories: Vec<(String, Vec<usize>)>,
    /// Cases by year, the newest first.
    pub(crate) case_years: Vec<(i16, Vec<usize>)>,
    /// Fires, and hazards made public.
    pub(crate) case_sorts: [Vec<usize>; 2],
    /// English documents.
    pub(crate) english: Vec<usize>,
    /// Place of each document in the list of its first topic.
    place: HashMap<usize, usize>,
}

impl Index {
    pub(crate) fn new(library: &Library, today: Date) -> Self {
        let mut index = Self::default();
        for position in in_list_order(library, today) {
            let document = &library.documents()[position];
            if document.lang == Lang::En {
                index.english.push(position);
                continue;
            }
            index.kinds.entry(document.kind()).or_default().push(position);
            if document.kind() == Kind::Page {
                continue;
            }
            index.add_facets(library, document, position);
        }
        index.categories = categories(library, index.of_kind(Kind::Case));
        index.add_cases(library);
        index
    }

    fn add_facets(&mut self, library: &Library, document: &Document, position: usize) {
        for (order, topic) in document.meta.topics.iter().enumerate() {
            let list = self.topics.entry(topic.clone()).or_default();
            if order == 0 {
                self.place.insert(position, list.len());
            }
            list.push(position);
        }
        for setting in settings(library, document) {
            let kinds = self.settings.entry(setting).or_default();
            kinds.entry(document.kind()).or_default().push(position);
        }
        for quarter in Quarter::ALL {
            if !document.meta.season.is_all() && document.meta.season.meets(quarter.months()) {
                self.seasons.entry(quarter).or_default().push(position);
            }
        }
        if let Content::Lesson(lesson) = &document.content {
            self.add_lesson(document, lesson, position);
        }
    }

    fn add_lesson(&mut self, document: &Document, lesson: &Lesson, position: usize) {
        for grade in lesson.grades.iter().collect::<BTreeSet<_>>() {
            self.grades.entry(*grade).or_default().push(position);
        }
        for topic in &document.meta.topics {
            self.lesson_topics.entry(topic.clone()).or_default().push(position);
        }
        for quarter in Quarter::HOLIDAYS {
            if !document.meta.season.is_all() && document.meta.season.meets(quarter.months()) {
                self.lesson_seasons.entry(quarter).or_default().push(position);
            }
        }
    }

    /// Cases come newest first, so those of a year stand together.
    fn add_cases(&mut self, library: &Library) {
        for position in self.of_kind(Kind::Case).to_vec() {
            let Content::Case(case) = &library.documents()[position].content else { continue };
            let year = case.incident.date().year();
            match self.case_years.last_mut() {
                Some((last, cases)) if *last == year => cases.push(position),
                _ => self.case_years.push((year, vec![position])),
            }
            self.case_sorts[usize::from(is_hazard(case))].push(position);
        }
    }

    /// Chinese documents of `kind`.
    pub(crate) fn of_kind(&self, kind: Kind) -> &[usize] {
        self.kinds.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Chinese documents of `topic`.
    pub(crate) fn of_topic(&self, topic: &str) -> &[usize] {
        self.topics.get(topic).map_or(&[], Vec::as_slice)
    }

    /// Documents of `kind` for `setting`.
    pub(crate) fn of_setting(&self, setting: Setting, kind: Kind) -> &[usize] {
        self.settings.get(&setting).and_then(|kinds| kinds.get(&kind)).map_or(&[], Vec::as_slice)
    }

    /// Documents near `position` in its first topic, those that share most topics first.
    pub(crate) fn related<'a>(&self, library: &'a Library, position: usize) -> Vec<&'a Document> {
        let documents = library.documents();
        let own = &documents[position];
        let (Some(topic), Some(&place)) = (own.meta.topics.first(), self.place.get(&position))
        else {
            return Vec::new();
        };
        let list = self.of_topic(topic);
        let near = &list[place.saturating_sub(NEIGHBOURS)..list.len().min(place + NEIGHBOURS + 1)];
        let mut ranked: Vec<(usize, usize)> = near
            .iter()
            .filter(|other| **other != position && belongs(own, &documents[**other]))
            .map(|other| (closeness(own, &documents[*other]), *other))
            .collect();
        ranked.sort_by_key(|(close, other)| (std::cmp::Reverse(*close), other.abs_diff(position)));
        ranked.into_iter().take(RELATED).map(|(_, other)| &documents[other]).collect()
    }
}

/// Whether it is a hazard made public, not a fire.
pub(crate) fn is_hazard(case: &Case) -> bool {
    matches!(case.incident, Incident::Hazard(_))
}

/// Figures belong beside figures only.
fn belongs(own: &Document, other: &Document) -> bool {
    let figures = |document: &Document| matches!(document.kind(), Kind::Bulletin | Kind::Board);
    !figures(other) || figures(own)
}

/// How much two documents have in common.
fn closeness(a: &Document, b: &Document) -> usize {
    let shared = |x: &[String], y: &[String]| x.iter().filter(|item| y.contains(item)).count();
    let first = usize::from(a.meta.topics.first() == b.meta.topics.first());
    4 * shared(&a.meta.topics, &b.meta.topics)
        + 3 * first
        + shared(&a.meta.audience, &b.meta.audience)
}

/// Positions in the order of lists: by kind, what is urgent or newest first, then by topic and id.
fn in_list_order(library: &Library, today: Date) -> Vec<usize> {
    let documents = library.documents();
    let mut order: Vec<usize> =
        (0..documents.len()).filter(|i| !documents[*i].meta.draft).collect();
    let topics: HashMap<&str, usize> =
        library.topics.iter().enumerate().map(|(rank, topic)| (topic.id.as_str(), rank)).collect();
    order.sort_by_cached_key(|i| {
        let document = &documents[*i];
        let topic = document.meta.topics.first().and_then(|id| topics.get(id.as_str()));
        (
            shown_rank(document.kind()),
            weight(document, today),
            topic.copied().unwrap_or(usize::MAX),
            *i,
        )
    });
    order
}

/// Guides and knowledge help most, so they stand first in mixed lists.
fn shown_rank(kind: Kind) -> usize {
    const ORDER: [Kind; 10] = [
        Kind::Guide,
        Kind::Knowledge,
        Kind::Checklist,
        Kind::Lesson,
        Kind::Quiz,
        Kind::Notice,
        Kind::Case,
        Kind::Bulletin,
        Kind::Board,
        Kind::Page,
    ];
    ORDER.iter().position(|k| *k == kind).unwrap_or(ORDER.len())
}

fn weight(document: &Document, today: Date) -> i64 {
    match &document.content {
        Content::Knowledge(knowledge) => match knowledge.urgency {
            Urgency::Now => 0,
            Urgency::Prepare => 1,
            Urgency::Learn => 2,
        },
        Content::Notice(notice) => season::next(notice, today).map_or(i64::MAX, days),
        Content::Case(case) => -days(case.incident.date()),
        Content::Bulletin(bulletin) => -(i64::from(bulletin.year) * 12 + i64::from(bulletin.month)),
        Content::Lesson(lesson) => lesson.grades.iter().copied().min().map_or(99, i64::from),
        _ => 0,
    }
}

fn days(date: Date) -> i64 {
    i64::from(date.year()) * 372 + i64::from(date.month()) * 31 + i64::from(date.day())
}

/// The settings of a document's audiences, each once.
pub(crate) fn settings(library: &Library, document: &Document) -> Vec<Setting> {
    let audiences = document.meta.audience.iter().filter_map(|id| library.audience(id));
    let mut settings: Vec<Setting> = audiences.flat_map(|a| a.settings.iter().copied()).collect();
    settings.sort_unstable();
    settings.dedup();
    settings
}

fn categories(library: &Library, cases: &[usize]) -> Vec<(String, Vec<usize>)> {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for position in cases {
        if let Content::Case(case) = &library.documents()[*position].content {
            by_name.entry(case.incident.category().to_owned()).or_default().push(*position);
        }
    }
    let mut categories: Vec<_> = by_name.into_iter().collect();
    categories.sort_by_key(|(_, cases)| std::cmp::Reverse(cases.len()));
    categories
}
