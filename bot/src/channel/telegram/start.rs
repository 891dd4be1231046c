//! Bringing the bots up: who they are, their menu, their webhook, then the work.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use fenghuo_store::Account;
use governor::{Quota, RateLimiter};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use teloxide::types::Me;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::backoff::Backoff;
use super::bot::{Bot, Shared};
use super::client::{API_URL, Answer, Client, Ignored};
use super::command::Command;
use super::poll::Poller;
use super::update::ALLOWED;
use super::username::Usernames;
use super::webhook::{self, Gate};
use crate::BotState;
use crate::channel::worker::Worker;

const TIMEOUT: Duration = Duration::from_secs(20);
/// Connections Telegram may open to us at once, the most there are: each waits until its update is on disk, and
/// those that wait together go there together.
const CONNECTIONS: u32 = 100;

/// A bot of ours, as configured.
#[derive(Clone)]
pub struct TelegramAccount {
    /// Its name in the configuration.
    pub name: String,
    /// What `@BotFather` gave.
    pub token: String,
    /// How updates come in.
    pub mode: TelegramMode,
    /// Another Bot API than Telegram's.
    pub api_url: Option<String>,
    /// Most messages a second; as many as Telegram allows by default.
    pub rate: Option<NonZeroU32>,
}

/// How updates come in.
#[derive(Clone, PartialEq, Eq)]
pub enum TelegramMode {
    /// We ask.
    Polling,
    /// Telegram posts to `/in/telegram/NAME`.
    Webhook {
        /// What it must send along.
        secret: String,
    },
}

/// All bots of a process.
pub struct Telegram {
    state: BotState,
    public_url: String,
    accounts: Vec<TelegramAccount>,
    usernames: Usernames,
}

impl Telegram {
    /// The bots of `accounts`; links in their messages begin at `public_url`.
    pub fn new(state: BotState, public_url: String, accounts: Vec<TelegramAccount>) -> Self {
        Self { state, public_url, accounts, usernames: Usernames::default() }
    }

    /// Serves `/in/telegram/NAME` for the bots in webhook mode.
    pub fn router(&self) -> Router {
        let secret = |account: &TelegramAccount| match &account.mode {
            TelegramMode::Webhook { secret } => Some((account.name.clone(), secret.clone())),
            TelegramMode::Polling => None,
        };
        let secrets: HashMap<_, _> = self.accounts.iter().filter_map(secret).collect();
        webhook::router(Gate {
            store: self.state.store.clone(),
            current: self.state.current.clone(),
            clock: self.state.clock.clone(),
            secrets: Arc::new(secrets),
        })
    }

    /// What Telegram calls them, as they come up.
    pub fn usernames(&self) -> Usernames {
        self.usernames.clone()
    }

    /// Runs all bots until `stop` changes and what they have begun is finished.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let mut bots = JoinSet::new();
        for account in self.accounts {
            let begin = Begin {
                account,
                state: self.state.clone(),
                public_url: self.public_url.clone(),
                usernames: self.usernames.clone(),
            };
            bots.spawn(begin.run(stop.clone()));
        }
        while bots.join_next().await.is_some() {}
    }
}

/// One bot on its way up.
struct Begin {
    account: TelegramAccount,
    state: BotState,
    public_url: String,
    usernames: Usernames,
}

impl Begin {
    async fn run(self, mut stop: watch::Receiver<bool>) {
        let name = self.account.name.clone();
        let url = self.account.api_url.as_deref().unwrap_or(API_URL);
        let client = match Client::new(url, &self.account.token) {
            Ok(client) => client,
            Err(error) => {
                tracing::error!(account = name, %error, "cannot set up TLS");
                return;
            }
        };
        let me = tokio::select! {
            me = self.introduce(&client) => me,
            _ = stop.changed() => return,
        };
        let Some(me) = me else {
            tracing::error!(
                account = name,
                "the Bot API refuses the token: this bot is off. Set [telegram] token and restart"
            );
            return;
        };
        self.usernames.note(&name, me.username());
        tracing::info!(account = name, bot = me.username(), "telegram bot is up");
        self.work(client, me, stop).await;
    }

    /// Who the bot is, its menu set, its webhook set; `None` where the token is refused.
    async fn introduce(&self, client: &Client) -> Option<Me> {
        let me = loop {
            let who: Value = call(client, "getMe", &json!({})).await?;
            match me(&who) {
                Some(me) => break me,
                None => tracing::error!("getMe says nothing of a bot with a username"),
            }
            tokio::time::sleep(TIMEOUT).await;
        };
        call::<Ignored>(client, "setMyCommands", &Command::menu()).await?;
        if let TelegramMode::Webhook { secret } = &self.account.mode {
            let body = json!({
                "url": format!("{}/in/telegram/{}", self.public_url, self.account.name),
                "secret_token": secret,
                "allowed_updates": ALLOWED,
                "max_connections": CONNECTIONS,
            });
            call::<Ignored>(client, "setWebhook", &body).await?;
        }
        Some(me)
    }

    async fn work(self, client: Client, me: Me, stop: watch::Receiver<bool>) {
        let BotState { current, store, clock, limits } = self.state;
        let account = Account::new("telegram", &self.account.name);
        let poller = Poller {
            client: client.clone(),
            account: account.clone(),
            store: store.clone(),
            current: current.clone(),
            clock: clock.clone(),
        };
        let pace = self.account.rate.map(|rate| RateLimiter::direct(Quota::per_second(rate)));
        let shared =
            Shared { current, store: store.clone(), limits, public_url: self.public_url, pace };
        let carrier = Arc::new(Bot::new(client, me, shared));
        let worker = Worker { store, account, clock, carrier };
        match self.account.mode {
            TelegramMode::Polling => {
                tokio::join!(worker.run(stop.clone()), poller.run(stop));
            }
            TelegramMode::Webhook { .. } => worker.run(stop).await,
        }
    }
}

/// Calls until it is done; `None` where the token is refused or the request can never be right.
async fn call<T: DeserializeOwned>(client: &Client, method: &str, body: &Value) -> Option<T> {
    let mut backoff = Backoff::default();
    loop {
        match client.call(method, body, TIMEOUT).await {
            Answer::Done(result) => return Some(result),
            Answer::Refused(refusal) if refusal.code != 429 => {
                let (code, description) = (refusal.code, refusal.description);
                tracing::error!(method, code, description, "the Bot API refuses");
                return None;
            }
            Answer::Refused(refusal) => {
                let wait = Duration::from_secs(refusal.retry_after.unwrap_or(1));
                tokio::time::sleep(wait).await;
            }
            Answer::NotSent(reason) | Answer::Unknown(reason) => {
                tracing::warn!(method, reason, "cannot reach the Bot API");
                backoff.wait().await;
            }
        }
    }
}

/// Of `getMe` only who the bot is; what its type demands besides changes with every version.
fn me(who: &Value) -> Option<Me> {
    let name = who.get("username")?.as_str().filter(|name| !name.is_empty())?;
    let me = json!({
        "id": who.get("id")?, "is_bot": true, "first_name": name, "username": name,
        "can_join_groups": true, "can_read_all_group_messages": false,
        "supports_inline_queries": false, "has_main_web_app": false,
    });
    serde_json::from_value(me).ok()
}
