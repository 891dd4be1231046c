//! Everything that works while the server runs: channels, office, desk, what the public sees, what sends.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use fenghuo_bot::broadcast::Broadcast;
use fenghuo_bot::office::{Error, Office};
use fenghuo_bot::public::{Public, PublicOptions, Views};
use fenghuo_bot::{BotState, Email, Telegram, Ways, WeChat, desk, tell};
use fenghuo_site::Current;
use tokio::sync::watch;

use crate::config::Config;

/// How often the calendar of notices is looked at.
const SEASON_EVERY: Duration = Duration::from_secs(600);

/// What runs beside the routes.
pub(crate) struct Services {
    telegram: Telegram,
    wechat: WeChat,
    email: Email,
    public: Public,
    broadcast: Broadcast<Office>,
    office: Office,
    current: Current,
    tell: Router,
    streams_end: watch::Receiver<bool>,
}

impl Services {
    /// Brings all of it up; `streams_end` turns true before the server waits for open connections.
    pub(crate) async fn new(
        bot: &BotState,
        config: &Config,
        listen: SocketAddr,
        streams_end: watch::Receiver<bool>,
    ) -> anyhow::Result<Self> {
        let public_url = config.public_url(listen);
        let bots = config.telegram.iter().map(|(name, bot)| bot.account(name)).collect();
        let telegram = Telegram::new(bot.clone(), public_url.clone(), bots);
        let accounts = config.wechat.iter().map(|(name, account)| account.account(name));
        let wechat = WeChat::new(bot, &public_url, accounts.collect::<anyhow::Result<_>>()?);
        let account = config.email.as_ref().map(|email| email.account()).transpose()?;
        let ways = Ways { telegram: telegram.usernames(), wechat: !config.wechat.is_empty() };
        let tell = tell(bot.clone(), public_url.clone());
        let email = Email::new(bot.clone(), public_url, account, ways);
        let current = bot.current.clone();
        let newest = bot.current.clone();
        let library = move || newest.get().library.clone();
        let office =
            Office::new(bot.store.clone(), library, bot.clock.clone(), config.office(listen));
        let options = PublicOptions {
            cap_notices: config.cap.notices,
            feeds: config.relay.iter().map(|(name, relay)| relay.feed(name)).collect(),
            ..PublicOptions::default()
        };
        let public = Public::new(bot, &office, options, streams_end.clone());
        let broadcast = broadcast(bot, config, &office, &email)?;
        office.sync_outlets(config.outlets()).await.map_err(|error| match error {
            Error::Faults(faults) => {
                anyhow::anyhow!("{}", faults.iter().map(ToString::to_string).collect::<String>())
            }
            error => error.into(),
        })?;
        Ok(Self { telegram, wechat, email, public, broadcast, office, current, tell, streams_end })
    }

    /// Their routes.
    pub(crate) fn router(&self) -> Router {
        self.telegram
            .router()
            .merge(self.wechat.router())
            .merge(self.email.router())
            .merge(self.public.router())
            .merge(self.tell.clone())
            .merge(self.desk())
    }

    fn desk(&self) -> Router {
        desk::router(self.office.clone(), self.current.clone(), self.streams_end.clone())
    }

    /// Counter of page views.
    pub(crate) fn views(&self) -> Views {
        self.public.views()
    }

    /// Works until `stop` turns true.
    pub(crate) async fn run(self, stop: watch::Receiver<bool>) {
        tokio::join!(
            self.telegram.run(stop.clone()),
            self.wechat.run(stop.clone()),
            self.email.run(stop.clone()),
            self.public.run(stop.clone()),
            self.broadcast.run(stop.clone()),
            season(self.office, stop),
        );
    }
}

/// One line for each account of ours that sends.
fn broadcast(
    bot: &BotState,
    config: &Config,
    office: &Office,
    email: &Email,
) -> anyhow::Result<Broadcast<Office>> {
    let BotState { store, clock, limits, .. } = bot.clone();
    let mut broadcast = Broadcast::new(store, clock, limits, office.clone());
    for (name, bot) in &config.telegram {
        broadcast.telegram(&bot.account(name))?;
    }
    for (name, account) in &config.wechat {
        if let Some(account) = account.broadcast(name)? {
            broadcast.wechat(account)?;
        }
    }
    for (name, robot) in &config.robot {
        broadcast.robot(robot.account(name)?)?;
    }
    for (name, webhook) in &config.webhook {
        broadcast.webhook(webhook.account(name)?)?;
    }
    if let Some(sender) = email.sender() {
        broadcast.email(sender);
    }
    Ok(broadcast)
}

/// Looks at the calendar now and then, until `stop` turns true.
async fn season(office: Office, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match office.tick_season().await {
            Ok(ticked) if ticked.drafted.is_empty() && ticked.skipped.is_empty() => {}
            Ok(ticked) => tracing::info!(
                drafted = ticked.drafted.len(),
                skipped = ticked.skipped.len(),
                "seasonal notices"
            ),
            Err(error) => tracing::error!(%error, "cannot look at the calendar of notices"),
        }
        tokio::select! {
            () = tokio::time::sleep(SEASON_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}
