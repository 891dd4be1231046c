//! What a list of the API is narrowed by; every faulty parameter is refused with a sentence that helps.

use axum::http::StatusCode;
use fenghuo_content::{Content, Document, Kind, Lang, Library, Season, Setting};
use serde::Deserialize;

use crate::World;
use crate::machine::encode;
use crate::route::setting_key;
use crate::season::Quarter;
use crate::web::Problem;

const LIMIT: usize = 20;
const MOST: usize = 100;
/// The lengths in which every lesson comes.
const MINUTES: [u8; 3] = [1, 5, 30];

/// Query parameters as they came.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Params {
    kind: Option<String>,
    topic: Option<String>,
    audience: Option<String>,
    season: Option<String>,
    grade: Option<String>,
    minutes: Option<String>,
    category: Option<String>,
    q: Option<String>,
    lang: Option<String>,
    limit: Option<String>,
    offset: Option<String>,
}

impl Params {
    /// The query of the same list at another offset.
    pub(super) fn at(&self, offset: usize, limit: usize) -> String {
        let kept = [
            ("kind", &self.kind),
            ("topic", &self.topic),
            ("audience", &self.audience),
            ("season", &self.season),
            ("grade", &self.grade),
            ("minutes", &self.minutes),
            ("category", &self.category),
            ("q", &self.q),
            ("lang", &self.lang),
        ];
        let kept = kept.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let mut query: String =
            kept.map(|(name, value)| format!("{name}={}&", escape(value))).collect();
        query.push_str(&format!("limit={limit}&offset={offset}"));
        query
    }
}

fn escape(value: &str) -> String {
    encode(value).replace('&', "%26").replace('+', "%2B").replace('#', "%23").replace('=', "%3D")
}

/// Query parameters as they are meant.
#[derive(Debug, PartialEq)]
pub(super) struct Filter {
    kind: Option<Kind>,
    topic: Option<String>,
    audience: Option<For>,
    season: Option<Season>,
    grade: Option<i8>,
    pub(super) minutes: Option<u8>,
    category: Option<String>,
    query: Option<String>,
    lang: Lang,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

/// For whom: one audience, or all of a setting.
#[derive(Debug, PartialEq)]
enum For {
    Audience(String),
    Setting(Setting),
}

impl Filter {
    /// Reads `params`; `kind` is what the address already says.
    pub(super) fn parse(
        library: &Library,
        kind: Option<Kind>,
        params: &Params,
    ) -> Result<Self, Problem> {
        let lesson = kind == Some(Kind::Lesson);
        only(lesson, "grade", params.grade.as_ref(), "lessons")?;
        only(lesson, "minutes", params.minutes.as_ref(), "lessons")?;
        only(kind == Some(Kind::Case), "category", params.category.as_ref(), "cases")?;
        only(kind.is_none(), "kind", params.kind.as_ref(), "documents")?;
        let asked_kind = params.kind.as_deref().map(parse_kind).transpose()?;
        let topic = params.topic.clone().map(|id| match library.topic(&id) {
            Some(_) => Ok(id),
            None => Err(bad("`topic` names no topic of this library")),
        });
        let minutes: Option<u8> = number(params.minutes.as_ref(), "minutes", 1..=30)?;
        if minutes.is_some_and(|minutes| !MINUTES.contains(&minutes)) {
            return Err(bad("`minutes` must be 1, 5 or 30"));
        }
        Ok(Self {
            kind: kind.or(asked_kind),
            topic: topic.transpose()?,
            audience: params.audience.as_deref().map(|id| audience(library, id)).transpose()?,
            season: params.season.as_deref().map(season).transpose()?,
            grade: number(params.grade.as_ref(), "grade", 0..=12)?,
            minutes,
            category: params.category.clone(),
            query: params.q.clone().filter(|query| !query.trim().is_empty()),
            lang: lang(params.lang.as_deref())?,
            limit: number(params.limit.as_ref(), "limit", 1..=MOST)?.unwrap_or(LIMIT),
            offset: number(params.offset.as_ref(), "offset", 0..=1_000_000)?.unwrap_or(0),
        })
    }

    /// The documents that fit: by relevance for a query, else in the order of lists.
    pub(super) fn apply<'a>(&self, world: &'a World) -> Vec<&'a Document> {
        let library = &world.library;
        if let Some(query) = &self.query {
            let query: String = query.chars().take(200).collect();
            let hits = world.engine.search(&query, MOST);
            let found = hits.iter().filter_map(|hit| library.find_in(&hit.doc, self.lang));
            return found.filter(|document| self.takes(library, document)).collect();
        }
        if self.lang == Lang::En {
            let english = library.documents().iter().filter(|d| d.lang == Lang::En);
            return english.filter(|document| self.takes(library, document)).collect();
        }
        let lists = world.site.index.kinds.iter();
        let positions = lists.filter(|(kind, _)| self.kind.is_none_or(|wanted| wanted == **kind));
        let documents = positions.flat_map(|(_, list)| list).map(|i| &library.documents()[*i]);
        documents.filter(|document| self.takes(library, document)).collect()
    }

    fn takes(&self, library: &Library, document: &Document) -> bool {
        let meta = &document.meta;
        !meta.draft
            && self.kind.is_none_or(|kind| kind == document.kind())
            && self.topic.as_ref().is_none_or(|topic| meta.topics.contains(topic))
            && self.season.is_none_or(|season| season.meets(meta.season))
            && self.audience.as_ref().is_none_or(|audience| audience.takes(library, document))
            && self.grade.is_none_or(|grade| teaches(document, grade))
            && self.category.as_ref().is_none_or(|category| happened_in(document, category))
    }
}

impl For {
    fn takes(&self, library: &Library, document: &Document) -> bool {
        let mut audience = document.meta.audience.iter();
        match self {
            Self::Audience(id) => audience.any(|own| own == id),
            Self::Setting(setting) => audience
                .filter_map(|id| library.audience(id))
                .any(|audience| audience.settings.contains(setting)),
        }
    }
}

fn teaches(document: &Document, grade: i8) -> bool {
    matches!(&document.content, Content::Lesson(lesson) if lesson.grades.contains(&grade))
}

fn happened_in(document: &Document, category: &str) -> bool {
    matches!(&document.content, Content::Case(case) if case.incident.category() == category)
}

fn bad(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail)
}

fn only(fits: bool, name: &str, value: Option<&String>, list: &str) -> Result<(), Problem> {
    match value {
        Some(_) if !fits => Err(bad(format!("`{name}` narrows only `/api/v1/{list}`"))),
        _ => Ok(()),
    }
}

fn parse_kind(text: &str) -> Result<Kind, Problem> {
    let by_name = |kind: &Kind| kind.folder() == text || format!("{kind:?}").to_lowercase() == text;
    Kind::ALL.into_iter().find(by_name).ok_or_else(|| {
        let names: Vec<String> =
            Kind::ALL.iter().map(|kind| format!("{kind:?}").to_lowercase()).collect();
        bad(format!("`kind` must be one of {}", names.join(", ")))
    })
}

fn audience(library: &Library, id: &str) -> Result<For, Problem> {
    // A setting wins over an audience of the same name: it takes in that audience.
    if let Some(setting) = Setting::ALL.into_iter().find(|setting| setting_key(*setting) == id) {
        return Ok(For::Setting(setting));
    }
    match library.audience(id) {
        Some(_) => Ok(For::Audience(id.to_owned())),
        None => Err(bad(
            "`audience` must be an audience of this library or one of agency, school, community, enterprise, village, home, web",
        )),
    }
}

fn season(text: &str) -> Result<Season, Problem> {
    let month = || text.parse::<i8>().ok().filter(|month| (1..=12).contains(month));
    match (text, Quarter::parse(text)) {
        ("all", _) => Ok(Season::ALL),
        (_, Some(quarter)) => Ok(quarter.months()),
        _ => month().map(|month| Season::of([month])).ok_or_else(|| {
            bad("`season` must be spring, summer, autumn, winter, all or a month from 1 to 12")
        }),
    }
}

/// `zh` where nothing is said.
pub(super) fn lang(text: Option<&str>) -> Result<Lang, Problem> {
    match text {
        None | Some("zh" | "zh-CN") => Ok(Lang::Zh),
        Some("en") => Ok(Lang::En),
        Some(_) => Err(bad("`lang` must be zh or en")),
    }
}

fn number<N: std::str::FromStr + PartialOrd + std::fmt::Display>(
    text: Option<&String>,
    name: &str,
    range: std::ops::RangeInclusive<N>,
) -> Result<Option<N>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let number = text.parse::<N>().ok().filter(|number| range.contains(number));
    let (low, high) = range.into_inner();
    number
        .map(Some)
        .ok_or_else(|| bad(format!("`{name}` must be a whole number from {low} to {high}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(kind: Option<Kind>, query: &str) -> Result<Filter, Problem> {
        let uri = format!("http://h/?{query}").parse().expect("a valid address");
        let params = axum::extract::Query::<Params>::try_from_uri(&uri).expect("known parameters");
        Filter::parse(&Library::default(), kind, &params)
    }

    #[test]
    fn faulty_parameters_are_refused() {
        for (kind, query) in [
            (None, "kind=recipe"),
            (None, "topic=nothing"),
            (None, "audience=nobody"),
            (None, "season=13"),
            (None, "season=hot"),
            (None, "grade=4"),
            (None, "limit=0"),
            (None, "limit=101"),
            (None, "limit=-1"),
            (None, "offset=x"),
            (None, "lang=fr"),
            (Some(Kind::Lesson), "grade=13"),
            (Some(Kind::Lesson), "minutes=7"),
            (Some(Kind::Lesson), "kind=lesson"),
            (Some(Kind::Checklist), "category=学校"),
        ] {
            assert!(parse(kind, query).is_err(), "{query}");
        }
    }

    #[test]
    fn good_parameters_are_taken() {
        let filter = parse(
            Some(Kind::Lesson),
            "season=summer&grade=4&minutes=30&audience=school&limit=5&offset=10",
        )
        .expect("all parameters are fine");
        assert_eq!(filter.season, Some(Season::of([6, 7, 8])));
        assert_eq!(filter.audience, Some(For::Setting(Setting::School)));
        assert_eq!(
            (filter.grade, filter.minutes, filter.limit, filter.offset),
            (Some(4), Some(30), 5, 10)
        );
        assert_eq!(parse(None, "kind=cases").map(|f| f.kind), Ok(Some(Kind::Case)));
        assert_eq!(
            parse(None, "kind=knowledge&season=12").map(|f| f.season),
            Ok(Some(Season::of([12])))
        );
    }

    #[test]
    fn the_next_page_keeps_the_filter() {
        let params = Params {
            season: Some("summer".into()),
            q: Some("油 & 锅".into()),
            ..Params::default()
        };
        assert_eq!(
            params.at(20, 20),
            "season=summer&q=%E6%B2%B9%20%26%20%E9%94%85&limit=20&offset=20"
        );
    }
}
