//! Lists of lessons: all of them with the finder, those of one school year, of one topic, made for a season.

use askama::Template;
use fenghuo_content::kind::Lesson;
use fenghuo_content::{Content, Document, Kind};

use super::Page;
use super::entry::Entry;
use super::list::{Facet, FacetLink, Pager, kind_intro, setting_facet, slice};
use crate::Site;
use crate::asset::{LESSON_SCRIPT, SHEET_STYLE};
use crate::frame::render;
use crate::pack::{self, NO_PUPIL_DATA, SCHOOL_CALENDAR, bundle_address, bundle_title};
use crate::route::{grade_address, lesson_season_address, lesson_topic_address};
use crate::season::Quarter;
use crate::text::grade_name;

const ALL: &str = "/lessons/";
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

#[derive(Template)]
#[template(path = "lessons.html")]
struct View<'a> {
    title: &'a str,
    intro: &'a str,
    crumbs: Vec<(&'static str, &'static str)>,
    finder: Option<Finder>,
    /// What was asked for and could not be understood.
    refused: &'a [String],
    /// Bundles to take along: address of page, of ZIP, title, number of lessons.
    bundles: Vec<BundleLink>,
    facets: Vec<Facet>,
    total: usize,
    lessons: Vec<LessonEntry<'a>>,
    pager: Pager,
    calendar: &'static str,
    privacy: &'static str,
}

/// The form.
struct Finder {
    action: &'static str,
    /// Whether a server answers it; without one it needs script.
    live: bool,
    total: usize,
    selects: Vec<Select>,
}

struct Select {
    name: &'static str,
    label: &'static str,
    /// Value, words, chosen.
    options: Vec<(String, String, bool)>,
}

struct BundleLink {
    page: String,
    file: String,
    name: String,
    title: &'static str,
    count: usize,
    here: bool,
}

struct LessonEntry<'a> {
    entry: Entry<'a>,
    grades: String,
    seasons: String,
    topics: String,
    /// Minutes, address, chosen.
    lengths: Vec<(u8, String, bool)>,
    slides: String,
}

/// What one list shows.
struct Spec<'a> {
    title: &'a str,
    intro: &'a str,
    base: &'a str,
    positions: &'a [usize],
    facets: Vec<Facet>,
    choice: Option<&'a Choice>,
    refused: &'a [String],
    season: Option<Quarter>,
}

impl<'a> Spec<'a> {
    fn new(title: &'a str, base: &'a str, positions: &'a [usize], facets: Vec<Facet>) -> Self {
        let intro = kind_intro(Kind::Lesson);
        Self { title, intro, base, positions, facets, choice: None, refused: &[], season: None }
    }
}

/// All lessons.
pub(super) fn all(site: &Site, page: usize) -> Page {
    let settings = Facet { open: false, ..setting_facet(site, Kind::Lesson, None) };
    let facets =
        vec![grade_facet(site, None), season_facet(site, None), topic_facet(site, None), settings];
    let choice = Choice::default();
    let spec = Spec::new(Kind::Lesson.name(), ALL, site.index.of_kind(Kind::Lesson), facets);
    list(site, Spec { choice: Some(&choice), ..spec }, page)
}

/// What the finder found; `refused` are sentences about parameters that mean nothing here.
pub(crate) fn found(site: &Site, choice: &Choice, refused: &[String]) -> Page {
    let fits = |position: &&usize| takes(&site.library.documents()[**position], choice);
    let positions: Vec<usize> =
        site.index.of_kind(Kind::Lesson).iter().filter(fits).copied().collect();
    let spec = Spec::new("找到的课程", FIND, &positions, Vec::new());
    let mut page = list(site, Spec { choice: Some(choice), refused, ..spec }, 0);
    page.noindex = true;
    page
}

fn takes(document: &Document, choice: &Choice) -> bool {
    let Content::Lesson(lesson) = &document.content else { return false };
    choice.grade.is_none_or(|grade| lesson.grades.contains(&grade))
        && choice.season.is_none_or(|quarter| made_for(document, quarter))
        && choice.topic.as_ref().is_none_or(|topic| document.meta.topics.contains(topic))
}

/// Whether `document` was made for `quarter`; lessons for the whole year were not.
fn made_for(document: &Document, quarter: Quarter) -> bool {
    !document.meta.season.is_all() && document.meta.season.meets(quarter.months())
}

/// Lessons of one school year.
pub(super) fn grade(site: &Site, grade: i8, page: usize) -> Page {
    let title = format!("课程 · {}", grade_name(grade));
    let positions = site.index.grades.get(&grade).map_or(&[][..], Vec::as_slice);
    let base = grade_address(grade);
    list(site, Spec::new(&title, &base, positions, vec![grade_facet(site, Some(grade))]), page)
}

/// Lessons of one topic.
pub(super) fn topic(site: &Site, topic: &str, page: usize) -> Page {
    let name = site.library.topic(topic).map_or(topic, |topic| topic.name.as_str());
    let title = format!("课程 · {name}");
    let positions = site.index.lesson_topics.get(topic).map_or(&[][..], Vec::as_slice);
    let base = lesson_topic_address(topic);
    list(site, Spec::new(&title, &base, positions, vec![topic_facet(site, Some(topic))]), page)
}

/// Lessons made for a season, to be taken along together.
pub(super) fn season(site: &Site, quarter: Quarter, page: usize) -> Page {
    let positions = site.index.lesson_seasons.get(&quarter).map_or(&[][..], Vec::as_slice);
    let base = lesson_season_address(quarter);
    let facets = vec![season_facet(site, Some(quarter))];
    let intro = "专为这个季节准备的课，可以一节一节上，也可以整包下载。全年都能上的课不列在这里。";
    let spec = Spec::new(bundle_title(quarter), &base, positions, facets);
    list(site, Spec { intro, season: Some(quarter), ..spec }, page)
}

fn list(site: &Site, spec: Spec<'_>, page: usize) -> Page {
    let title = if page == 0 {
        spec.title.to_owned()
    } else {
        format!("{}（第 {} 页）", spec.title, page + 1)
    };
    let minutes = spec.choice.and_then(|choice| choice.minutes);
    // The finder shows all it found on one page: it is there to narrow.
    let shown = if spec.base == FIND { spec.positions } else { slice(spec.positions, page) };
    let crumbs = [("/", "首页"), (ALL, "课程")];
    let main = render(&View {
        title: spec.title,
        intro: spec.intro,
        crumbs: crumbs[..if spec.base == ALL { 1 } else { 2 }].to_vec(),
        finder: spec.choice.map(|choice| finder(site, choice)),
        refused: spec.refused,
        bundles: bundles(site, &spec),
        facets: spec.facets,
        total: spec.positions.len(),
        lessons: shown.iter().filter_map(|position| entry(site, *position, minutes)).collect(),
        pager: Pager::new(
            spec.base,
            page,
            if spec.base == FIND { 0 } else { spec.positions.len() },
        ),
        calendar: SCHOOL_CALENDAR,
        privacy: NO_PUPIL_DATA,
    });
    Page {
        title,
        description: spec.intro.to_owned(),
        main,
        scripts: vec![LESSON_SCRIPT.address.clone()],
        styles: vec![SHEET_STYLE.address.clone()],
        ..Page::default()
    }
}

fn entry(site: &Site, position: usize, minutes: Option<u8>) -> Option<LessonEntry<'_>> {
    let document = &site.library.documents()[position];
    let Content::Lesson(lesson) = &document.content else { return None };
    let quarters = Quarter::ALL.into_iter().filter(|quarter| made_for(document, *quarter));
    let grades: Vec<String> = lesson.grades.iter().map(ToString::to_string).collect();
    Some(LessonEntry {
        entry: Entry::new(document, false),
        grades: grades.join(" "),
        seasons: quarters.map(Quarter::key).collect::<Vec<_>>().join(" "),
        topics: document.meta.topics.join(" "),
        lengths: lengths(document, lesson, minutes),
        slides: pack::Part::Slides.address(document),
    })
}

fn lengths(document: &Document, lesson: &Lesson, chosen: Option<u8>) -> Vec<(u8, String, bool)> {
    let sections =
        [(1, &lesson.one_minute), (5, &lesson.five_minutes), (30, &lesson.thirty_minutes)];
    let link = |(minutes, section): (u8, &fenghuo_content::markdown::Section)| {
        (minutes, format!("{}#{}", document.address(), section.anchor), chosen == Some(minutes))
    };
    sections.map(link).to_vec()
}

fn bundles(site: &Site, spec: &Spec<'_>) -> Vec<BundleLink> {
    let seasons = site.index.lesson_seasons.iter();
    let wanted = seasons.filter(|(quarter, _)| match spec.season {
        Some(season) => season == **quarter,
        None => spec.base == ALL,
    });
    let link = |(quarter, lessons): (&Quarter, &Vec<usize>)| BundleLink {
        page: lesson_season_address(*quarter),
        file: bundle_address(*quarter),
        name: format!("{}.zip", bundle_title(*quarter)),
        title: bundle_title(*quarter),
        count: lessons.len(),
        here: spec.season.is_some(),
    };
    wanted.map(link).collect()
}

fn finder(site: &Site, choice: &Choice) -> Finder {
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

fn grade_facet(site: &Site, current: Option<i8>) -> Facet {
    let grades = site.index.grades.iter().map(|(grade, lessons)| FacetLink {
        address: grade_address(*grade),
        name: grade_name(*grade),
        count: lessons.len(),
        current: current == Some(*grade),
    });
    facet(site, "按年级", current.is_none(), grades)
}

fn season_facet(site: &Site, current: Option<Quarter>) -> Facet {
    let seasons = site.index.lesson_seasons.iter().map(|(quarter, lessons)| FacetLink {
        address: lesson_season_address(*quarter),
        name: quarter.name().to_owned(),
        count: lessons.len(),
        current: current == Some(*quarter),
    });
    facet(site, "按季节", current.is_none(), seasons)
}

fn topic_facet(site: &Site, current: Option<&str>) -> Facet {
    let topics = site.library.topics.iter().filter_map(|topic| {
        let lessons = site.index.lesson_topics.get(&topic.id)?;
        Some(FacetLink {
            address: lesson_topic_address(&topic.id),
            name: topic.name.clone(),
            count: lessons.len(),
            current: current == Some(topic.id.as_str()),
        })
    });
    Facet { open: current.is_some(), ..facet(site, "按主题", current.is_none(), topics) }
}

/// `links` after the way back to all lessons.
fn facet(
    site: &Site,
    label: &'static str,
    current: bool,
    links: impl Iterator<Item = FacetLink>,
) -> Facet {
    let count = site.index.of_kind(Kind::Lesson).len();
    let all = FacetLink { address: ALL.to_owned(), name: "全部".to_owned(), count, current };
    Facet { label, links: std::iter::once(all).chain(links).collect(), open: true }
}
