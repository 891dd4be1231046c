//! The site as a list of addresses, each rendered when first asked for.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use fenghuo_content::markdown::Block;
use fenghuo_content::{DocumentId, Lang, Library};
use jiff::civil::{Date, DateTime};

use crate::audit::Audit;
use crate::drawing::drawings;
use crate::frame::{Extra, Frame};
use crate::index::Index;
use crate::page::Page;
use crate::render::{Context, Drawing, Html};
use crate::route::{Route, routes};
use crate::search_files::SearchFiles;
use crate::web::Coded;
use crate::{FramePage, asset, feed, machine, page, worker};

/// How the site is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// Address others reach it at, without a slash at its end: canonical links, feeds, sitemap.
    pub public_url: String,
    /// The day it is made for: seasonal notices are shown in their window only.
    pub today: Date,
    /// Whether the running server stands behind it (`/chat`, `/search` with answers, feedback); `false` for a static host.
    pub live: bool,
    /// Whether pages reload when the library changes (`serve --watch`).
    pub watch: bool,
}

/// The website of one library.
pub struct Site {
    pub(crate) library: Arc<Library>,
    pub(crate) options: Options,
    pub(crate) index: Index,
    audit: OnceLock<Audit>,
    /// Notices of the season, worked out once: the lunar calendar takes its time.
    pub(crate) seasonal: OnceLock<Vec<(DocumentId, DateTime)>>,
    pub(crate) routes: BTreeMap<String, Route>,
    /// The index for search without a server.
    pub(crate) compact: SearchFiles,
    frame: Frame,
    drawings: HashMap<String, Drawing>,
    cache: HashMap<String, OnceLock<Rendered>>,
}

/// A page ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    pub(crate) bytes: Bytes,
    /// Strong entity tag with its quotes.
    pub(crate) etag: String,
    pub(crate) coded: Coded,
}

impl Site {
    /// Lists the pages; renders none yet.
    pub fn new(library: Arc<Library>, options: Options) -> Self {
        let index = Index::new(&library, options.today);
        let audit = OnceLock::new();
        // While somebody edits, looking after all documents would cost every save what is seldom looked at.
        if !options.watch {
            audit.get_or_init(|| Audit::new(&library, options.today));
        }
        let routes = routes(&library, &index, audit.get(), options.watch);
        Self {
            frame: Frame::new(&library, &options),
            drawings: drawings(&library),
            cache: routes.keys().map(|path| (path.clone(), OnceLock::new())).collect(),
            compact: SearchFiles::default(),
            index,
            audit,
            seasonal: OnceLock::new(),
            routes,
            library,
            options,
        }
    }

    /// The library it shows.
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// How it is made.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// `page` in the frame of the site: a whole HTML document.
    pub fn frame(&self, page: &FramePage<'_>) -> String {
        self.frame.wrap(page, &Extra::default())
    }

    /// `page` as a whole HTML document without header and footer, for frames of other sites.
    pub fn bare(&self, page: &FramePage<'_>) -> String {
        self.frame.bare(page)
    }

    /// HTML of `blocks`, with links and figures resolved.
    pub fn html(&self, blocks: &[Block], lang: Lang) -> String {
        Html { blocks, context: self.context(lang) }.to_string()
    }

    /// What pages in `lang` resolve their links against.
    pub(crate) fn context(&self, lang: Lang) -> Context<'_> {
        Context {
            lang,
            library: &self.library,
            sizes: &self.drawings,
            live: self.options.live,
            home: "",
            page: "",
        }
    }

    /// The public address of `path`.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.options.public_url.trim_end_matches('/'))
    }

    /// The page at `path`, rendered now if it was not before.
    pub(crate) fn rendered(&self, path: &str) -> Option<(&Route, &Rendered)> {
        let (path, route) = self.routes.get_key_value(path)?;
        let rendered = self.cache.get(path)?.get_or_init(|| {
            let bytes = self.render(path, route).into_owned();
            Rendered {
                etag: format!("\"{}\"", asset::hash(&bytes, 16)),
                bytes: bytes.into(),
                coded: Coded::default(),
            }
        });
        Some((route, rendered))
    }

    /// The page at `path` if it was rendered before.
    pub(crate) fn known(&self, path: &str) -> Option<(&Route, &Rendered)> {
        let rendered = self.cache.get(path)?.get()?;
        Some((self.routes.get(path)?, rendered))
    }

    /// The bytes at `address`, with or without a query; none where nothing stands.
    pub(crate) fn bytes_of(&self, address: &str) -> Bytes {
        let path = address.split('?').next().unwrap_or(address);
        self.rendered(path).map_or_else(Bytes::new, |(_, rendered)| rendered.bytes.clone())
    }

    /// What editors have to look after.
    pub(crate) fn audit(&self) -> &Audit {
        self.audit.get_or_init(|| Audit::new(&self.library, self.options.today))
    }

    /// What stands at `path`.
    pub(crate) fn render(&self, path: &str, route: &Route) -> Cow<'_, [u8]> {
        match route {
            Route::Asset(asset) => Cow::Borrowed(asset.bytes),
            Route::Icon => Cow::Borrowed(asset::ICON),
            Route::PngIcon(icon) => Cow::Borrowed(icon),
            Route::Media(name) => Cow::Borrowed(
                self.library.media.get(name).map_or(&[], |media| media.bytes.as_slice()),
            ),
            Route::NoticeFeed => text(feed::notices(self)),
            Route::LibraryFeed => text(feed::library(self)),
            Route::Sitemap => text(machine::sitemap(self)),
            Route::Robots => text(machine::robots(self)),
            Route::Llms => text(machine::llms(self)),
            Route::Manifest => text(worker::manifest(self)),
            Route::Worker => text(worker::worker(self)),
            Route::SearchIndex(name) => {
                Cow::Borrowed(self.compact.get(&self.library, name).unwrap_or_default())
            }
            Route::Redirect(target) => text(machine::redirect(self, target)),
            Route::Lesson(place) => match place.bytes(self) {
                Some(bytes) => Cow::Owned(bytes),
                None => text(self.wrap(path, &page::page(self, path, route))),
            },
            page => text(self.wrap(path, &page::page(self, path, page))),
        }
    }

    /// A page of this crate in its frame.
    pub(crate) fn wrap(&self, path: &str, page: &Page) -> String {
        let scripts: Vec<&str> = page.scripts.iter().map(String::as_str).collect();
        let styles: Vec<&str> = page.styles.iter().map(String::as_str).collect();
        let framed = FramePage {
            title: &page.title,
            description: &page.description,
            path,
            main: &page.main,
            styles: &styles,
            scripts: &scripts,
            lang: page.lang,
            noindex: page.noindex,
        };
        self.frame.wrap(&framed, &Extra { json_ld: &page.json_ld, other: page.other.as_deref() })
    }
}

fn text<'a>(text: String) -> Cow<'a, [u8]> {
    Cow::Owned(text.into_bytes())
}
