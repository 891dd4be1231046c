//! `fenghuo serve`: library, index, store and routes brought up in order, taken down in reverse.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use fenghuo_bot::{BotState, Limits};
use fenghuo_content::Library;
use fenghuo_site::{Current, World};
use fenghuo_store::{Location, Store};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;

use crate::cli::{PlaceArgs, ServeArgs};
use crate::clock::Clock;
use crate::config::Config;
use crate::database;
use crate::failure::Failure;
use crate::library;
use crate::meaning::Meanings;
use crate::server::{self, Boards, Makings, Reloader, Server, Services, Signals};

/// How often what has outlived its period is deleted.
const PURGE_EVERY: Duration = Duration::from_secs(600);

/// Replies that are being sent when a signal comes have this long to arrive.
const FINISH: Duration = Duration::from_secs(20);

pub(crate) fn run(place: &PlaceArgs, config: Config, args: &ServeArgs) -> Result<(), Failure> {
    start_log();
    let listen = args.listen.unwrap_or(config.server.listen);
    let clock = clock(args, listen)?;
    let library = Arc::new(library::load_strictly(place.library.as_deref(), args.unchecked)?);
    let makings = Makings {
        // Under `--watch` every save makes another index; on disk they would pile up.
        index: (!args.watch).then(|| place.data.join("index")),
        public_url: config.public_url(listen),
        clock,
        watch: args.watch,
        unchecked: args.unchecked,
        meanings: Meanings::new(config.search.semantic, Some(&place.data)),
    };
    let database = database::location(place, &config)?;
    let watched = args.watch.then(|| watched_folder(place)).flatten();
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(serve(Start { config, listen, library, makings, database, watched }))?;
    Ok(())
}

/// What a server starts from.
struct Start {
    config: Config,
    listen: SocketAddr,
    library: Arc<Library>,
    makings: Makings,
    database: Location,
    watched: Option<PathBuf>,
}

/// Brings everything up in order, serves until a signal, and takes the store down last.
async fn serve(start: Start) -> anyhow::Result<()> {
    let Start { config, listen, library, makings, database, watched } = start;
    let clock = makings.clock;
    let store = database::open(&database).await.context("cannot open the store")?;
    let _lock = store.lock().await.context("another `serve` may be running on this data folder")?;
    let world = world(&makings, library).await?;
    let current = Current::new(world.subscribe());
    keep_current(makings.clone(), world.clone(), watched);
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let signals = Signals::listen().context("cannot listen for signals")?;
    let metrics = PrometheusBuilder::new().install_recorder().context("cannot install metrics")?;
    let bot = BotState {
        current,
        store: store.clone(),
        clock: fenghuo_bot::Clock::new(move || clock.now()),
        limits: Limits::default(),
    };
    let (stop, stopped) = watch::channel(false);
    let (stopping, streams_end) = watch::channel(false);
    let services = Services::new(&bot, &config, listen, streams_end).await?;
    let (channels, views) = (services.router(), services.views());
    let router = server::router(Server { config: Arc::new(config), bot, metrics, channels, views });
    tracing::info!(address = %listener.local_addr().unwrap_or(listen), "listening");
    let purging = tokio::spawn(purge(store.clone(), clock));
    let boards = tokio::spawn(Boards { store: store.clone(), makings, world }.run());
    let working = tokio::spawn(services.run(stopped));
    let served = server::serve(listener, router, signals, stopping).await;
    purging.abort();
    boards.abort();
    stop.send_replace(true);
    if tokio::time::timeout(FINISH, working).await.is_err() {
        tracing::warn!("channels did not finish in time; what is on its way is listed");
    }
    store.close().await;
    served.context("the server failed")
}

/// The first world, to be followed by others.
async fn world(
    makings: &Makings,
    library: Arc<Library>,
) -> anyhow::Result<Arc<watch::Sender<Arc<World>>>> {
    let makings = makings.clone();
    let world = tokio::task::spawn_blocking(move || makings.world(&library)).await;
    Ok(Arc::new(watch::Sender::new(Arc::new(world.context("cannot make the site")??))))
}

/// A thread that follows what is saved, and the days.
fn keep_current(makings: Makings, world: Arc<watch::Sender<Arc<World>>>, watched: Option<PathBuf>) {
    let reloader = Reloader { makings, world };
    std::thread::spawn(move || {
        if let Err(error) = reloader.run(watched.as_deref()) {
            tracing::error!(error = format!("{error:#}"), "reloading has stopped");
        }
    });
}

/// JSON lines on standard error; `RUST_LOG` chooses levels.
fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber cannot be set; that the first one stays is what we want.
    let _ = log.try_init();
}

fn clock(args: &ServeArgs, listen: SocketAddr) -> Result<Clock, Failure> {
    match args.now {
        None => Ok(Clock::default()),
        Some(now) if listen.ip().is_loopback() => Ok(Clock::starting_at(now)),
        Some(_) => {
            Err(Failure::usage("--now is for rehearsals and works only on a loopback address"))
        }
    }
}

/// The folder to watch: that of `--library`, or of a checkout in debug builds, whose files are read.
fn watched_folder(place: &PlaceArgs) -> Option<PathBuf> {
    place.library.clone().or_else(|| {
        let checkout = Path::new("content/library");
        (cfg!(debug_assertions) && checkout.is_dir()).then(|| checkout.to_owned())
    })
}

/// Deletes what has outlived its period and counts the subscribers of the day, now and then.
async fn purge(store: Store, clock: Clock) {
    loop {
        if let Err(error) = store.purge(clock.now()).await {
            tracing::error!(%error, "cannot purge the store");
        }
        if let Err(error) = store.record_coverage(clock.now()).await {
            tracing::error!(%error, "cannot count the subscribers");
        }
        tokio::time::sleep(PURGE_EVERY).await;
    }
}
