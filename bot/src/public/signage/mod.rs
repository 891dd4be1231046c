//! `/signage?region=ID&screen=ID`: a full-screen page for halls, village squares and shops.
//!
//! It rotates tips of the library and switches to a message within two seconds. The page hides what has
//! expired by the clock of the server, says when it is offline and since when, and works without script, too,
//! by asking for itself again.

mod stream;
mod tips;

pub(super) use stream::events;

use askama::Template;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use fenghuo_content::published::{Mode, Said, moment};
use fenghuo_content::{Hotline, Published};
use fenghuo_site::World;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Public, asset, load};
use crate::web::ApiError;
use tips::Tip;

/// Messages on a screen at once; more would pass before they are read.
const MOST: usize = 4;
/// Lines of a message on a screen; the rest is on its page.
const LINES: usize = 8;

/// Which screen.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Screen {
    #[serde(default)]
    region: String,
    #[serde(default)]
    screen: String,
}

/// What a screen shows besides its tips.
#[derive(Serialize, PartialEq)]
pub(super) struct Shown {
    /// Milliseconds since 1970 by our clock: the screen's own may be wrong.
    now: i64,
    messages: Vec<Message>,
}

#[derive(Clone, Serialize, PartialEq)]
struct Message {
    code: String,
    kind: &'static str,
    /// What must stand before anything else.
    mark: Option<&'static str>,
    title: String,
    lines: Vec<String>,
    /// Our actions beneath a warning.
    actions: Vec<String>,
    until: String,
    /// Milliseconds since 1970.
    expires: i64,
    drill: bool,
}

#[derive(Template)]
#[template(path = "signage.html")]
struct Page<'a> {
    title: &'a str,
    place: String,
    region: &'a str,
    screen: &'a str,
    now: i64,
    style: &'static str,
    script: &'static str,
    messages: Vec<Message>,
    tips: Vec<Tip<'a>>,
    hotlines: &'a [Hotline],
}

type Asked = Result<Query<Screen>, QueryRejection>;

/// `GET /signage`
pub(super) async fn page(State(public): State<Public>, asked: Asked) -> Response {
    let world = public.current().get();
    let Ok(Query(screen)) = asked else { return StatusCode::BAD_REQUEST.into_response() };
    let Some(screen) = screen.checked(&world) else { return unknown(&world) };
    let now = public.now();
    let messages = match shown(&public, &world, &screen, now).await {
        Ok(shown) => shown.messages,
        Err(error) => {
            // Tips are shown all the same; the script asks again.
            tracing::error!(error = &error as &dyn std::error::Error, "store failed");
            Vec::new()
        }
    };
    let (style, script) = asset::signage();
    let month = jiff::tz::offset(8).to_datetime(now).month();
    let page = Page {
        title: &world.library.place.title,
        place: world.library.regions.name(&screen.region).to_owned(),
        region: &screen.region,
        screen: &screen.screen,
        now: now.as_millisecond(),
        style,
        script,
        messages,
        tips: tips::tips(&world.library, month),
        hotlines: &world.library.place.hotlines[..world.library.place.hotlines.len().min(3)],
    };
    match page.render() {
        Ok(html) => ([(header::CACHE_CONTROL, "no-cache")], Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// `GET /signage/state`: what is shown now, for browsers that cannot listen.
pub(super) async fn state(State(public): State<Public>, asked: Asked) -> Response {
    let world = public.current().get();
    let screen = asked.ok().and_then(|Query(screen)| screen.checked(&world));
    let Some(screen) = screen else { return StatusCode::NOT_FOUND.into_response() };
    let now = public.now();
    screen.seen(&public, now).await;
    match shown(&public, &world, &screen, now).await {
        Ok(shown) => {
            let mut response = Json(shown).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// What `screen` shows at `now`, the most urgent first.
async fn shown(
    public: &Public,
    world: &World,
    screen: &Screen,
    now: Timestamp,
) -> Result<Shown, fenghuo_store::Error> {
    let messages = public.messages(world).await?;
    let mut here: Vec<&Published> = messages
        .iter()
        .filter(|published| {
            published.is_active(now)
                && load::region_holds(&world.library, &published.regions, &screen.region)
        })
        .collect();
    here.sort_by_key(|published| {
        (published.mode != Mode::Real, !published.urgent, std::cmp::Reverse(published.issued))
    });
    let messages = here.into_iter().take(MOST).map(Message::new).collect();
    Ok(Shown { now: now.as_millisecond(), messages })
}

impl Screen {
    /// The same with the county where no region is named; `None` for one that there is not.
    fn checked(mut self, world: &World) -> Option<Self> {
        if self.region.is_empty() {
            self.region.clone_from(&world.library.place.region);
        }
        let fine = |c: u8| c.is_ascii_alphanumeric() || b"_-".contains(&c);
        if self.screen.len() > 40 || !self.screen.bytes().all(fine) {
            self.screen.clear();
        }
        world.library.regions.find(&self.region).is_some().then_some(self)
    }

    /// Notes that it is alive; one without a name is not counted.
    async fn seen(&self, public: &Public, now: Timestamp) {
        if self.screen.is_empty() {
            return;
        }
        if let Err(error) = public.store().screen_seen(&self.region, &self.screen, now).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a screen was not counted");
        }
    }
}

impl Message {
    fn new(published: &Published) -> Self {
        let (lines, actions) = match &published.said {
            Said::Own(_) => {
                let skipped = usize::from(published.mode != Mode::Real);
                (published.lines().into_iter().skip(skipped).collect(), Vec::new())
            }
            Said::Relay(relay) => {
                let mut lines = vec![format!("{}发布，编号 {}", relay.issuer, relay.number)];
                lines.extend(relay.text.iter().cloned());
                let ours = fenghuo_content::markdown::plain_text(&relay.actions);
                let ours = ours.lines().filter(|line| !line.starts_with("详见"));
                (lines, ours.map(str::to_owned).collect())
            }
        };
        Self {
            code: published.code.to_string(),
            kind: published.kind().name(),
            mark: published.mode.first_line(),
            title: published.title(),
            lines: shortened(lines),
            actions,
            until: format!("有效到{}　编号 {}", moment(published.expires), published.code),
            expires: published.expires.as_millisecond(),
            drill: published.mode != Mode::Real,
        }
    }
}

/// As many lines as a screen holds; a warning that goes on says where.
fn shortened(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > LINES {
        lines.truncate(LINES - 1);
        lines.push("全文见网站“安全提示”。".to_owned());
    }
    lines
}

/// There is no such region: say which there are.
fn unknown(world: &World) -> Response {
    let ids: Vec<String> = world
        .library
        .regions
        .iter()
        .map(|region| format!("{}（{}）", region.id, region.name))
        .collect();
    let text = format!("没有这个地区。网址里写 region= 加下面的编号：\n{}\n", ids.join("\n"));
    (StatusCode::NOT_FOUND, text).into_response()
}
