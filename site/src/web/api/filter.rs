//! What a list of the API is narrowed by, and which documents that leaves.

use fenghuo_content::{Content, Document, Kind, Lang, Library, Season};

use super::audience::For;
use super::happened::Happened;
use super::params::Params;
use super::value::{kind, lang, number, only, refused, season};
use crate::World;
use crate::web::Problem;

const LIMIT: usize = 20;
const MOST: usize = 100;
/// The lengths in which every lesson comes.
const MINUTES: [u8; 3] = [1, 5, 30];

/// Query parameters as they are meant.
#[derive(Debug, PartialEq)]
pub(super) struct Filter {
    kind: Option<Kind>,
    topic: Option<String>,
    audience: Option<For>,
    season: Option<Season>,
    grade: Option<i8>,
    pub(super) minutes: Option<u8>,
    incident: Happened,
    query: Option<String>,
    lang: Lang,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

impl Filter {
    /// Reads `params`; `listed` is what the address already says.
    pub(super) fn parse(
        library: &Library,
        listed: Option<Kind>,
        params: &Params,
    ) -> Result<Self, Problem> {
        let lesson = listed == Some(Kind::Lesson);
        only(lesson, "grade", params.grade.as_ref(), "lessons")?;
        only(lesson, "minutes", params.minutes.as_ref(), "lessons")?;
        let incident = Happened::parse(listed == Some(Kind::Case), params)?;
        only(listed.is_none(), "kind", params.kind.as_ref(), "documents")?;
        let asked_kind = params.kind.as_deref().map(kind).transpose()?;
        let topic = params.topic.clone().map(|id| match library.topic(&id) {
            Some(_) => Ok(id),
            None => Err(refused("topic", library.topics.iter().map(|topic| topic.id.as_str()))),
        });
        let minutes = params.minutes.as_ref().map(|text| {
            let minutes = text.parse().ok().filter(|minutes| MINUTES.contains(minutes));
            minutes.ok_or_else(|| refused("minutes", MINUTES.map(|minutes| minutes.to_string())))
        });
        Ok(Self {
            kind: listed.or(asked_kind),
            topic: topic.transpose()?,
            audience: params.audience.as_deref().map(|id| For::parse(library, id)).transpose()?,
            season: params.season.as_deref().map(season).transpose()?,
            grade: number(params.grade.as_ref(), "grade", 0..=12)?,
            minutes: minutes.transpose()?,
            incident,
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
            && self.incident.takes(document)
    }
}

fn teaches(document: &Document, grade: i8) -> bool {
    matches!(&document.content, Content::Lesson(lesson) if lesson.grades.contains(&grade))
}

#[cfg(test)]
mod tests {
    use fenghuo_content::Setting;

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
}
