//! A county with villages, codes and outlines, two officials who send, and the public side over it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use fenghuo_bot::office::{Office, Settings};
use fenghuo_bot::public::{Public, PublicOptions};
use fenghuo_bot::{BotState, Clock, Limits};
use fenghuo_content::{Code, Files, Library};
use fenghuo_site::{Current, World};
use fenghuo_store::{
    Actor, Audience, Campaign, CampaignKind, Draft, OfficialRole, RelayId, Store, UnknownPolicy,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::watch;
use tower::ServiceExt;

use crate::fixture;

const REGIONS: &str = r#"
region = [
  { id = "county", name = "小示范县", kind = "county", code = "620723", polygon = [[39.0, 100.0], [39.0, 101.0], [40.0, 101.0], [40.0, 100.0]] },
  { id = "chengguan", name = "城关镇", kind = "township", parent = "county", code = "620723100", polygon = [[39.1, 100.1], [39.1, 100.3], [39.3, 100.2], [39.1, 100.1]] },
  { id = "dongjie", name = "东街村", kind = "village", parent = "chengguan" },
  { id = "xijie", name = "西街村", kind = "village", parent = "chengguan" },
  { id = "liuhe", name = "柳河乡", kind = "township", parent = "county" },
]
"#;

/// The test library with a deeper tree of regions.
fn world() -> Arc<World> {
    static WORLD: std::sync::OnceLock<Arc<World>> = std::sync::OnceLock::new();
    let make = || {
        let folder = TempDir::new().expect("a folder");
        let from = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
        copy(&from, folder.path());
        std::fs::write(folder.path().join("regions.toml"), REGIONS).expect("written");
        let files = Files::read(folder.path()).expect("readable");
        let (library, faults) = Library::load(&files);
        assert!(faults.is_empty(), "{faults:#?}");
        fixture::of(library)
    };
    Arc::clone(WORLD.get_or_init(make))
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            std::fs::create_dir(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

/// The public side, a clock that can be moved, and those who send.
pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) office: Office,
    pub(super) public: Public,
    pub(super) world: Arc<World>,
    pub(super) stop: watch::Sender<bool>,
    now: Arc<Mutex<Timestamp>>,
    router: Router,
    _folder: TempDir,
}

/// What came back.
pub(super) struct Got {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Got {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(super) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("ASCII"))
    }
}

impl Desk {
    pub(super) async fn open() -> Self {
        Self::with(PublicOptions::default()).await
    }

    pub(super) async fn with(options: PublicOptions) -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("fenghuo.db")).await.expect("a store");
        let now = Arc::new(Mutex::new(fixture::now()));
        let shared = Arc::clone(&now);
        let clock = Clock::new(move || *shared.lock().expect("not poisoned"));
        let world = world();
        let bot = BotState {
            current: Current::fixed(Arc::clone(&world)),
            store: store.clone(),
            clock: clock.clone(),
            limits: Limits::default(),
        };
        let library = Arc::clone(&world.library);
        let office =
            Office::new(store.clone(), move || Arc::clone(&library), clock, Settings::default());
        let (stop, stopping) = watch::channel(false);
        let options = PublicOptions { fresh: Duration::ZERO, ..options };
        let public = Public::new(&bot, &office, options, stopping);
        let router = public
            .router()
            .merge(fenghuo_bot::router(bot.clone()))
            .merge(fenghuo_site::router(bot.current.clone()));
        let admin = Actor::cli("admin");
        for (name, role) in [
            ("admin", OfficialRole::Admin),
            ("writer", OfficialRole::Editor),
            ("chief", OfficialRole::Approver),
        ] {
            let added = store.add_official(name, role, "x", &admin, fixture::now()).await;
            added.expect("an official");
        }
        Self { store, office, public, world, stop, now, router, _folder: folder }
    }

    pub(super) fn now(&self) -> Timestamp {
        *self.now.lock().expect("not poisoned")
    }

    /// Moves the clock on.
    pub(super) fn pass(&self, minutes: i64) {
        *self.now.lock().expect("not poisoned") += SignedDuration::from_mins(minutes);
    }

    /// A draft that ends in two hours.
    pub(super) fn draft(&self, kind: CampaignKind, title: &str, body: &str) -> Draft {
        Draft {
            kind,
            title: title.to_owned(),
            body: body.to_owned(),
            overrides: std::collections::BTreeMap::new(),
            audience: Audience::default(),
            urgent: false,
            policy: UnknownPolicy::Never,
            expires: self.now() + SignedDuration::from_hours(2),
            starts: None,
            document: None,
            occasion: None,
            refers: None,
            relay: None,
        }
    }

    /// Two people send `draft`.
    pub(super) async fn send(&self, draft: Draft) -> Campaign {
        let (writer, chief, now) = (Actor::cli("writer"), Actor::cli("chief"), self.now());
        let code = Code::draw(rand::random());
        let store = &self.store;
        let made = store.create_campaign(code.as_str(), draft, &writer, now).await.expect("made");
        let campaign = store.submit_campaign(made.id, made.version, &writer, now).await;
        let campaign = campaign.expect("submitted");
        let campaign = store.approve_campaign(made.id, campaign.version, "h", &chief, now).await;
        let campaign = campaign.expect("approved");
        store.send_campaign(made.id, campaign.version, &chief, now).await.expect("sent")
    }

    /// Two people send a notice.
    pub(super) async fn notice(&self, title: &str, body: &str) -> Campaign {
        self.send(self.draft(CampaignKind::Notice, title, body)).await
    }

    /// An official passes on the warning `xml`.
    pub(super) async fn relay(&self, xml: &str) -> Campaign {
        let actor = Actor::cli("chief");
        let find = |relay: &_| fenghuo_bot::public::relay::actions(&self.world, relay);
        let made = self.office.pass_on(xml.as_bytes(), find, "file", None, &actor).await;
        let made = made.expect("passed on");
        let now = self.now();
        let submitted = self.store.submit_campaign(made.id, made.version, &actor, now).await;
        let version = submitted.expect("submitted").version;
        let approved = self.store.approve_campaign(made.id, version, "h", &actor, now).await;
        let version = approved.expect("approved by one").version;
        self.store.send_campaign(made.id, version, &actor, now).await.expect("sent")
    }

    pub(super) async fn raw(&self, relay: RelayId) -> Vec<u8> {
        self.store.relay(relay).await.expect("read").expect("there").relay.raw
    }

    pub(super) async fn get(&self, path: &str) -> Got {
        self.ask(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub(super) async fn ask(&self, request: Request<Body>) -> Got {
        let response = self.response(request).await;
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let body = String::from_utf8(bytes.to_vec()).expect("text");
        Got { status: parts.status, headers: parts.headers, body }
    }

    pub(super) async fn response(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.expect("a response")
    }
}

/// A warning of the weather office for the county, written `sent` hours after eight.
pub(super) fn warning(msg_type: &str, number: &str, references: &str, hour: u32) -> String {
    let references = match references {
        "" => String::new(),
        text => format!("<references>{text}</references>"),
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!-- 原样 --><alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\
         <identifier>{number}</identifier><sender>qx@example.cn</sender><sent>2026-11-10T{hour:02}:00:00+08:00</sent>\
         <status>Actual</status><msgType>{msg_type}</msgType><scope>Public</scope>{references}\
         <info><language>zh-CN</language><category>Met</category><event>大风</event><urgency>Expected</urgency>\
         <severity>Moderate</severity><certainty>Likely</certainty><expires>2026-11-11T08:00:00+08:00</expires>\
         <senderName>小示范县气象台</senderName><headline>小示范县气象台发布大风蓝色预警</headline>\
         <description>预计今天白天有6级大风，阵风8级。\n请注意防范。</description><instruction>停止露天作业。</instruction>\
         <area><areaDesc>小示范县</areaDesc></area></info></alert>"
    )
}
