//! `GET /api/v1/notices`: what was sent, as JSON, for portals of towns and schools.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fenghuo_content::published::{Effect, Mode, Said, State as Standing};
use fenghuo_content::{Code, Published, PublishedKind};
use fenghuo_site::{Problem, World, tagged_body};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::cap::{Moment, Profile};
use super::{Public, export, load, notices};
use crate::web::ApiError;

const LIMIT: usize = 20;
const MOST: usize = 100;
const STATES: [&str; 4] = ["current", "expired", "replaced", "ended"];

/// Query parameters as they came.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Params {
    region: Option<String>,
    kind: Option<String>,
    state: Option<String>,
    limit: Option<String>,
    offset: Option<String>,
}

/// The same as they are meant.
struct Filter {
    region: Option<String>,
    kind: Option<PublishedKind>,
    state: Option<&'static str>,
    limit: usize,
    offset: usize,
}

/// A page of the list.
#[derive(Serialize)]
struct List {
    items: Vec<Item>,
    total: usize,
    /// Address of the next page.
    next: Option<String>,
}

/// A message.
#[derive(Serialize)]
struct Item {
    code: Code,
    kind: &'static str,
    kind_name: &'static str,
    title: String,
    /// `real`, `drill`, `test`.
    mode: &'static str,
    /// `current`, `expired`, `replaced`, `ended`.
    state: &'static str,
    /// Who issued it: for a relay the office that warns.
    issuer: String,
    /// The issuer's number of a relay.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    issued: String,
    expires: String,
    urgent: bool,
    regions: Vec<String>,
    area: String,
    /// The short message; of a relay the warning alone.
    text: Vec<String>,
    /// What we add to a relay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actions: Vec<String>,
    refers: Option<Code>,
    /// The message that took its place or ended it.
    followed_by: Option<Code>,
    url: String,
    speech: String,
    cap: Option<String>,
}

type Asked = Result<Query<Params>, QueryRejection>;

/// `GET /api/v1/notices`
pub(super) async fn list(
    State(public): State<Public>,
    params: Asked,
    headers: HeaderMap,
) -> Response {
    let world = public.current().get();
    let filter = params
        .map_err(|rejection| Problem::new(StatusCode::BAD_REQUEST, rejection.body_text()))
        .and_then(|Query(params)| Ok((Filter::parse(&world, &params)?, params)));
    let (filter, params) = match filter {
        Ok(both) => both,
        Err(problem) => return problem.into_response(),
    };
    let messages = match public.messages(&world).await {
        Ok(messages) => messages,
        Err(error) => return ApiError::from(error).into_response(),
    };
    let now = public.now();
    let found: Vec<&Published> =
        messages.iter().filter(|published| filter.takes(&world, published, now)).collect();
    let items = found.iter().skip(filter.offset).take(filter.limit);
    let after = filter.offset.saturating_add(filter.limit);
    let list = List {
        items: items.map(|published| item(&public, &world, published, now)).collect(),
        total: found.len(),
        next: (after < found.len()).then(|| params.at(after, filter.limit)),
    };
    json(&headers, &list)
}

/// `GET /api/v1/notices/CODE`
pub(super) async fn one(
    State(public): State<Public>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let found = match Code::read(&code) {
        Some(code) => notices::find(&public, &code).await,
        None => Ok(None),
    };
    let world = public.current().get();
    match found {
        Ok(Some(published)) => json(&headers, &item(&public, &world, &published, public.now())),
        Ok(None) => Problem::new(StatusCode::NOT_FOUND, "no message has this code").into_response(),
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// JSON with a tag, open to all origins.
pub(super) fn json(headers: &HeaderMap, value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_default();
    open(tagged_body(headers, "application/json", body))
}

/// `response` for pages of any origin.
pub(super) fn open(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// Word of a state.
pub(super) fn state(published: &Published, now: Timestamp) -> &'static str {
    match published.state(now) {
        Standing::Current => "current",
        Standing::Expired => "expired",
        Standing::Replaced(_) => "replaced",
        Standing::Ended(_) => "ended",
    }
}

fn item(public: &Public, world: &World, published: &Published, now: Timestamp) -> Item {
    let kind = published.kind();
    let lines = published.lines();
    let (issuer, number, text, actions) = match &published.said {
        Said::Own(_) => (published.sender.clone(), None, lines, Vec::new()),
        Said::Relay(relay) => {
            let actions = fenghuo_content::markdown::plain_text(&relay.actions);
            let actions = actions.lines().map(str::to_owned).collect();
            (relay.issuer.clone(), Some(relay.number.clone()), relay.text.clone(), actions)
        }
    };
    let link = published.chain.iter().find(|link| link.code == published.code);
    let profile = Profile {
        library: &world.library,
        public_url: &world.site.options().public_url,
        notices: public.options.cap_notices,
    };
    Item {
        code: published.code.clone(),
        kind: kind.word(),
        kind_name: kind.name(),
        title: published.title(),
        mode: match published.mode {
            Mode::Real => "real",
            Mode::Drill => "drill",
            Mode::Test => "test",
        },
        state: state(published, now),
        issuer,
        number,
        issued: Moment::beijing(published.issued).text,
        expires: Moment::beijing(published.expires).text,
        urgent: published.urgent,
        area: world.site.region_names(&published.regions),
        regions: published.regions.clone(),
        text,
        actions,
        refers: link
            .filter(|link| link.effect != Effect::Begins)
            .and_then(|link| link.refers.clone()),
        followed_by: match published.state(now) {
            Standing::Replaced(code) | Standing::Ended(code) => Some(code),
            Standing::Current | Standing::Expired => None,
        },
        url: world.site.absolute(&published.address()),
        speech: world.site.absolute(&format!("{}speech.txt", published.address())),
        cap: export::address(published, profile).map(|path| world.site.absolute(&path)),
    }
}

impl Filter {
    fn parse(world: &World, params: &Params) -> Result<Self, Problem> {
        let region = params.region.clone().map(|id| match world.library.regions.find(&id) {
            Some(_) => Ok(id),
            None => Err(refused("region", world.library.regions.iter().map(|r| r.id.as_str()))),
        });
        let kind = params.kind.as_deref().map(|word| {
            let words = PublishedKind::ALL.map(PublishedKind::word);
            let found = PublishedKind::ALL.into_iter().find(|kind| kind.word() == word);
            found.ok_or_else(|| refused("kind", words))
        });
        let state = params.state.as_deref().map(|word| {
            STATES.into_iter().find(|state| *state == word).ok_or_else(|| refused("state", STATES))
        });
        Ok(Self {
            region: region.transpose()?,
            kind: kind.transpose()?,
            state: state.transpose()?,
            limit: number(params.limit.as_deref(), "limit", 1..=MOST)?.unwrap_or(LIMIT),
            offset: number(params.offset.as_deref(), "offset", 0..=1_000_000)?.unwrap_or(0),
        })
    }

    fn takes(&self, world: &World, published: &Published, now: Timestamp) -> bool {
        let here = |region| load::region_holds(&world.library, &published.regions, region);
        self.region.as_deref().is_none_or(here)
            && self.kind.is_none_or(|kind| kind == published.kind())
            && self.state.is_none_or(|wanted| wanted == state(published, now))
    }
}

impl Params {
    /// Address of the same list at another offset. Every value has been found among known ones.
    fn at(&self, offset: usize, limit: usize) -> String {
        let kept = [("region", &self.region), ("kind", &self.kind), ("state", &self.state)];
        let kept = kept.into_iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let query: String = kept.map(|(name, value)| format!("{name}={value}&")).collect();
        format!("/api/v1/notices?{query}limit={limit}&offset={offset}")
    }
}

fn refused<'a>(parameter: &str, valid: impl IntoIterator<Item = &'a str>) -> Problem {
    let valid: Vec<&str> = valid.into_iter().collect();
    let detail = format!("`{parameter}` must be one of {}", valid.join(", "));
    Problem::new(StatusCode::BAD_REQUEST, detail).about(parameter, valid)
}

fn number(
    text: Option<&str>,
    name: &str,
    range: std::ops::RangeInclusive<usize>,
) -> Result<Option<usize>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.map(Some).ok_or_else(|| {
        let span = format!("{}–{}", range.start(), range.end());
        let detail = format!("`{name}` must be a whole number within {span}");
        Problem::new(StatusCode::BAD_REQUEST, detail).about(name, [span])
    })
}
