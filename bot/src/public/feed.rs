//! `/feeds/notices.atom` and `/feeds/REGION.atom`: what holds now, sent and seasonal; a message for the county or
//! any region above is in the feed of each region below.

use atom_syndication::{Category, Content, Entry, FixedDateTime, Link};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use fenghuo_content::{Published, Region};
use fenghuo_site::render::Escaped;
use fenghuo_site::{World, serve_page, tagged_body};

use super::cap::Moment;
use super::{Public, api, load};
use crate::web::ApiError;

const MIME: &str = "application/atom+xml; charset=utf-8";

/// `GET /feeds/FILE`
pub(super) async fn serve(
    State(public): State<Public>,
    Path(file): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let world = public.current().get();
    let name = file.strip_suffix(".atom").unwrap_or_default();
    let region = world.library.regions.find(name);
    if name != "notices" && region.is_none() {
        return serve_page(State(public.current().clone()), method, uri, headers).await;
    }
    match public.messages(&world).await {
        Ok(messages) => {
            let now = public.now();
            let current: Vec<&Published> =
                messages.iter().filter(|published| published.is_current(now)).collect();
            answer(&headers, atom(&world, region, &current))
        }
        Err(error) => ApiError::from(error).into_response(),
    }
}

/// A feed for any origin, to be asked for again after a minute.
pub(super) fn answer(headers: &HeaderMap, feed: String) -> Response {
    let mut response = api::open(tagged_body(headers, MIME, feed.into_bytes()));
    let minute = HeaderValue::from_static("public, max-age=60");
    response.headers_mut().insert(header::CACHE_CONTROL, minute);
    response
}

fn atom(world: &World, region: Option<&Region>, current: &[&Published]) -> String {
    let site = &world.site;
    let holds = |regions: &[String]| {
        region.is_none_or(|region| load::region_holds(&world.library, regions, &region.id))
    };
    let sent = current.iter().filter(|published| holds(&published.regions));
    let mut entries: Vec<Entry> = sent.map(|published| entry(world, published)).collect();
    entries.extend(site.seasonal_entries(holds));
    let title = &world.library.place.title;
    match region {
        Some(region) => {
            let title = format!("{title}：{}的安全提示", region.name);
            site.atom(&format!("/feeds/{}.atom", region.id), &title, entries)
        }
        None => site.atom("/feeds/notices.atom", &format!("{title}：安全提示"), entries),
    }
}

fn entry(world: &World, published: &Published) -> Entry {
    let address = world.site.absolute(&published.address());
    let lines = published.lines();
    let mut html: String = lines.iter().map(|line| format!("<p>{}</p>", Escaped(line))).collect();
    let area = world.site.region_names(&published.regions);
    let until = published.until();
    html.push_str(&format!("<p>{until}。范围：{}。编号 {}。</p>", Escaped(&area), published.code));
    let kind = published.kind();
    let issued = moment(published);
    Entry {
        id: address.clone(),
        title: published.title().into(),
        updated: issued,
        published: Some(issued),
        categories: vec![Category {
            term: kind.word().to_owned(),
            label: Some(kind.name().to_owned()),
            ..Category::default()
        }],
        summary: Some(lines.join("\n").into()),
        content: Some(Content {
            content_type: Some("html".to_owned()),
            value: Some(html),
            ..Content::default()
        }),
        links: vec![Link { href: address, rel: "alternate".to_owned(), ..Link::default() }],
        ..Entry::default()
    }
}

/// When it was sent.
pub(super) fn moment(published: &Published) -> FixedDateTime {
    Moment::beijing(published.issued).text.parse().unwrap_or_default()
}
