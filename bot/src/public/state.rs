//! What the public routes share, and the tasks that stand behind them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use fenghuo_content::Published;
use fenghuo_site::{Current, World};
use fenghuo_store::{Error, Store};
use jiff::Timestamp;
use tokio::sync::watch;

use super::board::Board;
use super::relay::{FeedOptions, Feeds};
use super::{Views, api, asset, calendar, export, feed, notices, signage, verify};
use crate::office::Office;
use crate::web::BotState;

/// How the public side behaves.
#[derive(Clone, Debug)]
pub struct PublicOptions {
    /// Whether our own notices are given out as CAP.
    pub cap_notices: bool,
    /// Feeds of those who may warn.
    pub feeds: Vec<FeedOptions>,
    /// How old the messages on pages and screens may be.
    pub fresh: Duration,
}

impl Default for PublicOptions {
    fn default() -> Self {
        Self { cap_notices: false, feeds: Vec::new(), fresh: Duration::from_millis(400) }
    }
}

/// The public side of broadcast; cheap to clone.
#[derive(Clone)]
pub struct Public {
    pub(super) bot: BotState,
    pub(super) options: Arc<PublicOptions>,
    board: Arc<Board>,
    office: Office,
    pub(super) views: Views,
    /// Changes when the server is asked to stop: streams that never end by themselves end then.
    pub(super) stopping: watch::Receiver<bool>,
}

impl Public {
    /// The public side over the store of `bot`; warnings of others become campaigns of `office`; `stopping`
    /// changes when the server is to end.
    pub fn new(
        bot: &BotState,
        office: &Office,
        options: PublicOptions,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self {
            office: office.clone(),
            board: Arc::new(Board::new(bot.store.clone(), options.fresh)),
            views: Views::new(bot.current.clone()),
            bot: bot.clone(),
            options: Arc::new(options),
            stopping,
        }
    }

    /// Pages, feeds, CAP, calendar, signage, `/verify`, `/api/v1/{notices,verify}`.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/", get(notices::home))
            .route("/notices/", get(notices::list))
            .route("/notices", get(notices::list))
            .route("/notices/{code}/", get(notices::one))
            .route("/notices/{code}", get(notices::one))
            .route("/notices/{code}/speech.txt", get(notices::speech))
            .route("/feeds/{file}", get(feed::serve))
            .route("/calendar.ics", get(calendar::serve))
            .route("/cap/index.atom", get(export::index))
            .route("/cap/current.xml", get(export::current))
            .route("/cap/{file}", get(export::one))
            .route("/verify", get(verify::page))
            .route("/verify/", get(verify::page))
            .route("/signage", get(signage::page))
            .route("/signage/", get(signage::page))
            .route("/signage/state", get(signage::state))
            .route("/signage/events", get(signage::events))
            .route("/api/v1/notices", get(api::list))
            .route("/api/v1/notices/{code}", get(api::one))
            .route("/api/v1/verify/{code}", get(verify::api))
            .merge(asset::router())
            .with_state(self.clone())
    }

    /// The counter of page views, for the layer around all pages.
    pub fn views(&self) -> Views {
        self.views.clone()
    }

    /// Writes down page views and reads the feeds of others until `stop` changes.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let feeds = Feeds::new(&self.office, self.current(), &self.bot.clock, &self.options.feeds);
        let (store, clock) = (self.bot.store.clone(), self.bot.clock.clone());
        tokio::join!(self.views.run(store, clock, stop.clone()), feeds.run(stop));
    }

    pub(super) fn current(&self) -> &Current {
        &self.bot.current
    }

    pub(super) fn store(&self) -> &Store {
        &self.bot.store
    }

    pub(super) fn now(&self) -> Timestamp {
        self.bot.clock.now()
    }

    /// All messages in sight, newest first.
    pub(super) async fn messages(&self, world: &World) -> Result<Arc<Vec<Published>>, Error> {
        self.board.messages(world).await
    }
}
