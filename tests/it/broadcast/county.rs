//! A county in a database, with people who follow it and campaigns that two people have approved.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use fenghuo_bot::broadcast::{Broadcast, Reader, Rendered, TextFault, Texts};
use fenghuo_bot::{Clock, Limits};
use fenghuo_store::{
    Account, Actor, Audience, Campaign, CampaignId, CampaignKind, CampaignState, Change, Draft,
    LeaveToken, Location, OfficialRole, Outlet, Progress, Store, SubscriberId, Subscription,
    UnknownPolicy,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Nothing in a test takes longer.
const DEADLINE: Duration = Duration::from_secs(120);

/// A county; everything it does is waited for.
pub(super) struct County {
    pub(super) store: Store,
    pub(super) runtime: Arc<Runtime>,
    _folder: Option<TempDir>,
}

pub(super) fn telegram() -> Account {
    Account::new("telegram", "main")
}

pub(super) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

pub(super) fn clock() -> Clock {
    Clock::new(now)
}

pub(super) fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).expect("an instant")
}

fn bits() -> u128 {
    use std::hash::{BuildHasher, RandomState};
    let half = || u128::from(RandomState::new().hash_one(0_u8));
    half() << 64 | half()
}

impl County {
    /// A county in a file of its own.
    pub(super) fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let location = Location::file(folder.path().join("county.db"));
        Self { _folder: Some(folder), ..Self::at(&location) }
    }

    /// A county in the database at `location`, which is empty.
    pub(super) fn at(location: &Location) -> Self {
        let runtime = Arc::new(runtime());
        let store = runtime.block_on(Store::connect(location)).expect("a store");
        let county = Self { store, runtime, _folder: None };
        for (name, role) in [("ma", OfficialRole::Editor), ("li", OfficialRole::Approver)] {
            let console = Actor::cli("console");
            let added = county.store.add_official(name, role, "-", &console, now());
            county.block_on(added).expect("an official");
        }
        county
    }

    pub(super) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// People with these chats follow `account`. The number of a chat is the id of its subscriber.
    pub(super) fn follow(&self, account: &Account, chats: impl IntoIterator<Item = String>) {
        let changes: Vec<Change> = chats.into_iter().map(|chat| subscribe(account, chat)).collect();
        for chunk in changes.chunks(1000) {
            self.block_on(self.store.apply(chunk.to_vec(), now())).expect("subscribed");
        }
    }

    /// More and more people follow `account`, until the disk is full.
    pub(super) fn fill(&self, account: &Account) {
        loop {
            let more = (0..500).map(|_| subscribe(account, format!("x{}", bits())));
            if self.block_on(self.store.apply(more.collect(), now())).is_err() {
                return;
            }
        }
    }

    /// There is this outlet and no other.
    pub(super) fn outlet(&self, account: Account) {
        let outlet = Outlet {
            account,
            region: "town".to_owned(),
            role: None,
            id: SubscriberId::from_bits(bits()),
            leave: LeaveToken::from_bits(bits()),
        };
        self.block_on(self.store.sync_outlets(&[outlet], now())).expect("an outlet");
    }

    /// A campaign to everybody, approved and begun.
    pub(super) fn send(&self, change: impl FnOnce(&mut Draft)) -> CampaignId {
        let mut draft = draft();
        change(&mut draft);
        let (editor, approver) = (Actor::desk("ma"), Actor::desk("li"));
        let code = format!("{:06}", bits() % 1_000_000);
        let (store, now) = (&self.store, now());
        self.block_on(async {
            let made = store.create_campaign(&code, draft, &editor, now).await.expect("created");
            let made = store.submit_campaign(made.id, made.version, &editor, now).await;
            let made = made.expect("submitted");
            let made = store.approve_campaign(made.id, made.version, "-", &approver, now).await;
            let made = made.expect("approved");
            store.send_campaign(made.id, made.version, &approver, now).await.expect("begun").id
        })
    }

    pub(super) fn campaign(&self, id: CampaignId) -> Campaign {
        self.block_on(self.store.campaign(id)).expect("read").expect("there")
    }

    pub(super) fn progress(&self, id: CampaignId) -> Progress {
        self.block_on(self.store.campaign_progress(id)).expect("read")
    }

    /// Waits until `done` holds of the campaign `id`.
    pub(super) fn wait(
        &self,
        id: CampaignId,
        what: &str,
        done: impl Fn(CampaignState, Progress) -> bool,
    ) -> Progress {
        let until = Instant::now() + DEADLINE;
        loop {
            let (state, progress) = (self.campaign(id).state, self.progress(id));
            if done(state, progress) {
                return progress;
            }
            assert!(Instant::now() < until, "never {what}: {state:?} {progress:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the end of the campaign `id`.
    pub(super) fn end(&self, id: CampaignId) -> Progress {
        self.wait(id, "done", |state, _| state == CampaignState::Done)
    }

    /// Sends what `lines` adds.
    pub(super) fn run(&self, lines: impl FnOnce(&mut Broadcast<Words>)) -> Running<'_> {
        self.run_at(clock(), lines)
    }

    pub(super) fn run_at(
        &self,
        clock: Clock,
        lines: impl FnOnce(&mut Broadcast<Words>),
    ) -> Running<'_> {
        let mut broadcast = Broadcast::new(self.store.clone(), clock, Limits::default(), Words);
        lines(&mut broadcast);
        let (stop, stopped) = watch::channel(false);
        Running { county: self, stop, task: self.runtime.spawn(broadcast.run(stopped)) }
    }
}

fn subscribe(account: &Account, chat: String) -> Change {
    Change::Subscribe {
        id: SubscriberId::from_bits(chat.parse().unwrap_or_else(|_| bits())),
        leave: LeaveToken::from_bits(bits()),
        address: account.address(chat),
        subscription: Subscription {
            region: "town".to_owned(),
            role: None,
            language: "zh".to_owned(),
            quiet: None,
        },
    }
}

fn draft() -> Draft {
    Draft {
        kind: CampaignKind::Notice,
        title: "冬季防火提示".to_owned(),
        body: "睡前关火、关电、关气。".to_owned(),
        overrides: BTreeMap::new(),
        audience: Audience::default(),
        urgent: false,
        policy: UnknownPolicy::Never,
        expires: now() + SignedDuration::from_hours(24),
        starts: None,
        document: None,
        occasion: None,
        refers: None,
        relay: None,
    }
}

/// A broadcast under way.
pub(super) struct Running<'c> {
    county: &'c County,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running<'_> {
    /// Stops it and waits until it has.
    pub(super) fn stop(self) {
        self.stop.send_replace(true);
        self.county.block_on(self.task).expect("it ends well");
    }
}

/// The words are those of the draft, the same for everybody.
pub(super) struct Words;

impl Texts for Words {
    async fn render(&self, campaign: &Campaign, _: &Reader) -> Result<Rendered, TextFault> {
        let Draft { title, body, expires, .. } = &campaign.draft;
        let link = format!("https://fire.example/notices/{}/", campaign.code);
        Ok(Rendered {
            title: title.clone(),
            plain: format!("{body}\n核验码 {}", campaign.code),
            markdown: format!("**{title}**\n\n{body}"),
            html: format!("<b>{title}</b>\n{body}"),
            link,
            code: campaign.code.clone(),
            expires: *expires,
        })
    }
}
