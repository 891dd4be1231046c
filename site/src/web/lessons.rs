//! `GET /lessons/find?grade=&season=&minutes=&topic=`: the finder without a script.

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::page::{Choice, found};
use crate::season::Quarter;
use crate::{Current, Site};

pub(super) async fn find(State(current): State<Current>, RawQuery(query): RawQuery) -> Response {
    let world = current.get();
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    (headers, html(&world.site, query.as_deref().unwrap_or_default())).into_response()
}

fn html(site: &Site, query: &str) -> String {
    let (choice, refused) = read(site, query);
    site.wrap("/lessons/", &found(site, &choice, &refused))
}

/// What `query` chooses, and a sentence for each part that chooses nothing: a reader is helped on, not turned away.
fn read(site: &Site, query: &str) -> (Choice, Vec<String>) {
    let mut choice = Choice::default();
    let mut refused = Vec::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        // All values of the form are letters and digits, so nothing needs decoding.
        let understood = match name {
            _ if value.is_empty() => true,
            "grade" => {
                choice.grade = value.parse().ok().filter(|grade| (0..=12).contains(grade));
                choice.grade.is_some()
            }
            "season" => {
                choice.season = Quarter::parse(value);
                choice.season.is_some()
            }
            "minutes" => {
                choice.minutes = value.parse().ok().filter(|minutes| [1, 5, 30].contains(minutes));
                choice.minutes.is_some()
            }
            "topic" => {
                choice.topic = site.library.topic(value).map(|topic| topic.id.clone());
                choice.topic.is_some()
            }
            _ => true,
        };
        if !understood {
            refused.push(sentence(name));
        }
    }
    (choice, refused)
}

fn sentence(name: &str) -> String {
    let what = match name {
        "grade" => "年级",
        "season" => "季节",
        "minutes" => "时间",
        _ => "主题",
    };
    format!("看不懂选的{what}，这一项没有用上。请在下面重新选。")
}
