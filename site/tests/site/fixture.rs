//! A site made of the built-in library, or of a few documents written for a test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::to_bytes;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use fenghuo_content::{Files, Library};
use fenghuo_search::Engine;
use fenghuo_site::{Current, Options, Site, World, router};
use jiff::civil::{Date, date};
use tower::ServiceExt;

pub(crate) const TODAY: Date = date(2026, 11, 9);

fn library_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/library")
}

/// The library as it is in the repository.
pub(crate) static BUILT_IN: LazyLock<Arc<Library>> = LazyLock::new(|| {
    let files = Files::read(&library_folder()).expect("the library is in the repository");
    Arc::new(Library::load(&files).0)
});

/// Settings of the built-in library with `documents` (path, text) instead of its own.
pub(crate) fn library(documents: &[(&str, &str)]) -> Arc<Library> {
    let settings = ["library.toml", "regions.toml", "topics.toml", "audiences.toml"];
    let settings = settings.into_iter().map(|name| {
        let bytes =
            std::fs::read(library_folder().join(name)).expect("settings are in the repository");
        (name.to_owned(), bytes)
    });
    let documents =
        documents.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
    Arc::new(Library::load(&settings.chain(documents).collect()).0)
}

pub(crate) fn site(library: Arc<Library>, today: Date) -> Site {
    Site::new(library, options(today, false))
}

fn options(today: Date, live: bool) -> Options {
    Options { public_url: "https://fire.example".to_owned(), today, live, watch: false }
}

/// The built-in library as a static site; many tests read it, so it is built once.
static BUILT: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| build(&site(BUILT_IN.clone(), TODAY)));

/// Every file of the built site by path.
pub(crate) fn built(site: &Site) -> BTreeMap<String, String> {
    let known = std::ptr::eq(site.library(), &raw const **BUILT_IN);
    if known && site.options().today == TODAY { BUILT.clone() } else { build(site) }
}

fn build(site: &Site) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    site.build(folder.path()).expect("the site builds");
    let mut files = BTreeMap::new();
    collect(folder.path(), folder.path(), &mut files);
    files
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the site") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name =
                path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).expect("a file of the site");
            files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

/// The built-in library behind its routes.
pub(crate) struct App(Router);

static CURRENT: LazyLock<Current> = LazyLock::new(|| {
    let library = Arc::clone(&BUILT_IN);
    let engine = Arc::new(Engine::in_memory(Arc::clone(&library)).expect("the index is built"));
    let site = Arc::new(Site::new(Arc::clone(&library), options(TODAY, true)));
    Current::fixed(Arc::new(World { library, engine, site }))
});

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl App {
    pub(crate) fn new() -> Self {
        Self(router(CURRENT.clone()))
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[]).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(axum::body::Body::empty()).expect("a valid request");
        let response = self.0.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.expect("a whole body");
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}
