//! A reply as HTML: the bubbles of the chat page.

use askama::Template;

use super::asset::{SCRIPT, STYLE};
use crate::conversation::{Block, Choice, Reply, ReplyKind};

/// What was said and what came back; also what the script asks for on its own.
#[derive(Template)]
#[template(path = "exchange.html")]
pub(super) struct Exchange<'a> {
    /// What the reader said; empty when the page is opened.
    pub(super) said: &'a str,
    pub(super) reply: &'a Reply,
    /// In a frame of another site: links open beside it.
    pub(super) embedded: bool,
}

/// The main part of the page.
#[derive(Template)]
#[template(path = "chat.html")]
pub(super) struct Chat {
    /// An [`Exchange`] as HTML.
    pub(super) exchange: String,
}

/// The main part of `/widget`.
#[derive(Template)]
#[template(path = "widget.html")]
pub(super) struct Widget<'a> {
    /// An [`Exchange`] as HTML.
    pub(super) exchange: String,
    /// Travels in the form: in a frame of another site browsers keep no cookie of ours.
    pub(super) session: &'a str,
}

impl Exchange<'_> {
    fn class(&self) -> &'static str {
        match self.reply.kind {
            ReplyKind::Emergency => "bubble theirs spoken emergency",
            ReplyKind::Help | ReplyKind::List | ReplyKind::Greeting => "bubble theirs",
            _ => "bubble theirs spoken",
        }
    }

    /// The cards say the same in English below the Chinese.
    fn lang(line: &str) -> &'static str {
        let chinese = line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        if chinese { "zh-CN" } else { "en" }
    }

    /// `【…】` heads what follows.
    fn is_heading(line: &str) -> bool {
        line.starts_with('【') && line.ends_with('】')
    }

    /// Votes look quieter than choices.
    fn choice_class(choice: &Choice) -> &'static str {
        if choice.id.starts_with("f:") { "vote" } else { "choice" }
    }

    /// A telephone number to call, or a page to read.
    fn link_class(href: &str) -> &'static str {
        if href.starts_with("tel:") { "call" } else { "page" }
    }
}

/// Style sheets and scripts of the page.
pub(super) fn assets() -> ([&'static str; 1], [&'static str; 1]) {
    ([&STYLE.address], [&SCRIPT.address])
}
