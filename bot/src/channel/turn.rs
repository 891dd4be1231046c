//! One turn for real: what the conversation is told before, and what comes of its effects.

use std::sync::Arc;

use fenghuo_content::{Code, Published, Setting};
use fenghuo_site::World;
use fenghuo_store::{
    Address, Change, LeaveToken, Quiet, SessionId, Store, Subscriber, SubscriberId,
};
use jiff::{Timestamp, tz};

use super::flight::Flight;
use crate::conversation::{
    self, Effect, Facts, Lookup, Message, SeasonalNotice, SentNotice, Session, Turn, Verified,
    code_in,
};
use crate::failure::failed;
use crate::public;

/// The one language subscriptions are in so far.
const LANGUAGE: &str = "zh";

/// What the site knows for the conversation.
pub(crate) fn facts(world: &World) -> Facts {
    let notices = world.site.seasonal_notices().iter().filter_map(|(doc, expires)| {
        let expires = tz::offset(8).to_timestamp(*expires).ok()?;
        Some(SeasonalNotice { doc: doc.clone(), expires })
    });
    Facts { notices: notices.collect(), ..Facts::default() }
}

/// What the conversation is told of a subscriber; nothing of one whose region or role is gone.
pub(crate) fn own(subscriber: &Subscriber) -> Option<conversation::Subscription> {
    let stored = &subscriber.subscription;
    let hour = |minute: u16| u8::try_from(minute / 60).unwrap_or(0);
    Some(conversation::Subscription {
        region: stored.region.clone(),
        role: Setting::ALL.into_iter().find(|role| Some(word(*role)) == stored.role.as_deref())?,
        quiet: stored
            .quiet
            .map(|quiet| conversation::Quiet { from: hour(quiet.from), to: hour(quiet.until) }),
    })
}

/// What was sent and holds, looked up once for all who ask at the same time; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Sent(Flight<Arc<Vec<SentNotice>>>);

impl Sent {
    /// A database that does not answer keeps nobody from an answer.
    async fn current(&self, world: &Arc<World>, store: &Store, now: Timestamp) -> Vec<SentNotice> {
        let (world, store) = (Arc::clone(world), store.clone());
        let look = async move {
            let sent = public::current(&store, &world.library, now).await.unwrap_or_else(|error| {
                failed(&error);
                Vec::new()
            });
            Arc::new(sent.iter().map(sent_notice).collect())
        };
        self.0.join(look).await.map(|sent| Vec::clone(&sent)).unwrap_or_default()
    }
}

/// What is known before a turn: the season, what was sent and holds, and what the code in a message stands for.
pub(crate) async fn known(
    world: &Arc<World>,
    store: &Store,
    sent: &Sent,
    said: Option<(&Session, &Message)>,
    now: Timestamp,
) -> Facts {
    let look_up = async {
        match said.and_then(|(session, message)| code_in(session, message)) {
            Some(code) => look_up(world, store, &code, now).await,
            None => Lookup::default(),
        }
    };
    let (lookup, sent) = tokio::join!(look_up, sent.current(world, store, now));
    Facts { lookup, sent, ..facts(world) }
}

fn sent_notice(published: &Published) -> SentNotice {
    SentNotice {
        code: published.code.to_string(),
        title: published.title(),
        lines: published.lines(),
        until: published.until(),
        expires: published.expires,
        url: published.address(),
    }
}

async fn look_up(world: &World, store: &Store, typed: &str, now: Timestamp) -> Lookup {
    let Some(code) = Code::read(typed) else {
        return if Code::is_misread(typed) { Lookup::Misread } else { Lookup::Unknown };
    };
    match public::look_up(store, &world.library, &code).await {
        Ok(Some(published)) => Lookup::Found(Verified {
            issuer: public::issuer(&published).to_owned(),
            kind: published.kind().name().to_owned(),
            title: published.title(),
            at: published.issued,
            expires: published.expires,
            standing: published.state(now),
            url: published.address(),
        }),
        Ok(None) => Lookup::Unknown,
        Err(error) => {
            failed(&error);
            Lookup::Impossible
        }
    }
}

/// Whose turn it was.
pub(crate) struct Person<'a> {
    /// Her session.
    pub(crate) session: &'a SessionId,
    /// Where she can be written to; `None` on the web and in groups.
    pub(crate) address: Option<&'a Address>,
}

/// All that a turn changes, to be applied in one commit.
pub(crate) fn changes(turn: &Turn, person: &Person<'_>) -> Vec<Change> {
    let mut changes: Vec<Change> =
        turn.effects.iter().filter_map(|effect| change(effect, person)).collect();
    // After /forget not even the fresh session is kept.
    if !turn.effects.contains(&Effect::Forget) {
        let state = turn.session.write();
        changes.push(Change::SaveSession { id: person.session.clone(), state });
    }
    changes
}

fn change(effect: &Effect, person: &Person<'_>) -> Option<Change> {
    let address = || person.address.cloned();
    Some(match effect {
        Effect::FileGap(gap) => {
            Change::FileGap { question: gap.question.clone(), key: gap.key.clone() }
        }
        Effect::Feedback { doc, section, helpful } => {
            Change::RecordFeedback { doc: doc.clone(), section: section.clone(), helpful: *helpful }
        }
        Effect::Subscribe(wanted) => Change::Subscribe {
            id: SubscriberId::from_bits(rand::random()),
            leave: LeaveToken::from_bits(rand::random()),
            address: address()?,
            subscription: stored(wanted),
        },
        Effect::Unsubscribe => Change::Leave { address: address()? },
        Effect::Forget => match address() {
            Some(address) => Change::Forget { address },
            None => Change::ForgetSession { id: person.session.clone() },
        },
    })
}

fn stored(wanted: &conversation::Subscription) -> fenghuo_store::Subscription {
    let minutes = |hour: u8| u16::from(hour) * 60;
    fenghuo_store::Subscription {
        region: wanted.region.clone(),
        role: Some(word(wanted.role).to_owned()),
        language: LANGUAGE.to_owned(),
        quiet: wanted
            .quiet
            .map(|quiet| Quiet { from: minutes(quiet.from), until: minutes(quiet.to) }),
    }
}

/// The word the contract has for each setting.
pub(crate) fn word(setting: Setting) -> &'static str {
    match setting {
        Setting::Agency => "agency",
        Setting::School => "school",
        Setting::Community => "community",
        Setting::Enterprise => "enterprise",
        Setting::Village => "village",
        Setting::Home => "home",
        Setting::Web => "web",
    }
}
