//! Telling the township what came out of a self-check: once, three things, from our own pages only.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use fenghuo_bot::{BotState, Clock, Limits, Visitor, tell};
use fenghuo_site::Current;
use fenghuo_store::Store;
use jiff::civil::date;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::fixture::{now, world};

const NUMBER: &str = "0123456789abcdef0123456789abcdef";

struct Place {
    router: Router,
    store: Store,
    _folder: TempDir,
}

impl Place {
    async fn open() -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("a store");
        let state = BotState {
            current: Current::fixed(world()),
            store: store.clone(),
            clock: Clock::fixed(now()),
            limits: Limits::default(),
        };
        Self { router: tell(state, "https://example.test".to_owned()), store, _folder: folder }
    }

    /// Posts `body` with a header more.
    async fn post(&self, body: &str, more: (&str, &str)) -> (StatusCode, String) {
        let request = Request::post("/tell")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(more.0, more.1)
            .body(Body::from(body.to_owned()))
            .expect("a request");
        self.ask(request).await
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, String) {
        let response = self.router.clone().oneshot(request).await.expect("a response");
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, String::from_utf8(bytes.to_vec()).expect("text"))
    }

    async fn told(&self) -> Vec<(String, String, String, u64)> {
        let told = self.store.self_checks(date(2026, 1, 1), date(2026, 12, 1)).await.expect("read");
        told.into_iter().map(|t| (t.checklist, t.region, t.level, t.times)).collect()
    }
}

const FINE: (&str, &str) = ("sec-fetch-site", "same-origin");

/// The number in the form of a page.
fn number_of(page: &str) -> &str {
    let at = page.find("name=\"form\" value=\"").expect("a number") + 19;
    &page[at..at + 32]
}

#[tokio::test]
async fn without_script_one_looks_at_it_and_confirms_and_two_taps_count_once() {
    let place = Place::open().await;
    let body = "checklist=checklists%2Fhome&region=liuhe&level=high";
    let (status, page) = place.post(body, FINE).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("发给乡镇以前，看一眼") && page.contains("柳河乡"), "{page}");
    assert!(place.told().await.is_empty(), "looking is not telling");
    let whole = format!("{body}&form={}", number_of(&page));
    for _ in 0..2 {
        let (status, page) = place.post(&whole, FINE).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("已经告诉乡镇") && page.contains("高风险"), "{page}");
    }
    let expected = ("checklists/home".to_owned(), "liuhe".to_owned(), "high".to_owned(), 1);
    assert_eq!(place.told().await, [expected]);
}

#[tokio::test]
async fn nothing_but_the_three_is_taken_and_nothing_unknown() {
    let place = Place::open().await;
    let long = "x".repeat(5000);
    for (body, expected) in [
        (format!("checklist=checklists/home&region=&level=high&form={NUMBER}"), 422),
        (format!("checklist=checklists/home&region=county&level=high&form={NUMBER}"), 422),
        (format!("checklist=checklists/home&region=liuhe&level=worst&form={NUMBER}"), 422),
        (format!("checklist=checklists/none&region=liuhe&level=high&form={NUMBER}"), 422),
        (format!("checklist=quizzes/kitchen&region=liuhe&level=high&form={NUMBER}"), 422),
        (format!("checklist=checklists/home&region=liuhe&level=high&form={NUMBER}&name=x"), 422),
        (format!("checklist=checklists/home&region=liuhe&level=high&form={NUMBER}&level=low"), 422),
        (format!("checklist={long}"), 413),
        ("%".to_owned(), 422),
        (String::new(), 422),
        // A number nobody gave: looked at once more, not counted.
        ("checklist=checklists/home&region=liuhe&level=high&form=1".to_owned(), 200),
        (
            "checklist=checklists/home&region=liuhe&level=high&form=%27%3B--aaaaaaaaaaaaaaaa"
                .to_owned(),
            200,
        ),
    ] {
        let (status, page) = place.post(&body, FINE).await;
        assert_eq!(status.as_u16(), expected, "{body}");
        assert!(!page.contains("已经告诉乡镇"), "{body}");
    }
    let json = Request::post("/tell").header(header::CONTENT_TYPE, "application/json");
    let json = json.body(Body::from("{\"checklist\":\"checklists/home\"}")).expect("a request");
    assert_eq!(place.ask(json).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(place.told().await.is_empty());
    // What is missing is asked for, the rest is kept.
    let (_, page) = place.post("checklist=checklists/home&level=medium", FINE).await;
    assert!(page.contains("<option value=\"medium\" selected>"), "{page}");
    let get = Request::get("/tell").body(Body::empty()).expect("a request");
    assert_eq!(place.ask(get).await.0, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn pages_of_others_do_not_count_through_their_visitors() {
    let place = Place::open().await;
    let body = format!("checklist=checklists/home&region=liuhe&level=low&form={NUMBER}");
    for more in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.test"),
    ] {
        assert_eq!(place.post(&body, more).await.0, StatusCode::FORBIDDEN, "{more:?}");
    }
    assert!(place.told().await.is_empty());
    assert_eq!(place.post(&body, ("origin", "https://example.test")).await.0, StatusCode::OK);
    assert_eq!(place.told().await.len(), 1);
}

#[tokio::test]
async fn one_network_cannot_flood_the_figures() {
    let place = Place::open().await;
    let mut taken = 0;
    for number in 0..30 {
        let body = format!("checklist=checklists/home&region=liuhe&level=low&form={number:032x}");
        let mut request = Request::post("/tell")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        request.extensions_mut().insert(Visitor("192.0.2.7".parse().expect("an address")));
        taken += u32::from(place.ask(request).await.0 == StatusCode::OK);
    }
    assert_eq!(taken, 20);
    assert_eq!(place.told().await[0].3, 20);
}
