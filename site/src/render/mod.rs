//! The tree of a document as HTML. Raw HTML has no place in the tree, so escaping the text is enough.

mod block;
mod escape;
mod inline;

pub use block::Html;
pub use escape::{Attribute, Escaped, escape_into};
pub use inline::Inlines;

use std::collections::HashMap;

use fenghuo_content::{Lang, Library};

/// What links and figures are resolved against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Language of the page.
    pub lang: Lang,
    /// Where documents and drawings are found.
    pub library: &'a Library,
    /// Sizes of drawings, so that the page does not jump when they arrive.
    pub sizes: &'a HashMap<String, Drawing>,
    /// Whether the running server stands behind the page; links to `/chat` become `/search/` otherwise.
    pub live: bool,
    /// Put before addresses of the site: empty on its own pages, the public address in packs, which are read elsewhere.
    pub home: &'a str,
    /// Put before anchors: empty on the page itself, its whole address in packs, which part a page into files.
    pub page: &'a str,
}

/// Address and size of a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Address with a piece of its hash, so that it may be cached for ever.
    pub address: String,
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
}
