//! What follows a saved document in the background: the index of answers, and the checks of documents against each other.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Instant;

use fenghuo_content::{Files, Library};
use fenghuo_site::World;
use tokio::sync::watch;

use super::reload::{Makings, micros};

/// A thread that makes the answers of the newest library; those between are skipped.
pub(super) struct Follower(Sender<Arc<Library>>);

/// What the thread has.
struct Worker {
    makings: Makings,
    world: Arc<watch::Sender<Arc<World>>>,
    folder: PathBuf,
}

impl Follower {
    /// Starts the thread; it ends when the follower is dropped.
    pub(super) fn start(
        makings: Makings,
        world: Arc<watch::Sender<Arc<World>>>,
        folder: PathBuf,
    ) -> Self {
        let (sender, libraries) = channel();
        let worker = Worker { makings, world, folder };
        std::thread::spawn(move || worker.run(&libraries));
        Self(sender)
    }

    /// Answers from `library` as soon as they can be made.
    pub(super) fn follow(&self, library: Arc<Library>) {
        // The thread ends only when this sender does.
        let _ = self.0.send(library);
    }
}

impl Worker {
    fn run(&self, libraries: &Receiver<Arc<Library>>) {
        while let Ok(library) = libraries.recv() {
            let mut newest = libraries.try_iter().last().unwrap_or(library);
            loop {
                self.answer(&newest);
                match libraries.try_iter().last() {
                    Some(newer) => newest = newer,
                    None => break,
                }
            }
            self.check();
        }
    }

    fn answer(&self, library: &Arc<Library>) {
        let started = Instant::now();
        let before = self.world.borrow().engine.clone();
        match self.makings.renewed(&before, library) {
            Ok(engine) => {
                tracing::info!(
                    library = library.hash,
                    documents = engine.documents_read(),
                    micros = micros(started),
                    "answers reloaded"
                );
                self.world.send_modify(|world| {
                    let (library, site) = (world.library.clone(), world.site.clone());
                    *world = Arc::new(World { library, engine, site });
                });
            }
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "answers still come from the library before"
            ),
        }
    }

    /// Tells what only all documents together show; the pages stay, `fenghuo check` names the rest.
    fn check(&self) {
        let Ok(files) = Files::read(&self.folder) else { return };
        let (_, faults) = Library::load(&files);
        let errors: Vec<_> = faults.iter().filter(|fault| fault.is_error()).collect();
        if let Some(first) = errors.first() {
            tracing::error!(errors = errors.len(), first = %first, "the library has errors; it would not be built");
        }
    }
}
