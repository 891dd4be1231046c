//! The running server: routes of the crates joined, with what every response needs around them.

mod access;
mod boards;
mod client;
mod etag;
mod follow;
mod front;
mod guard;
mod headers;
mod health;
mod openapi;
mod reload;
mod services;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::ServiceExt;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{from_fn, from_fn_with_state};
use fenghuo_bot::BotState;
use fenghuo_bot::public::Views;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::timeout::TimeoutLayer;

use crate::config::Config;

pub(crate) use boards::Boards;
pub(crate) use front::Front;
pub(crate) use reload::{Makings, Reloader};
pub(crate) use services::Services;

/// Bodies larger than this are refused; no form of ours comes near it.
const BODY_LIMIT: usize = 64 * 1024;

/// A request that takes longer is given up.
const TIMEOUT: Duration = Duration::from_secs(15);

/// What the server needs.
pub(crate) struct Server {
    pub(crate) config: Arc<Config>,
    pub(crate) bot: BotState,
    pub(crate) metrics: PrometheusHandle,
    /// Routes of the channels.
    pub(crate) channels: Router,
    /// Counter of page views.
    pub(crate) views: Views,
}

/// All routes with all layers.
pub(crate) fn router(server: Server) -> Front {
    let Server { config, bot, metrics, channels, views } = server;
    let current = bot.current.clone();
    let (shown, counted) = (access::Shown::new(), views.clone());
    let router = health::router(current.clone(), metrics, config.clone())
        .merge(channels)
        .merge(fenghuo_bot::widget(bot.clone(), &config.server.embed_origins))
        .merge(openapi::router(current.clone()))
        .merge(fenghuo_bot::router(bot))
        .merge(fenghuo_site::router(current.clone()))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, TIMEOUT))
        .layer(from_fn(guard::problems))
        .layer(CompressionLayer::new().compress_when(compressible()))
        .layer(from_fn(etag::weaken))
        .layer(from_fn(headers::secure))
        .layer(from_fn(access::record))
        .layer(from_fn_with_state(views, Views::count))
        .layer(from_fn_with_state(config, client::identify));
    Front { current, views: counted, shown, router }
}

/// Packs are compressed already.
fn compressible() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("application/zip"))
        .and(NotForContentType::const_new("application/epub+zip"))
}

/// What ends the server: Ctrl-C or SIGTERM.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Listens from now on: a signal that comes before would end the process at once.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn received(mut self) {
        tokio::select! { _ = self.interrupt.recv() => {}, _ = self.terminate.recv() => {} }
        tracing::info!("stopping");
    }
}

/// Serves until a signal, then lets running requests end; `stopping` is set first, so that streams that
/// never end by themselves do.
pub(crate) async fn serve(
    listener: TcpListener,
    front: Front,
    signals: Signals,
    stopping: watch::Sender<bool>,
) -> std::io::Result<()> {
    let received = async move {
        signals.received().await;
        stopping.send_replace(true);
    };
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(front);
    axum::serve(listener, service).with_graceful_shutdown(received).await
}
