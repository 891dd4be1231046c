//! `/cap/…`: alerts for other systems. Relays go out byte for byte under their own identifier, ours as [`cap::alert`]
//! makes them.

use std::fmt::Write;

use atom_syndication::{Category, Entry, Link};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use fenghuo_content::published::{Mode, Said};
use fenghuo_content::{Code, Published};
use fenghuo_site::{World, tagged_body};
use fenghuo_store::Error;

use super::cap::{self, Profile};
use super::{Public, api, feed, notices};
use crate::web::ApiError;

const MIME: &str = "application/cap+xml";
/// Google reads feeds of up to 900 KB; an entry of ours has less than two.
const ENTRIES: usize = 200;

/// `GET /cap/ID.xml`
pub(super) async fn one(
    State(public): State<Public>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(id) = file.strip_suffix(".xml") else { return missing() };
    let found = match document(&public, id).await {
        Ok(found) => found,
        Err(error) => return ApiError::from(error).into_response(),
    };
    found.map_or_else(missing, |bytes| xml(&headers, bytes))
}

/// `GET /cap/current.xml`: the alert that matters most now, or nothing.
pub(super) async fn current(State(public): State<Public>, headers: HeaderMap) -> Response {
    let world = public.current().get();
    let messages = match public.messages(&world).await {
        Ok(messages) => messages,
        Err(error) => return ApiError::from(error).into_response(),
    };
    let now = public.now();
    let profile = profile(&public, &world);
    let mut active: Vec<&Published> = messages
        .iter()
        .filter(|published| published.is_active(now) && address(published, profile).is_some())
        .collect();
    // What is meant before drills and tests, warnings before advice, the newest first.
    active.sort_by_key(|published| {
        let meant = published.mode != Mode::Real;
        let ours = matches!(published.said, Said::Own(_));
        (meant, !published.urgent, ours, std::cmp::Reverse(published.issued))
    });
    let Some(first) = active.first() else { return nothing() };
    match bytes(&public, &world, first).await {
        Ok(Some(bytes)) => xml(&headers, bytes),
        Ok(None) => nothing(),
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// `GET /cap/index.atom`: every alert that holds now.
pub(super) async fn index(State(public): State<Public>, headers: HeaderMap) -> Response {
    let world = public.current().get();
    let messages = match public.messages(&world).await {
        Ok(messages) => messages,
        Err(error) => return ApiError::from(error).into_response(),
    };
    let now = public.now();
    let profile = profile(&public, &world);
    let entries = messages.iter().filter(|published| published.is_current(now));
    let entries = entries.filter_map(|published| entry(&world, published, profile)).take(ENTRIES);
    let title = format!("{}：CAP", world.library.place.title);
    feed::answer(&headers, world.site.atom("/cap/index.atom", &title, entries.collect()))
}

/// Address of the alert of `published`; `None` where it has none.
pub(super) fn address(published: &Published, profile: Profile<'_>) -> Option<String> {
    let identifier = match &published.said {
        Said::Relay(relay) => relay.number.clone(),
        Said::Own(_) => cap::alert(published, profile)?.identifier,
    };
    Some(format!("/cap/{}.xml", encoded(&identifier)))
}

fn entry(world: &World, published: &Published, profile: Profile<'_>) -> Option<Entry> {
    let href = world.site.absolute(&address(published, profile)?);
    let kind = published.kind();
    let issued = feed::moment(published);
    Some(Entry {
        id: href.clone(),
        title: published.title().into(),
        updated: issued,
        published: Some(issued),
        categories: vec![Category {
            term: kind.word().to_owned(),
            label: Some(kind.name().to_owned()),
            ..Category::default()
        }],
        summary: Some(published.lines().join("\n").into()),
        links: vec![
            Link {
                href,
                rel: "alternate".to_owned(),
                mime_type: Some(MIME.to_owned()),
                ..Link::default()
            },
            Link {
                href: world.site.absolute(&published.address()),
                rel: "related".to_owned(),
                mime_type: Some("text/html".to_owned()),
                ..Link::default()
            },
        ],
        ..Entry::default()
    })
}

/// The bytes of the alert `id`: of a relay that was passed on, or of a message of ours.
async fn document(public: &Public, id: &str) -> Result<Option<Vec<u8>>, Error> {
    let world = public.current().get();
    for stored in public.store().relay_named(id).await? {
        let campaign = public.store().campaign_of_relay(stored.id).await?;
        if campaign.is_some_and(|campaign| campaign.started.is_some()) {
            return Ok(Some(stored.relay.raw));
        }
    }
    let code = id.rsplit('_').next().and_then(Code::read);
    let Some(code) = code else { return Ok(None) };
    let Some(published) = notices::find(public, &code).await? else { return Ok(None) };
    let alert = cap::alert(&published, profile(public, &world));
    Ok(alert.filter(|alert| alert.identifier == id).map(|alert| cap::write(&alert).into_bytes()))
}

async fn bytes(
    public: &Public,
    world: &World,
    published: &Published,
) -> Result<Option<Vec<u8>>, Error> {
    match &published.said {
        Said::Relay(relay) => document(public, &relay.number).await,
        Said::Own(_) => {
            let alert = cap::alert(published, profile(public, world));
            Ok(alert.map(|alert| cap::write(&alert).into_bytes()))
        }
    }
}

fn profile<'a>(public: &Public, world: &'a World) -> Profile<'a> {
    Profile {
        library: &world.library,
        public_url: world.site.options().public_url.trim_end_matches('/'),
        notices: public.options.cap_notices,
    }
}

fn xml(headers: &HeaderMap, bytes: Vec<u8>) -> Response {
    api::open(tagged_body(headers, MIME, bytes))
}

/// No alert holds.
fn nothing() -> Response {
    let mut response = api::open(StatusCode::NO_CONTENT.into_response());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn missing() -> Response {
    api::open((StatusCode::NOT_FOUND, "no alert has this identifier\n").into_response())
}

/// `identifier` as one part of an address.
fn encoded(identifier: &str) -> String {
    let mut out = String::with_capacity(identifier.len());
    for byte in identifier.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
