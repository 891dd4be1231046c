//! Page views per day: a number for each part of the site, no cookie, no address, nothing about who.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use fenghuo_content::Code;
use fenghuo_site::Current;
use fenghuo_store::Store;
use tokio::sync::watch;

use crate::Clock;
use crate::office::township_of;

/// How often what was counted is written down: a flood of views is a handful of writes.
const EVERY: Duration = Duration::from_secs(5);

/// Views counted and not yet written down; clones share them.
#[derive(Clone)]
pub struct Views {
    current: Current,
    counts: Arc<Mutex<Counts>>,
}

/// How often each was viewed.
#[derive(Debug, Default)]
struct Counts {
    pages: HashMap<String, u64>,
    /// Townships that the address named.
    places: HashMap<String, u64>,
}

impl Views {
    /// A counter that knows the places of the newest library.
    pub(super) fn new(current: Current) -> Self {
        Self { current, counts: Arc::default() }
    }

    /// The layer around all pages: counts those that were shown.
    pub async fn count(State(views): State<Self>, request: Request, next: Next) -> Response {
        let page = (request.method() == Method::GET).then(|| page(request.uri().path())).flatten();
        let place = page.as_deref().and_then(|page| views.place(page, request.uri().query()));
        let response = next.run(request).await;
        if let Some(page) = page.filter(|_| is_shown(&response)) {
            views.add(page, place);
        }
        response
    }

    /// Counts a page that was answered without the layer.
    pub fn note(&self, method: &Method, address: &Uri, response: &Response) {
        if method == Method::GET
            && is_shown(response)
            && let Some(page) = page(address.path())
        {
            let place = self.place(&page, address.query());
            self.add(page, place);
        }
    }

    /// The township that `?region=` names: links in messages carry the township they were sent to, the same for all
    /// of it. Screens say where they hang, too, and are counted as screens.
    fn place(&self, page: &str, query: Option<&str>) -> Option<String> {
        let mut pairs = query.filter(|_| page != "/signage/")?.split('&');
        let id = pairs.find_map(|pair| pair.strip_prefix("region="))?;
        township_of(&self.current.get().library, id).map(str::to_owned)
    }

    fn add(&self, page: String, place: Option<String>) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.pages.entry(page).or_insert(0) += 1;
        if let Some(place) = place {
            *counts.places.entry(place).or_insert(0) += 1;
        }
    }

    fn take(&self) -> Counts {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *counts)
    }

    /// Writes down what was counted, now and then and before the end.
    pub(super) async fn run(&self, store: Store, clock: Clock, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            self.write(&store, &clock).await;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stop.changed() => {}
            }
        }
        self.write(&store, &clock).await;
    }

    async fn write(&self, store: &Store, clock: &Clock) {
        let Counts { pages, places } = self.take();
        if pages.is_empty() {
            return;
        }
        let [pages, places] =
            [pages, places].map(|counted| counted.into_iter().collect::<Vec<(String, u64)>>());
        if let Err(error) = store.count_views(&pages, &places, clock.now()).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "page views were not counted");
        }
    }
}

/// Whether a page was shown.
fn is_shown(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    response.status() == StatusCode::OK
        && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// The part of the site that `path` belongs to: a message by itself, all else by its folder. What officials and
/// machines read is not counted.
fn page(path: &str) -> Option<String> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    match (parts.next(), parts.next()) {
        (None, _) => Some("/".to_owned()),
        (Some("desk" | "api" | "assets" | "u" | "in" | "editors"), _) => None,
        (Some("notices"), Some(code)) => {
            let code = Code::read(code).filter(|read| read.as_str() == code);
            Some(code.map_or("/notices/".to_owned(), |code| format!("/notices/{code}/")))
        }
        // Portals by themselves: each is that of a setting. Only those there are give a page to count.
        (Some("for"), Some(portal)) => Some(format!("/for/{portal}/")),
        (Some(folder), _) => Some(format!("/{folder}/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_count_by_folder_and_messages_by_themselves() {
        for (path, expected) in [
            ("/", Some("/")),
            ("/knowledge/kitchen/oil-pan-fire/", Some("/knowledge/")),
            ("/notices/", Some("/notices/")),
            ("/notices/qingming/", Some("/notices/")),
            ("/notices/A7K9M2/", Some("/notices/A7K9M2/")),
            ("/signage", Some("/signage/")),
            ("/for/school/", Some("/for/school/")),
            ("/desk/campaigns/12", None),
            ("/api/v1/notices", None),
            ("/u/0123", None),
        ] {
            assert_eq!(page(path).as_deref(), expected, "{path}");
        }
    }
}
