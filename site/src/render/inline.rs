//! Text inside a block.

use std::fmt::{self, Display};

use askama::filters::HtmlSafe;
use fenghuo_content::Lang;
use fenghuo_content::markdown::{Inline, Target};

use super::{Context, Escaped};

/// Inlines shown as HTML.
#[derive(Clone, Copy)]
pub struct Inlines<'a>(pub &'a [Inline], pub Context<'a>);

impl HtmlSafe for Inlines<'_> {}

impl Display for Inlines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|inline| write_inline(inline, &self.1, f))
    }
}

fn write_inline(inline: &Inline, context: &Context<'_>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match inline {
        Inline::Text(text) => Escaped(text).fmt(f),
        Inline::Strong(inner) => write!(f, "<strong>{}</strong>", Inlines(inner, *context)),
        Inline::Emphasis(inner) => write!(f, "<em>{}</em>", Inlines(inner, *context)),
        Inline::Code(text) => write!(f, "<code>{}</code>", Escaped(text)),
        Inline::Break => f.write_str("<br>"),
        Inline::Link { target, text } => write_link(target, text, context, f),
    }
}

fn write_link(
    target: &Target,
    text: &[Inline],
    context: &Context<'_>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let class = match target {
        Target::Phone(_) => " class=\"tel\"",
        Target::Web(_) => " rel=\"noopener noreferrer\"",
        Target::Document { .. } | Target::Anchor(_) | Target::Site(_) => "",
    };
    write!(
        f,
        "<a href=\"{}\"{class}>{}</a>",
        Escaped(&href(target, context)),
        Inlines(text, *context)
    )
}

/// Where `target` leads from a page of `context`.
pub(crate) fn href(target: &Target, context: &Context<'_>) -> String {
    let address = match target {
        Target::Document { id, .. }
            if context.lang != Lang::Zh
                && context.library.find_in(id.as_str(), context.lang).is_none() =>
        {
            target.href(Lang::Zh)
        }
        // A static host has no server behind it that could answer.
        Target::Site(address) if !context.live && address.starts_with("/chat") => {
            "/search/".to_owned()
        }
        _ => target.href(context.lang),
    };
    match target {
        Target::Document { .. } | Target::Site(_) => format!("{}{address}", context.home),
        Target::Anchor(_) => format!("{}{address}", context.page),
        Target::Phone(_) | Target::Web(_) => address,
    }
}
