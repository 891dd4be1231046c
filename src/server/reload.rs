//! The world swapped: when a document is saved (`--watch`) and when a new day begins.
//!
//! The page of a saved document is there at once, read and judged alone; the index of answers and the checks of
//! documents against each other follow (`follow.rs`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use fenghuo_content::{Diagnostic, Files, Library, Refresh, Shelf};
use fenghuo_search::Engine;
use fenghuo_search::encoder::Meaning;
use fenghuo_site::{Options, Site, World};
use jiff::civil::Date;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::watch;

use super::follow::Follower;
use crate::clock::Clock;
use crate::meaning::Meanings;

/// Saving a file makes several events; they are taken together.
const SETTLE: Duration = Duration::from_millis(5);

/// How often the date is looked at.
const TICK: Duration = Duration::from_secs(20);

/// What a world is made from.
#[derive(Clone)]
pub(crate) struct Makings {
    /// Folder of the index; in memory without.
    pub(crate) index: Option<PathBuf>,
    pub(crate) public_url: String,
    pub(crate) clock: Clock,
    pub(crate) watch: bool,
    /// Faulty documents are left out instead of keeping the last good library.
    pub(crate) unchecked: bool,
    /// The encoder; answers go by words alone without.
    pub(crate) meanings: Option<Meanings>,
}

impl Makings {
    /// The world of `library` today.
    pub(crate) fn world(&self, library: &Arc<Library>) -> anyhow::Result<World> {
        let engine = self.engine(library)?;
        Ok(World { site: Arc::new(self.site(library)), library: library.clone(), engine })
    }

    /// What answers from `library`.
    pub(super) fn engine(&self, library: &Arc<Library>) -> anyhow::Result<Arc<Engine>> {
        let engine = match &self.index {
            Some(dir) => Engine::on_disk(library.clone(), dir),
            None => Engine::in_memory(library.clone()),
        };
        let engine = engine.context("cannot build the index")?;
        let meaning = self.meanings.as_ref().map(|meanings| meanings.of(library));
        Ok(with_meaning(engine, meaning))
    }

    /// What answers from the next version of the library; it takes over what did not change since `before`.
    pub(super) fn renewed(
        &self,
        before: &Engine,
        library: &Arc<Library>,
    ) -> anyhow::Result<Arc<Engine>> {
        let engine = before.renewed(library.clone()).context("cannot renew the index")?;
        let meaning = self.meanings.as_ref().map(|meanings| match before.meaning() {
            Some(meaning) => meanings.renewed(meaning, library),
            None => meanings.of(library),
        });
        Ok(with_meaning(engine, meaning))
    }

    /// The pages of `library` today.
    pub(super) fn site(&self, library: &Arc<Library>) -> Site {
        let options = Options {
            public_url: self.public_url.clone(),
            today: self.clock.today(),
            live: true,
            watch: self.watch,
        };
        Site::new(library.clone(), options)
    }
}

/// Keeps the world current on a thread of its own.
pub(crate) struct Reloader {
    pub(crate) makings: Makings,
    pub(crate) world: Arc<watch::Sender<Arc<World>>>,
}

/// The folder editors work in.
struct Watched {
    folder: PathBuf,
    shelf: Shelf,
    follower: Follower,
    _watcher: RecommendedWatcher,
}

impl Reloader {
    /// Watches `folder` where there is one, and the date always. Runs until the program ends.
    pub(crate) fn run(self, folder: Option<&Path>) -> anyhow::Result<()> {
        // Without a folder nobody sends, but the channel stays open.
        let (sender, events) = channel();
        let mut watched = match folder {
            Some(folder) => Some(self.watch(folder, sender.clone())?),
            None => None,
        };
        let mut day = self.makings.clock.today();
        loop {
            match events.recv_timeout(TICK) {
                Ok(paths) => {
                    if let Some(watched) = &mut watched {
                        self.reload(watched, paths, &events);
                    }
                }
                Err(RecvTimeoutError::Timeout) => self.turn_day(&mut day),
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Listens before it reads, so that nothing saved in between is missed.
    fn watch(
        &self,
        folder: &Path,
        sender: std::sync::mpsc::Sender<Vec<PathBuf>>,
    ) -> anyhow::Result<Watched> {
        // Events name real paths.
        let folder = folder.canonicalize().context("cannot find the library")?;
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // Reading is not changing. An event that was lost is one about everything.
                let paths = match event {
                    Ok(event) if event.kind.is_access() => return,
                    Ok(event) if event.need_rescan() => vec![PathBuf::from("library.toml")],
                    Ok(event) => event.paths,
                    Err(_) => return,
                };
                let _ = sender.send(paths);
            })
            .context("cannot watch files")?;
        watcher.watch(&folder, RecursiveMode::Recursive).context("cannot watch the library")?;
        let shelf = Shelf::open(&folder).context("cannot read the library")?;
        let follower = Follower::start(self.makings.clone(), self.world.clone(), folder.clone());
        let library = shelf.library();
        if library.hash != self.world.borrow().library.hash {
            self.show(library, &follower, Instant::now());
        }
        Ok(Watched { folder, shelf, follower, _watcher: watcher })
    }

    /// Reads again what was saved; keeps the last good library when it has errors.
    fn reload(&self, watched: &mut Watched, paths: Vec<PathBuf>, events: &Receiver<Vec<PathBuf>>) {
        let started = Instant::now();
        let mut paths: BTreeSet<PathBuf> = paths.into_iter().collect();
        while let Ok(more) = events.recv_timeout(SETTLE) {
            paths.extend(more);
        }
        match watched.shelf.refresh(&paths) {
            Refresh::Same => {}
            Refresh::Changed { library, errors } if self.stands(&errors) => {
                self.show(*library, &watched.follower, started);
            }
            Refresh::Changed { .. } => {}
            Refresh::Whole => self.read_anew(watched, started),
        }
    }

    /// Settings or drawings changed: everything is read and judged again.
    fn read_anew(&self, watched: &mut Watched, started: Instant) {
        let (Ok(files), Ok(shelf)) = (Files::read(&watched.folder), Shelf::open(&watched.folder))
        else {
            tracing::error!("cannot read the library; the last good one stays");
            return;
        };
        watched.shelf = shelf;
        let (library, faults) = Library::load(&files);
        if self.stands(&faults) {
            self.show(library, &watched.follower, started);
        }
    }

    /// Whether a library with `faults` is shown; tells of the errors.
    fn stands(&self, faults: &[Diagnostic]) -> bool {
        let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
        let Some(first) = errors.first() else { return true };
        if self.makings.unchecked {
            tracing::warn!(errors = errors.len(), first = %first, "the library has errors");
            return true;
        }
        tracing::error!(errors = errors.len(), first = %first, "the library has errors; the last good one stays");
        false
    }

    /// Shows the pages of `library`; answers go on from the one before until theirs are ready.
    fn show(&self, library: Library, follower: &Follower, started: Instant) {
        let library = Arc::new(library);
        if library.hash == self.world.borrow().library.hash {
            return;
        }
        let site = Arc::new(self.makings.site(&library));
        tracing::info!(library = library.hash, micros = micros(started), "pages reloaded");
        let shown = library.clone();
        self.world.send_modify(|world| {
            let engine = world.engine.clone();
            *world = Arc::new(World { library: shown, engine, site });
        });
        follower.follow(library);
    }

    /// A new day shows other seasonal notices.
    fn turn_day(&self, day: &mut Date) {
        let today = self.makings.clock.today();
        if today == *day {
            return;
        }
        *day = today;
        let library = self.world.borrow().library.clone();
        let site = Arc::new(self.makings.site(&library));
        tracing::info!(%today, "a new day");
        self.world.send_modify(|world| {
            *world = Arc::new(World { library, engine: world.engine.clone(), site });
        });
    }
}

fn with_meaning(engine: Engine, meaning: Option<Arc<Meaning>>) -> Arc<Engine> {
    Arc::new(match meaning {
        Some(meaning) => engine.with_meaning(meaning),
        None => engine,
    })
}

/// Microseconds since `started`, for the log.
pub(super) fn micros(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX)
}
