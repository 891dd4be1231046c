//! The knowledge list: every topic with its first few documents.

use askama::Template;
use fenghuo_content::Kind;

use super::Page;
use super::entry::{Entry, entries};
use super::list::{Facet, kind_intro, season_facet, setting_facet};
use crate::Site;
use crate::frame::render;

/// How many documents of a topic the list names; keeps it below a hundred with 24 topics.
const NAMED: usize = 4;

#[derive(Template)]
#[template(path = "topics.html")]
struct Topics<'a> {
    intro: &'static str,
    facets: Vec<Facet>,
    topics: Vec<TopicView<'a>>,
}

struct TopicView<'a> {
    id: &'a str,
    name: &'a str,
    count: usize,
    entries: Vec<Entry<'a>>,
}

pub(super) fn topics(site: &Site) -> Page {
    let topics = site.library.topics.iter().map(|topic| {
        let positions = site.index.of_topic(&topic.id);
        let documents = site.library.documents();
        let knowledge =
            positions.iter().copied().filter(|i| documents[*i].kind() == Kind::Knowledge);
        // Those that are in this topic first come before those that only touch it.
        let mut first: Vec<usize> = knowledge.take(40).collect();
        first.sort_by_key(|i| documents[*i].meta.topics.first() != Some(&topic.id));
        first.truncate(NAMED);
        TopicView {
            id: &topic.id,
            name: &topic.name,
            count: positions.len(),
            entries: entries(site, &first, false),
        }
    });
    let view = Topics {
        intro: kind_intro(Kind::Knowledge),
        facets: vec![setting_facet(site, Kind::Knowledge, None), season_facet(site, None)],
        topics: topics.filter(|topic| topic.count > 0).collect(),
    };
    Page {
        title: "消防知识".to_owned(),
        description: view.intro.to_owned(),
        main: render(&view),
        ..Page::default()
    }
}
