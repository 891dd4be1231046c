//! Sent messages (现行通知) for readers: one of them, and the list beside the seasonal notices.
//!
//! Who was sent what is known elsewhere; here is only how it looks. A relay shows issuer and number
//! before its text and our actions in a box of their own; a notice has no colour of any level.

use askama::Template;
use fenghuo_content::published::{Effect, Link, Mode, Own, Relayed, Said, State, moment};
use fenghuo_content::{Lang, Published, PublishedKind};
use jiff::{Timestamp, tz};

use super::Page;
use super::document::Part;
use crate::frame::render;
use crate::render::Html;
use crate::route::Route;
use crate::{FramePage, Site};

/// The main part of a page about sent messages, to be put in the frame with styles and scripts of its caller.
pub struct PublishedPage {
    title: String,
    description: String,
    path: String,
    main: String,
    noindex: bool,
}

impl PublishedPage {
    /// The page for the frame; styles and scripts are left to the caller.
    pub fn frame(&self) -> FramePage<'_> {
        FramePage {
            title: &self.title,
            description: &self.description,
            path: &self.path,
            main: &self.main,
            noindex: self.noindex,
            ..FramePage::default()
        }
    }
}

#[derive(Template)]
#[template(path = "published.html")]
struct View<'a> {
    kind: PublishedKind,
    title: String,
    mark: Option<&'static str>,
    standing: Standing<'a>,
    /// Whether it only ends another message.
    ends_another: bool,
    until: String,
    stamp: String,
    body: Body<'a>,
    actions: Option<Html<'a>>,
    relayed: bool,
    drill: bool,
    sender: &'a str,
    sent: String,
    issued: String,
    issued_stamp: String,
    expires: String,
    regions: String,
    code: &'a str,
    chain: Vec<ChainLine<'a>>,
}

/// Where it stands, with the message that changed that.
enum Standing<'a> {
    Holds,
    Over,
    Replaced(&'a Link),
    Ended(&'a Link),
}

enum Body<'a> {
    Own(Box<OwnView<'a>>),
    Relay(&'a Relayed),
}

struct OwnView<'a> {
    message: Html<'a>,
    intro: Html<'a>,
    parts: Vec<Part<'a>>,
    script: Option<Part<'a>>,
}

struct ChainLine<'a> {
    code: &'a str,
    title: &'a str,
    kind: PublishedKind,
    issued: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "sent.html")]
struct Sent<'a> {
    current: Vec<Entry<'a>>,
    past: Vec<Entry<'a>>,
}

/// What holds now, above the home page.
#[derive(Template)]
#[template(path = "sent_brief.html")]
struct Brief<'a> {
    current: Vec<Entry<'a>>,
}

struct Entry<'a> {
    kind: PublishedKind,
    title: String,
    mark: Option<&'static str>,
    regions: String,
    lines: Vec<String>,
    until: String,
    stamp: String,
    standing: &'static str,
    address: String,
    code: &'a str,
}

impl Site {
    /// The page of `published` as it stands at `now`.
    pub fn published(&self, published: &Published, now: Timestamp) -> PublishedPage {
        let lines = published.lines();
        PublishedPage {
            title: published.title(),
            description: lines.into_iter().next().unwrap_or_default(),
            path: published.address(),
            main: render(&self.view(published, now)),
            noindex: !published.is_current(now),
        }
    }

    /// The list of notices: what was sent, apart from what the season brings.
    pub fn notice_list(
        &self,
        current: &[&Published],
        past: &[&Published],
        now: Timestamp,
    ) -> PublishedPage {
        let sent = Sent {
            current: current.iter().map(|published| self.entry(published, now)).collect(),
            past: past.iter().map(|published| self.entry(published, now)).collect(),
        };
        let Page { title, description, main, .. } = super::notice::list(self, &render(&sent));
        PublishedPage { title, description, path: "/notices/".to_owned(), main, noindex: false }
    }

    /// The home page with what holds now above it.
    pub fn home(
        &self,
        current: &[&Published],
        now: Timestamp,
        (styles, scripts): (&[&str], &[&str]),
    ) -> String {
        let brief = Brief { current: current.iter().map(|p| self.entry(p, now)).collect() };
        let mut page = super::page(self, "/", &Route::Home);
        page.main.insert_str(0, &render(&brief));
        page.styles.extend(styles.iter().map(|address| (*address).to_owned()));
        page.scripts.extend(scripts.iter().map(|address| (*address).to_owned()));
        self.wrap("/", &page)
    }

    /// Names of `regions`; none is the whole county.
    pub fn region_names(&self, regions: &[String]) -> String {
        if regions.is_empty() {
            return self.library.place.name.clone();
        }
        regions.iter().map(|id| self.library.regions.name(id)).collect::<Vec<_>>().join("、")
    }

    fn view<'a>(&'a self, published: &'a Published, now: Timestamp) -> View<'a> {
        let relay = match &published.said {
            Said::Relay(relay) => Some(relay),
            Said::Own(_) => None,
        };
        View {
            kind: published.kind(),
            title: published.title(),
            mark: published.mode.first_line(),
            standing: standing(published, now),
            ends_another: published.effect() == Effect::Ends,
            until: published.until(),
            stamp: stamp(published.expires),
            body: match &published.said {
                Said::Own(own) => Body::Own(Box::new(self.own(own))),
                Said::Relay(relay) => Body::Relay(relay),
            },
            actions: relay
                .filter(|relay| !relay.actions.is_empty())
                .map(|relay| Html { blocks: &relay.actions, context: self.context(Lang::Zh) }),
            relayed: relay.is_some(),
            drill: published.mode == Mode::Drill,
            sender: &published.sender,
            sent: relay.map(|relay| moment(relay.sent)).unwrap_or_default(),
            issued: moment(published.issued),
            issued_stamp: stamp(published.issued),
            expires: moment(published.expires),
            regions: self.region_names(&published.regions),
            code: published.code.as_str(),
            chain: published.chain.iter().map(|link| line(link, published)).collect(),
        }
    }

    fn own<'a>(&'a self, own: &'a Own) -> OwnView<'a> {
        let context = self.context(Lang::Zh);
        let part = |section: &'a fenghuo_content::markdown::Section| Part {
            anchor: &section.anchor,
            title: &section.title,
            html: Html { blocks: &section.blocks, context },
        };
        OwnView {
            message: Html { blocks: &own.message, context },
            intro: Html { blocks: &own.intro, context },
            parts: own.sections.iter().map(part).collect(),
            script: own.script.as_ref().map(part),
        }
    }

    fn entry<'a>(&self, published: &'a Published, now: Timestamp) -> Entry<'a> {
        let lines = published.lines().into_iter();
        Entry {
            kind: published.kind(),
            title: published.title(),
            mark: published.mode.first_line(),
            regions: self.region_names(&published.regions),
            // The mark stands above already.
            lines: lines.skip(usize::from(published.mode != Mode::Real)).collect(),
            until: published.until(),
            stamp: stamp(published.expires),
            standing: match published.state(now) {
                State::Current => "有效",
                State::Expired => "已过期",
                State::Replaced(_) => "已更正",
                State::Ended(_) => match published.said {
                    Said::Relay(_) => "已解除",
                    Said::Own(_) => "已撤回",
                },
            },
            address: published.address(),
            code: published.code.as_str(),
        }
    }
}

fn standing(published: &Published, now: Timestamp) -> Standing<'_> {
    let link = |code| published.chain.iter().find(|link| link.code == code);
    match published.state(now) {
        State::Current => Standing::Holds,
        State::Expired => Standing::Over,
        State::Replaced(code) => link(code).map_or(Standing::Over, Standing::Replaced),
        State::Ended(code) => link(code).map_or(Standing::Over, Standing::Ended),
    }
}

fn line<'a>(link: &'a Link, published: &Published) -> ChainLine<'a> {
    ChainLine {
        code: link.code.as_str(),
        title: &link.title,
        kind: link.kind,
        issued: moment(link.issued),
        here: link.code == published.code,
    }
}

/// `2026-11-23T00:00:00+08:00`, for scripts.
fn stamp(at: Timestamp) -> String {
    crate::season::stamp(tz::offset(8).to_datetime(at))
}
