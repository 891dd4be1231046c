//! The pages as HTML, in the frame of the site.

use std::sync::LazyLock;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use fenghuo_site::{FramePage, World};

use super::form::Choice;
use crate::web::Asset;

/// Style of the forms.
pub(crate) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::style("subscribe", include_str!("../../assets/subscribe.css")));

pub(super) async fn style() -> Response {
    STYLE.response()
}

/// `/subscribe`
#[derive(Template)]
#[template(path = "subscribe/open.html")]
pub(super) struct Open {
    /// Whether letters can be sent.
    pub(super) email: bool,
    /// What to mend, and what was typed.
    pub(super) fault: Option<&'static str>,
    pub(super) typed: String,
    /// Whether it is the address that is to be mended.
    pub(super) wrong: bool,
    pub(super) regions: Vec<Choice>,
    pub(super) roles: Vec<Choice>,
    pub(super) towns: Vec<Town>,
    pub(super) wechat: bool,
}

impl Open {
    /// Whether any bot is up.
    fn telegram(&self) -> bool {
        self.towns.iter().any(|town| town.telegram.is_some())
    }
}

/// A township and how to follow it.
pub(super) struct Town {
    pub(super) name: String,
    pub(super) telegram: Option<String>,
    pub(super) atom: String,
}

/// A few sentences and perhaps a way on.
#[derive(Template)]
#[template(path = "subscribe/note.html")]
pub(super) struct Note<'a> {
    pub(super) title: &'a str,
    pub(super) lines: Vec<String>,
    pub(super) link: Option<(String, &'a str)>,
}

/// `/subscribe/confirm/TOKEN`
#[derive(Template)]
#[template(path = "subscribe/confirm.html")]
pub(super) struct Confirm {
    pub(super) action: String,
    pub(super) address: String,
    pub(super) region: String,
    pub(super) role: &'static str,
}

/// `/u/TOKEN`
#[derive(Template)]
#[template(path = "subscribe/own.html")]
pub(super) struct Own {
    pub(super) action: String,
    pub(super) address: String,
    pub(super) region: String,
    pub(super) role: &'static str,
    pub(super) quiet: String,
    /// Letters came back: nothing is sent for now.
    pub(super) paused: bool,
    /// What was just changed.
    pub(super) done: Option<&'static str>,
    pub(super) regions: Vec<Choice>,
    pub(super) roles: Vec<Choice>,
    pub(super) quiets: Vec<Choice>,
}

/// How a page is shown.
pub(super) struct Shown<'a> {
    pub(super) status: StatusCode,
    pub(super) title: &'a str,
    /// Whether anyone may find it; pages of a token are for who holds it.
    pub(super) public: bool,
}

impl Shown<'_> {
    /// `main` as a whole page.
    pub(super) fn page(&self, world: &World, main: &impl Template) -> Response {
        let Ok(main) = main.render() else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let html = world.site.frame(&FramePage {
            title: self.title,
            description: if self.public {
                "按乡镇接收消防安全通知：邮箱、手机聊天软件、订阅源，随时退订。"
            } else {
                ""
            },
            path: "/subscribe",
            main: &main,
            styles: &[&STYLE.address],
            noindex: !self.public,
            ..FramePage::default()
        });
        (self.status, [(header::CACHE_CONTROL, "no-store")], Html(html)).into_response()
    }
}

/// A note as a page of its own.
pub(super) fn note(world: &World, status: StatusCode, note: &Note<'_>) -> Response {
    Shown { status, title: note.title, public: false }.page(world, note)
}

/// The database does not answer.
pub(super) fn busy(world: &World, error: &fenghuo_store::Error) -> Response {
    crate::failure::failed(error);
    let lines = vec!["现在办不了，请过几分钟再试一次。着火了直接打119。".to_owned()];
    note(world, StatusCode::SERVICE_UNAVAILABLE, &Note { title: "稍等一下", lines, link: None })
}
