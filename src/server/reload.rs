//! The world swapped whole: when the library changes (`--watch`) and when a new day begins.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Context;
use fenghuo_content::Library;
use fenghuo_search::Engine;
use fenghuo_search::encoder::Meaning;
use fenghuo_site::{Options, Site, World};
use jiff::civil::Date;
use notify::{RecursiveMode, Watcher};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::library;
use crate::meaning::Meanings;

/// Saving a file makes several events; they are taken together.
const SETTLE: Duration = Duration::from_millis(30);

/// How often the date is looked at.
const TICK: Duration = Duration::from_secs(20);

/// What a world is made from.
#[derive(Clone)]
pub(crate) struct Makings {
    pub(crate) library: Option<PathBuf>,
    /// Folder of the index; in memory without.
    pub(crate) index: Option<PathBuf>,
    pub(crate) public_url: String,
    pub(crate) clock: Clock,
    pub(crate) watch: bool,
    /// The encoder; answers go by words alone without.
    pub(crate) meanings: Option<Meanings>,
}

impl Makings {
    /// The world of `library` today.
    pub(crate) fn world(&self, library: &Arc<Library>) -> anyhow::Result<World> {
        let engine = match &self.index {
            Some(dir) => Engine::on_disk(library.clone(), dir),
            None => Engine::in_memory(library.clone()),
        };
        let engine = engine.context("cannot build the index")?;
        let meaning = self.meanings.as_ref().map(|meanings| meanings.of(library));
        Ok(self.made(library, engine, meaning))
    }

    /// The world of the next version of the library; the engine takes over what did not change since `before`.
    fn renewed(&self, before: &World, library: &Arc<Library>) -> anyhow::Result<World> {
        let engine = before.engine.renewed(library.clone()).context("cannot renew the index")?;
        let meaning = self.meanings.as_ref().map(|meanings| match before.engine.meaning() {
            Some(meaning) => meanings.renewed(meaning, library),
            None => meanings.of(library),
        });
        tracing::info!(documents = engine.documents_read(), "read again");
        Ok(self.made(library, engine, meaning))
    }

    fn made(&self, library: &Arc<Library>, engine: Engine, meaning: Option<Arc<Meaning>>) -> World {
        let engine = Arc::new(match meaning {
            Some(meaning) => engine.with_meaning(meaning),
            None => engine,
        });
        World { site: Arc::new(self.site(library)), library: library.clone(), engine }
    }

    fn site(&self, library: &Arc<Library>) -> Site {
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
    pub(crate) world: watch::Sender<Arc<World>>,
}

impl Reloader {
    /// Watches `folder` where there is one, and the date always. Runs until the program ends.
    pub(crate) fn run(self, folder: Option<&Path>) -> anyhow::Result<()> {
        let (sender, events) = channel();
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                // Reading is not changing; our own reload reads everything.
                if event.is_ok_and(|event| !event.kind.is_access()) {
                    let _ = sender.send(());
                }
            })
            .context("cannot watch files")?;
        if let Some(folder) = folder {
            watcher.watch(folder, RecursiveMode::Recursive).context("cannot watch the library")?;
        }
        let mut day = self.makings.clock.today();
        loop {
            match events.recv_timeout(TICK) {
                Ok(()) => self.reload(&events),
                Err(RecvTimeoutError::Timeout) => self.turn_day(&mut day),
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Reads the library again; keeps the last good one when it has errors.
    fn reload(&self, events: &Receiver<()>) {
        while events.recv_timeout(SETTLE).is_ok() {}
        let loaded = library::load(self.makings.library.as_deref());
        let Ok((library, faults)) = loaded else {
            tracing::error!("cannot read the library; the last good one stays");
            return;
        };
        let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
        if let Some(first) = errors.first() {
            tracing::error!(errors = errors.len(), first = %first, "the library has errors; the last good one stays");
            return;
        }
        if library.hash == self.world.borrow().library.hash {
            return;
        }
        let before = self.world.borrow().clone();
        match self.makings.renewed(&before, &Arc::new(library)) {
            Ok(world) => self.swap(world),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "the last good library stays");
            }
        }
    }

    /// A new day shows other seasonal notices.
    fn turn_day(&self, day: &mut Date) {
        let today = self.makings.clock.today();
        if today == *day {
            return;
        }
        *day = today;
        let world = self.world.borrow().clone();
        let site = Arc::new(self.makings.site(&world.library));
        self.swap(World { library: world.library.clone(), engine: world.engine.clone(), site });
    }

    fn swap(&self, world: World) {
        tracing::info!(library = world.library.hash, "reloaded");
        self.world.send_replace(Arc::new(world));
    }
}
