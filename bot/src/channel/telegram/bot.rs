//! The bot: an update comes out of the inbox, its meaning is found, the conversation replies.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use fenghuo_site::Current;
use fenghuo_store::{Address, Change, Claimed, Completion, SessionId, Store};
use governor::DefaultDirectRateLimiter;
use jiff::Timestamp;
use serde_json::Value;
use teloxide::dispatching::DpHandlerDescription;
use teloxide::dptree::{self, Handler};
use teloxide::types::{Me, Update, UpdateKind};

use super::client::Client;
use super::part::{self, Thread};
use super::render::{self, render};
use super::tree::{Intent, tree};
use super::update::{self, Reading};
use crate::channel::limits::{Admission, Limits};
use crate::channel::phrase;
use crate::channel::turn::{Person, Sent, changes, known, own};
use crate::channel::worker::{Carrier, Carry, Delivery};
use crate::conversation::{self, Facts, Message, Reach, Session, respond, too_fast};

/// One bot of ours.
pub(super) struct Bot {
    pub(super) client: Client,
    pub(super) me: Me,
    pub(super) current: Current,
    pub(super) store: Store,
    pub(super) limits: Limits,
    pub(super) public_url: String,
    /// Most messages a second, where the operator has set it.
    pub(super) pace: Option<DefaultDirectRateLimiter>,
    tree: Handler<'static, Intent, DpHandlerDescription>,
    sent: Sent,
}

/// Where and by whom something was said.
struct Scene {
    address: Address,
    session: SessionId,
    private: bool,
    thread: Thread,
}

impl Bot {
    /// The bot that `client` speaks for.
    pub(super) fn new(client: Client, me: Me, shared: Shared) -> Self {
        let Shared { current, store, limits, public_url, pace } = shared;
        Self {
            client,
            me,
            current,
            store,
            limits,
            public_url,
            pace,
            tree: tree(),
            sent: Sent::default(),
        }
    }

    async fn intent(&self, update: Update) -> Intent {
        match self.tree.dispatch(dptree::deps![update, self.me.clone()]).await {
            ControlFlow::Break(intent) => intent,
            ControlFlow::Continue(_) => Intent::Nothing,
        }
    }

    async fn converse(
        &self,
        scene: &Scene,
        message: &Message,
        carry: &Carry,
        now: Timestamp,
    ) -> Result<Completion, fenghuo_store::Error> {
        match self.limits.address(scene.session.as_str()) {
            Admission::Granted => {}
            _ if self.is_danger(message) => {}
            Admission::Warned => return Ok(scene.reply(render(&too_fast(), &self.public_url))),
            Admission::Silent => return Ok(scene.silence()),
        }
        let stored = async {
            match carry.session(&scene.session) {
                Some(state) => Ok(Some(state)),
                None => self.store.load_session(&scene.session, now).await,
            }
        };
        let (stored, subscription) = tokio::join!(stored, self.subscription(scene));
        let session = Session::read(stored?.as_deref());
        let world = self.current.get();
        let facts = Facts {
            reach: self.reach(scene),
            subscription: subscription?,
            ..known(&world, &self.store, &self.sent, Some((&session, message)), now).await
        };
        let turn = respond(&world, session, &facts, message, now);
        let person =
            Person { session: &scene.session, address: scene.private.then_some(&scene.address) };
        let reply = scene.thread.parts(render(&turn.reply, &self.public_url));
        Ok(Completion { reply, changes: changes(&turn, &person), ..Completion::default() })
    }

    fn reach(&self, scene: &Scene) -> Reach {
        match scene.private {
            true => Reach::Private,
            false => {
                let link = format!("https://t.me/{}?start=subscribe", self.me.username());
                Reach::Group { link }
            }
        }
    }

    async fn subscription(
        &self,
        scene: &Scene,
    ) -> Result<Option<conversation::Subscription>, fenghuo_store::Error> {
        if !scene.private {
            return Ok(None);
        }
        Ok(self.store.subscriber(&scene.address).await?.and_then(|subscriber| own(&subscriber)))
    }

    /// Whether it is happening now.
    pub(super) fn is_danger(&self, message: &Message) -> bool {
        match message {
            Message::Text(text) => is_danger(&self.current, text),
            Message::Choice(_) => false,
        }
    }
}

/// What the bots of a process share.
pub(super) struct Shared {
    pub(super) current: Current,
    pub(super) store: Store,
    pub(super) limits: Limits,
    pub(super) public_url: String,
    pub(super) pace: Option<DefaultDirectRateLimiter>,
}

/// Whether `text` says that it is happening now.
pub(super) fn is_danger(current: &Current, text: &str) -> bool {
    current.get().engine.is_danger(text)
}

impl Carrier for Bot {
    async fn handle(
        &self,
        claimed: &Claimed,
        carry: &Carry,
        now: Timestamp,
    ) -> Result<Completion, fenghuo_store::Error> {
        let raw: Value = serde_json::from_str(&claimed.body).unwrap_or_default();
        let (intent, scene) = match update::read(&raw) {
            Reading::Known(update) => {
                let scene = Scene::of(&claimed.address, Some(&update), None);
                (self.intent(*update).await, scene)
            }
            Reading::Broken(words) => {
                let scene = Scene::of(&claimed.address, None, words.message);
                (Intent::Overheard(words.text), scene)
            }
            Reading::Foreign => return Ok(Completion::default()),
        };
        let address = || claimed.address.clone();
        match intent {
            Intent::Said(message) => self.converse(&scene, &message, carry, now).await,
            Intent::Overheard(text) => {
                let message = Message::Text(text);
                match self.is_danger(&message) {
                    true => self.converse(&scene, &message, carry, now).await,
                    false => Ok(Completion::default()),
                }
            }
            Intent::Unread(what) => Ok(match self.limits.address(scene.session.as_str()) {
                Admission::Granted => scene.plain(what.reply()),
                Admission::Warned | Admission::Silent => scene.silence(),
            }),
            Intent::Joined => Ok(scene.plain(&phrase::joined(self.me.username()))),
            Intent::Reachable => Ok(change(Change::SetActive { address: address(), active: true })),
            Intent::Gone => Ok(change(Change::SetActive { address: address(), active: false })),
            Intent::Moved(to) => {
                let to = claimed.address.account.address(to.to_string());
                Ok(change(Change::Relocate { from: address(), to }))
            }
            Intent::Nothing => Ok(scene.silence()),
        }
    }

    async fn deliver(&self, address: &Address, part: &str) -> Delivery {
        if let Some(pace) = &self.pace {
            pace.until_ready().await;
        }
        self.limits.answers(&address.account).fetch_add(1, Ordering::Relaxed);
        part::deliver(&self.client, &address.chat, part).await
    }
}

fn change(change: Change) -> Completion {
    Completion { changes: vec![change], ..Completion::default() }
}

impl Scene {
    /// In her own chat a person has one session; in a group each member has her own.
    fn of(address: &Address, update: Option<&Update>, message: Option<i64>) -> Self {
        // Groups have negative numbers (https://core.telegram.org/bots/api#chat).
        let private = !address.chat.starts_with('-');
        let from = update.and_then(|update| update.from()).map(|user| user.id.0);
        let session = match from.filter(|_| !private) {
            Some(user) => address.account.address(format!("{}/{user}", address.chat)).session(),
            None => address.session(),
        };
        let mut thread = update.map(thread).unwrap_or_default();
        thread.message = thread.message.or(message).filter(|_| !private);
        Self { address: address.clone(), session, private, thread }
    }

    /// A reply of our own words.
    fn plain(&self, text: &str) -> Completion {
        self.reply(render::plain(text))
    }

    fn reply(&self, messages: Vec<render::Part>) -> Completion {
        Completion { reply: self.thread.parts(messages), ..Completion::default() }
    }

    /// Nothing to say; a tapped button must not wait all the same.
    fn silence(&self) -> Completion {
        self.reply(Vec::new())
    }
}

fn thread(update: &Update) -> Thread {
    let of = |message: &teloxide::types::Message| Thread {
        tap: None,
        message: Some(message.id.0.into()),
        topic: message.thread_id.filter(|_| message.is_topic_message).map(|id| id.0.0.into()),
    };
    match &update.kind {
        UpdateKind::Message(message) | UpdateKind::EditedMessage(message) => of(message),
        UpdateKind::CallbackQuery(query) => {
            let under = query.regular_message().map(of).unwrap_or_default();
            Thread { tap: Some(query.id.0.clone()), ..under }
        }
        _ => Thread::default(),
    }
}
