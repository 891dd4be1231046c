//! A county with subscribers, campaigns approved by two people, and a channel that does as it is told.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fenghuo_bot::broadcast::{
    Broadcast, Limit, Outgoing, Rate, Reader, Rendered, Sender, TextFault, Texts, Verdict,
};
use fenghuo_bot::{Clock, Limits};
use fenghuo_store::{
    Account, Actor, Address, Audience, Campaign, CampaignId, CampaignKind, CampaignState, Change,
    Draft, LeaveToken, OfficialRole, Progress, Store, SubscriberId, Subscription, UnknownPolicy,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Nothing in a test takes longer.
const DEADLINE: Duration = Duration::from_secs(40);

/// A store with people in it.
pub(super) struct County {
    pub(super) store: Store,
    begun: Instant,
    people: u32,
    _folder: TempDir,
}

/// The account everybody follows.
pub(super) fn account() -> Account {
    Account::new("test", "main")
}

impl County {
    /// A county with so many subscribers; their chats are `0`, `1`, ….
    pub(super) async fn with(people: u32) -> Self {
        let folder = TempDir::new().expect("a folder");
        let store = Store::open(&folder.path().join("county.db")).await.expect("a store");
        let county = Self { store, begun: Instant::now(), people, _folder: folder };
        let chats: Vec<u32> = (0..people).collect();
        for chunk in chats.chunks(1000) {
            let changes = chunk.iter().map(|chat| subscribe(*chat)).collect();
            county.store.apply(changes, county.now()).await.expect("subscribed");
        }
        for (name, role) in [("ma", OfficialRole::Editor), ("li", OfficialRole::Approver)] {
            let (engine, now) = (Actor::cli("console"), county.now());
            let added = county.store.add_official(name, role, "-", &engine, now).await;
            added.expect("an official");
        }
        county
    }

    /// The county's time runs, from a noon on.
    pub(super) fn clock(&self) -> Clock {
        let begun = self.begun;
        Clock::new(move || now(begun))
    }

    pub(super) fn now(&self) -> Timestamp {
        now(self.begun)
    }

    /// A campaign to everybody, approved and begun.
    pub(super) async fn send(&self, change: impl FnOnce(&mut Draft)) -> CampaignId {
        let mut draft = draft(self.now());
        change(&mut draft);
        let (editor, approver) = (Actor::desk("ma"), Actor::desk("li"));
        let code = format!("{:06}", rand::random_range(0..1_000_000));
        let (store, now) = (&self.store, self.now());
        let made = store.create_campaign(&code, draft, &editor, now).await.expect("created");
        let made = store.submit_campaign(made.id, made.version, &editor, now).await;
        let made = made.expect("submitted");
        let made = store.approve_campaign(made.id, made.version, "hash", &approver, now).await;
        let made = made.expect("approved");
        store.send_campaign(made.id, made.version, &approver, now).await.expect("begun").id
    }

    pub(super) async fn campaign(&self, id: CampaignId) -> Campaign {
        self.store.campaign(id).await.expect("read").expect("there")
    }

    pub(super) async fn progress(&self, id: CampaignId) -> Progress {
        self.store.campaign_progress(id).await.expect("read")
    }

    /// Waits until `done` holds of the campaign `id`.
    pub(super) async fn wait(
        &self,
        id: CampaignId,
        what: &str,
        done: impl Fn(CampaignState, Progress) -> bool,
    ) -> Progress {
        let until = Instant::now() + DEADLINE;
        loop {
            let (state, progress) = (self.campaign(id).await.state, self.progress(id).await);
            if done(state, progress) {
                return progress;
            }
            assert!(Instant::now() < until, "never {what}: {state:?} {progress:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for the end of the campaign `id`.
    pub(super) async fn end(&self, id: CampaignId) -> Progress {
        self.wait(id, "done", |state, _| state == CampaignState::Done).await
    }

    /// Sends through `channel`, `most` a second.
    pub(super) fn run(&self, channel: &Channel, most: u32) -> Running {
        self.run_with(channel, most, Words)
    }

    pub(super) fn run_with(&self, channel: &Channel, most: u32, texts: impl Texts) -> Running {
        let mut broadcast =
            Broadcast::new(self.store.clone(), self.clock(), Limits::default(), texts);
        let rate = Rate::of(Limit::per_second(most));
        broadcast.line(account(), channel.clone(), rate);
        let (stop, stopped) = watch::channel(false);
        Running { stop, task: tokio::spawn(broadcast.run(stopped)) }
    }

    /// Every chat got it exactly once.
    pub(super) fn assert_once(&self, channel: &Channel) {
        let counts = channel.counts();
        assert_eq!(counts.len(), self.people as usize);
        assert!(counts.values().all(|count| *count == 1), "{counts:?}");
    }
}

fn now(begun: Instant) -> Timestamp {
    let noon: Timestamp = "2026-12-01T04:00:00Z".parse().expect("an instant");
    noon + SignedDuration::try_from(begun.elapsed()).expect("short")
}

fn subscribe(chat: u32) -> Change {
    Change::Subscribe {
        id: SubscriberId::from_bits(rand::random()),
        leave: LeaveToken::from_bits(rand::random()),
        address: account().address(chat.to_string()),
        subscription: Subscription {
            region: "town".to_owned(),
            role: None,
            language: "zh".to_owned(),
            quiet: None,
        },
    }
}

pub(super) fn draft(now: Timestamp) -> Draft {
    Draft {
        kind: CampaignKind::Notice,
        title: "冬季防火提示".to_owned(),
        body: "睡前关火。".to_owned(),
        overrides: BTreeMap::new(),
        audience: Audience::default(),
        urgent: false,
        policy: UnknownPolicy::Never,
        expires: now + SignedDuration::from_hours(24),
        starts: None,
        document: None,
        occasion: None,
        refers: None,
        relay: None,
    }
}

/// A broadcast under way.
pub(super) struct Running {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Stops it and waits until it has.
    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        self.task.await.expect("it ends well");
    }

    /// Ends it as a power cut would.
    pub(super) async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.is_err());
    }
}

/// The words are the title.
pub(super) struct Words;

impl Texts for Words {
    async fn render(&self, campaign: &Campaign, _: &Reader) -> Result<Rendered, TextFault> {
        let title = campaign.draft.title.clone();
        Ok(Rendered {
            plain: title.clone(),
            markdown: title.clone(),
            html: title.clone(),
            title,
            link: format!("https://fire.example/notices/{}/", campaign.code),
            code: campaign.code.clone(),
            expires: campaign.draft.expires,
        })
    }
}

pub(super) type Rule = dyn Fn(&Outgoing, usize) -> Verdict + Send + Sync;

/// A channel in memory; clones share it.
#[derive(Clone)]
pub(super) struct Channel {
    pub(super) rule: Arc<Rule>,
    /// How long a request takes.
    pub(super) takes: Duration,
    pub(super) idempotent: bool,
    /// When it was asked, for whom, and how that ended.
    pub(super) asked: Arc<Mutex<Vec<Asked>>>,
}

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) at: Instant,
    pub(super) chat: String,
    pub(super) verdict: Verdict,
}

pub(super) fn sent() -> Verdict {
    Verdict::Sent { id: None }
}

impl Channel {
    /// `rule` is told how many requests came before.
    pub(super) fn new(rule: impl Fn(&Outgoing, usize) -> Verdict + Send + Sync + 'static) -> Self {
        Self {
            rule: Arc::new(rule),
            takes: Duration::from_millis(2),
            idempotent: false,
            asked: Arc::default(),
        }
    }

    pub(super) fn willing() -> Self {
        Self::new(|_, _| sent())
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("not poisoned").clone()
    }

    /// How many messages each chat got.
    pub(super) fn counts(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for asked in self.asked() {
            if matches!(asked.verdict, Verdict::Sent { .. }) {
                *counts.entry(asked.chat).or_default() += 1;
            }
        }
        counts
    }
}

impl Sender for Channel {
    async fn send(&self, message: &Outgoing) -> Verdict {
        let at = Instant::now();
        let before = self.asked.lock().expect("not poisoned").len();
        let verdict = (self.rule)(message, before);
        let asked = Asked { at, chat: message.to.chat.clone(), verdict: verdict.clone() };
        self.asked.lock().expect("not poisoned").push(asked);
        tokio::time::sleep(self.takes).await;
        verdict
    }

    fn idempotent(&self) -> bool {
        self.idempotent
    }

    fn chat_limits(&self, _: &Address) -> &'static [Limit] {
        const { &[Limit::per_second(1)] }
    }

    fn patience(&self) -> Duration {
        Duration::from_secs(5)
    }
}
