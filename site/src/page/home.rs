//! The home page: danger first, then the season, then the five portals.

use askama::Template;
use fenghuo_content::{Document, Kind, Setting};

use super::Page;
use super::entry::{Entry, entries, is_urgent};
use super::notice::{Banner, banners};
use super::portal::words;
use crate::Site;
use crate::frame::render;
use crate::json_ld;
use crate::route::setting_address;

/// The five portals of the home page.
const PORTALS: [Setting; 5] =
    [Setting::Home, Setting::School, Setting::Enterprise, Setting::Village, Setting::Agency];

/// How many guides stand in the strip at the top.
const GUIDES: usize = 8;

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    title: &'a str,
    live: bool,
    guides: Vec<Entry<'a>>,
    banners: Vec<Banner<'a>>,
    portals: Vec<Portal>,
    urgent: Vec<Entry<'a>>,
    month: i8,
    seasonal: Vec<Entry<'a>>,
    cases: Vec<Entry<'a>>,
}

struct Portal {
    key: &'static str,
    address: String,
    title: &'static str,
    intro: &'static str,
}

pub(super) fn home(site: &Site) -> Page {
    let cases = site.index.of_kind(Kind::Case);
    let portals = PORTALS.map(|setting| {
        let (title, intro) = words(setting);
        Portal {
            key: crate::route::setting_key(setting),
            address: setting_address(setting),
            title,
            intro,
        }
    });
    let view = Home {
        title: &site.library.place.title,
        live: site.options.live,
        guides: first_guides(site),
        banners: banners(site).into_iter().take(3).collect(),
        portals: portals.into(),
        urgent: pick(site, 6, is_urgent),
        month: site.options.today.month(),
        seasonal: pick(site, 6, |d| {
            let season = d.meta.season;
            !season.is_all() && season.contains(site.options.today.month()) && !is_urgent(d)
        }),
        cases: entries(site, &cases[..cases.len().min(3)], false),
    };
    Page {
        title: site.library.place.title.clone(),
        description: format!(
            "{}消防安全知识、指引、课程和自查表。着火了打 119。",
            site.library.place.name
        ),
        main: render(&view),
        json_ld: json_ld::home(site),
        other: (!site.index.english.is_empty()).then(|| "/en/".to_owned()),
        ..Page::default()
    }
}

/// The guides the danger cards lead into, in order of precedence; others only where room is left.
fn first_guides(site: &Site) -> Vec<Entry<'_>> {
    let named = site.library.lexicon.dangers.iter().filter_map(|danger| danger.guide.as_ref());
    let named = named.filter_map(|id| site.library.find(id.as_str()));
    let others = site.index.of_kind(Kind::Guide).iter().map(|i| &site.library.documents()[*i]);
    let mut guides: Vec<&Document> = Vec::new();
    for guide in named.chain(others).filter(|document| document.kind() == Kind::Guide) {
        if guides.len() < GUIDES && !guides.iter().any(|known| known.id == guide.id) {
            guides.push(guide);
        }
    }
    guides.into_iter().map(|guide| Entry::new(guide, false)).collect()
}

/// The first knowledge documents that `wanted` takes, no two of one topic.
fn pick<'a>(site: &'a Site, count: usize, wanted: impl Fn(&Document) -> bool) -> Vec<Entry<'a>> {
    let mut topics: Vec<&String> = Vec::new();
    let documents =
        site.index.of_kind(Kind::Knowledge).iter().map(|i| &site.library.documents()[*i]);
    let mut picked = Vec::new();
    for document in documents.filter(|d| wanted(d)) {
        let Some(topic) = document.meta.topics.first() else { continue };
        if !topics.contains(&topic) {
            topics.push(topic);
            picked.push(Entry::new(document, false));
        }
        if picked.len() == count {
            break;
        }
    }
    picked
}
