//! All that a process sends: one line an account, and the conductor.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use fenghuo_store::{Account, Store};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::conductor::Conductor;
use super::line::Line;
use super::pace::Rate;
use super::robot::{RobotAccount, RobotSender};
use super::webhook::{WebhookAccount, WebhookSender};
use super::wechat::{WeChatBroadcast, WeChatSender};
use super::words::Words;
use super::{Sender, Texts, speed};
use crate::channel::{Limits, TelegramSender};
use crate::{Clock, EmailSender, TelegramAccount};

type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Sends the campaigns of a county.
pub struct Broadcast<T> {
    store: Store,
    clock: Clock,
    limits: Limits,
    words: Arc<Words<T>>,
    lines: Vec<Box<dyn FnOnce(watch::Receiver<bool>) -> Running + Send>>,
}

impl<T: Texts> Broadcast<T> {
    /// Sends what stands in `store`, in the words of `texts`; `limits` are those the channels answer
    /// under, so that answers are counted.
    pub fn new(store: Store, clock: Clock, limits: Limits, texts: T) -> Self {
        let words = Arc::new(Words::new(texts, store.clone()));
        Self { store, clock, limits, words, lines: Vec::new() }
    }

    /// Sends to the subscribers of `account` through `sender`.
    pub fn line<S: Sender>(&mut self, account: Account, sender: S, rate: Rate) {
        let line = Line {
            store: self.store.clone(),
            clock: self.clock.clone(),
            answers: self.limits.answers(&account),
            account,
            sender: Arc::new(sender),
            words: Arc::clone(&self.words),
            rate,
        };
        self.lines.push(Box::new(move |stop| Box::pin(line.run(stop))));
    }

    /// Sends to those who follow the bot `account`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn telegram(&mut self, account: &TelegramAccount) -> Result<(), reqwest::Error> {
        let sender = TelegramSender::new(account)?;
        let rate = TelegramSender::rate(account);
        self.line(Account::new("telegram", &account.name), sender, rate);
        Ok(())
    }

    /// Sends letters to those who subscribe by e-mail.
    pub fn email(&mut self, sender: EmailSender) {
        self.line(Account::new("email", "main"), sender, Rate::of(speed::EMAIL));
    }

    /// Sends to those who follow the official account `account`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn wechat(&mut self, account: WeChatBroadcast) -> Result<(), reqwest::Error> {
        let rate = speed::wechat_rate(&account.way);
        let name = Account::new("wechat", &account.name);
        let sender = WeChatSender::new(account, self.store.clone(), self.clock.clone())?;
        self.line(name, sender, rate);
        Ok(())
    }

    /// Sends to the group of the robot `account`, an outlet `robot/NAME`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn robot(&mut self, account: RobotAccount) -> Result<(), reqwest::Error> {
        let name = Account::new("robot", account.name());
        let sender = RobotSender::new(account, self.clock.clone())?;
        self.line(name, sender, speed::ROBOT);
        Ok(())
    }

    /// Sends to the system behind `account`, an outlet `webhook/NAME`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn webhook(&mut self, account: WebhookAccount) -> Result<(), reqwest::Error> {
        let name = Account::new("webhook", account.name());
        let sender = WebhookSender::new(account, self.clock.clone())?;
        self.line(name, sender, speed::WEBHOOK);
        Ok(())
    }

    /// Sends until `stop` changes; then what is on its way is waited for and written down, and the rest
    /// is left to others.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let mut running = JoinSet::new();
        let conductor = Conductor::new(self.store, self.clock, self.words);
        running.spawn(conductor.run(stop.clone()));
        for line in self.lines {
            running.spawn(line(stop.clone()));
        }
        while let Some(ended) = running.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a line panicked");
            }
        }
    }
}
