//! The desk from outside: who gets in, what she may do, and that nothing she wrote is lost.

mod campaign;
mod door;
mod form;
mod pages;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use fenghuo_bot::office::{Line, Office, SeasonRule, Settings};
use fenghuo_bot::{Clock, Visitor, desk};
use fenghuo_site::Current;
use fenghuo_store::{Account, Actor, Address, Change, OfficialRole, Store, Subscription};
use jiff::Timestamp;
use tempfile::TempDir;
use tower::ServiceExt;

use crate::fixture::{now, world};

const PASSWORD: &str = "柳河乡十月初一的晚上";

/// The desk over a temporary database with four officials.
struct Desk {
    router: Router,
    office: Office,
    store: Store,
    _running: tokio::sync::watch::Sender<bool>,
    _folder: TempDir,
}

/// What came back.
struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

/// Somebody at the desk.
struct Person<'a> {
    desk: &'a Desk,
    cookie: String,
    csrf: String,
}

impl Desk {
    async fn empty() -> Self {
        Self::at("http://127.0.0.1:8119").await
    }

    async fn at(public_url: &str) -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("a store");
        let current = Current::fixed(world());
        let line = |channel: &str| Line {
            channel: channel.to_owned(),
            account: "main".to_owned(),
            per_second: 25.0,
            quota: None,
        };
        let settings = Settings {
            public_url: public_url.to_owned(),
            lines: vec![line("telegram")],
            season: SeasonRule::default(),
        };
        let library = Arc::clone(&world().library);
        let clock = Clock::fixed(now());
        let office = Office::new(store.clone(), move || library.clone(), clock, settings);
        let (running, streams_end) = tokio::sync::watch::channel(false);
        let router = desk::router(office.clone(), current, streams_end);
        Self { router, office, store, _running: running, _folder: folder }
    }

    /// With one official of each role, named by it.
    async fn staffed() -> Self {
        let desk = Self::empty().await;
        desk.staff().await;
        desk
    }

    async fn staff(&self) {
        for role in OfficialRole::ALL {
            self.hire(role.as_str(), *role).await;
        }
    }

    async fn hire(&self, name: &str, role: OfficialRole) {
        let console = Actor::cli("console");
        self.office.add_official(name, role, PASSWORD, &console).await.expect("an official");
    }

    /// People who follow `region` on Telegram.
    async fn subscribe(&self, region: &str, count: u32) {
        for number in 0..count {
            let address = Address {
                account: Account::new("telegram", "main"),
                chat: format!("{region}-{number}"),
            };
            let subscription = Subscription {
                region: region.to_owned(),
                role: Some("home".to_owned()),
                language: "zh".to_owned(),
                quiet: None,
            };
            let change = Change::Subscribe {
                id: fenghuo_store::SubscriberId::from_bits(rand()),
                leave: fenghuo_store::LeaveToken::from_bits(rand()),
                address,
                subscription,
            };
            self.store.apply(vec![change], now()).await.expect("a subscriber");
        }
    }

    async fn send(&self, request: Request<Body>) -> Got {
        let response = self.router.clone().oneshot(request).await.expect("a response");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let body = String::from_utf8(bytes.to_vec()).expect("text");
        Got { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str, cookie: &str) -> Got {
        let request = Request::get(path).header(header::COOKIE, cookie).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Got {
        self.send(form(path, cookie, fields)).await
    }

    /// Logs `name` in.
    async fn enter(&self, name: &str) -> Person<'_> {
        let got = self.try_enter(name, PASSWORD).await;
        assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
        let cookie = got.cookies().into_iter().find(|c| c.starts_with("desk=")).expect("a cookie");
        let page = self.get("/desk", &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        Person { desk: self, cookie, csrf: page.csrf() }
    }

    async fn try_enter(&self, name: &str, password: &str) -> Got {
        let page = self.get("/desk/login", "").await;
        let door = page.hidden("door");
        let fields = [("door", door.as_str()), ("name", name), ("password", password)];
        let mut request = form("/desk/login", &format!("desk-door={door}"), &fields);
        request.extensions_mut().insert(Visitor([192, 0, 2, 1].into()));
        self.send(request).await
    }
}

impl Person<'_> {
    async fn get(&self, path: &str) -> Got {
        self.desk.get(path, &self.cookie).await
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Got {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.desk.post(path, &self.cookie, &all).await
    }

    /// Saves a message and gives the address of its page.
    async fn write(&self, more: &[(&str, &str)]) -> String {
        let got = self.post("/desk/campaigns/new", &filled(more)).await;
        assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
        got.location()
    }

    /// Presses the button of `verb` on the page at `path`, as it stands now.
    async fn press(&self, path: &str, verb: &str, more: &[(&str, &str)]) -> Got {
        let page = self.get(path).await;
        let version = page.hidden("version");
        let mut fields = vec![("version", version.as_str())];
        fields.extend_from_slice(more);
        self.post(&format!("{path}/{verb}"), &fields).await
    }
}

impl Got {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }

    fn location(&self) -> String {
        self.header(header::LOCATION).to_owned()
    }

    fn cookies(&self) -> Vec<String> {
        let all = self.headers.get_all(header::SET_COOKIE).iter();
        all.filter_map(|value| Some(value.to_str().ok()?.split(';').next()?.to_owned())).collect()
    }

    fn csrf(&self) -> String {
        self.hidden("csrf")
    }

    /// The value of the first hidden field `name`.
    fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.body.split_once(&start).map(|(_, rest)| rest);
        rest.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    }

    fn says(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

fn form(path: &str, cookie: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::HOST, "127.0.0.1:8119")
        .header(header::COOKIE, cookie)
        .body(Body::from(pairs.join("&")))
        .expect("a request")
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A form filled in so that nothing is wrong; `more` replaces and adds.
fn filled<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("kind", "notice"),
        ("title", "大风天不烧荒"),
        (
            "body",
            "大风天不烧荒、不烧秸秆。看见烟火打119。\n\n## 还要做什么\n\n关好炉门，人走火灭。",
        ),
        ("scope", "county"),
        ("expires", "2026-11-13T20:00"),
        ("policy", "never"),
        ("do", "save"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name));
    kept.chain(more.iter().copied()).collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn rand() -> u128 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    u128::from(NEXT.fetch_add(1, Ordering::Relaxed))
}
