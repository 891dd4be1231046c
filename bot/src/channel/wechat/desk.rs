//! What an account works with, and one turn of the conversation on it.

use fenghuo_site::Current;
use fenghuo_store::{Account, Address, Change, Store};
use jiff::Timestamp;

use super::account::WeChatAccount;
use super::envelope::{self, Addresses, Salt};
use super::intent::{Intent, intent};
use super::memory::{Memory, Waiting};
use super::phrase;
use super::post::Incoming;
use super::render::render;
use crate::channel::limits::{Admission, Limits};
use crate::channel::turn::{Person, Sent, changes, facts, known, own};
use crate::conversation::{Facts, Message, Reach, Reply, ReplyKind, Session, respond, too_fast};
use crate::{BotState, Clock};

/// One account at work.
pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) account: Account,
    pub(super) memory: Memory,
    pub(super) waiting: Waiting,
    current: Current,
    limits: Limits,
    public_url: String,
    secrets: WeChatAccount,
    sent: Sent,
}

/// What is said to a post, and what it changes.
#[derive(Debug, Default)]
pub(super) struct Spoken {
    pub(super) text: Option<String>,
    pub(super) changes: Vec<Change>,
}

impl Desk {
    /// The desk of `secrets`; links in its replies begin at `public_url`.
    pub(super) fn new(state: BotState, public_url: String, secrets: WeChatAccount) -> Self {
        let BotState { current, store, clock, limits } = state;
        let account = Account::new("wechat", &secrets.name);
        Self {
            store,
            clock,
            account,
            memory: Memory::default(),
            waiting: Waiting::default(),
            current,
            limits,
            public_url,
            secrets,
            sent: Sent::default(),
        }
    }

    /// What `incoming` from `address` comes to.
    pub(super) async fn speak(
        &self,
        address: &Address,
        incoming: &Incoming,
        now: Timestamp,
    ) -> Result<Spoken, fenghuo_store::Error> {
        match intent(&incoming.kind) {
            Intent::Said(message) => self.converse(address, message, now).await,
            Intent::Joined(message) => {
                let mut spoken = self.converse(address, message, now).await?;
                let change = Change::SetActive { address: address.clone(), active: true };
                spoken.changes.push(change);
                Ok(spoken)
            }
            Intent::Unread(text) => Ok(match self.limits.address(address.session().as_str()) {
                Admission::Granted => Spoken::plain(text),
                Admission::Warned | Admission::Silent => Spoken::default(),
            }),
            Intent::Gone => {
                let forget = Change::Forget { address: address.clone() };
                Ok(Spoken { text: None, changes: vec![forget] })
            }
            Intent::Nothing => Ok(Spoken::default()),
        }
    }

    async fn converse(
        &self,
        address: &Address,
        message: Message,
        now: Timestamp,
    ) -> Result<Spoken, fenghuo_store::Error> {
        let id = address.session();
        match self.limits.address(id.as_str()) {
            Admission::Granted => {}
            _ if self.is_danger(&message) => {}
            Admission::Warned => return Ok(self.said(&too_fast())),
            Admission::Silent => return Ok(Spoken::default()),
        }
        let stored = self.store.load_session(&id, now).await?;
        let session = Session::read(stored.as_deref());
        let subscriber = self.store.subscriber(address).await?;
        let world = self.current.get();
        let facts = Facts {
            reach: Reach::Private,
            subscription: subscriber.and_then(|subscriber| own(&subscriber)),
            ..known(&world, &self.store, &self.sent, Some((&session, &message)), now).await
        };
        let turn = respond(&world, session, &facts, &message, now);
        let changes = changes(&turn, &Person { session: &id, address: Some(address) });
        Ok(Spoken { changes, ..self.said(&turn.reply) })
    }

    /// What is said when there is no answer in time: the card where it is danger, which needs no
    /// database; else to ask again.
    pub(super) fn without_answer(&self, incoming: &Incoming, now: Timestamp) -> Option<String> {
        match intent(&incoming.kind) {
            Intent::Said(message) | Intent::Joined(message) => {
                let late = || phrase::late(&format!("{}/", self.public_url));
                Some(self.card(&message, now).unwrap_or_else(late))
            }
            Intent::Unread(text) => Some(text.to_owned()),
            Intent::Gone | Intent::Nothing => None,
        }
    }

    /// The card, where `incoming` says that it is happening now.
    pub(super) fn danger(&self, incoming: &Incoming, now: Timestamp) -> Option<String> {
        match intent(&incoming.kind) {
            Intent::Said(message) => self.card(&message, now),
            _ => None,
        }
    }

    fn card(&self, message: &Message, now: Timestamp) -> Option<String> {
        message.text().filter(|_| self.is_danger(message))?;
        let world = self.current.get();
        let facts = Facts { reach: Reach::Private, ..facts(&world) };
        let turn = respond(&world, Session::default(), &facts, message, now);
        let danger = turn.reply.kind == ReplyKind::Emergency;
        danger.then(|| render(&turn.reply, &self.public_url))
    }

    fn is_danger(&self, message: &Message) -> bool {
        let engine = &self.current.get().engine;
        message.text().is_some_and(|text| engine.is_danger(text))
    }

    fn said(&self, reply: &Reply) -> Spoken {
        Spoken::plain(&render(reply, &self.public_url))
    }

    /// `text` to her as the platform takes it; sealed in safe mode.
    pub(super) fn envelope(&self, text: &str, to: &str, from: &str, now: Timestamp) -> String {
        let second = now.as_second();
        let message = envelope::text(text, &Addresses { to, from }, second);
        match &self.secrets.cipher {
            None => message,
            Some(cipher) => {
                let salt = Salt { random: rand::random(), nonce: rand::random() };
                envelope::seal(cipher, &self.secrets.token, &message, second, &salt)
            }
        }
    }
}

impl Spoken {
    fn plain(text: &str) -> Self {
        Self { text: Some(text.to_owned()), changes: Vec::new() }
    }
}
