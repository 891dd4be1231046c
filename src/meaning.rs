//! The sentence encoder the binary carries, and the vectors of the library in use.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use fenghuo_content::Library;
use fenghuo_search::Engine;
use fenghuo_search::encoder::{Encoder, Known, Meaning};

use crate::cli::PlaceArgs;
use crate::config::Config;
use crate::failure::Failure;
use crate::library;

/// The model; `search/encoder` says where it comes from.
static MODEL: &[u8] = include_bytes!("../search/encoder/use-zh-en.bin");

/// Vectors of the built-in library; `cargo run -p fenghuo-search --example vectors` brings them up to date.
static VECTORS: &[u8] = include_bytes!("../search/encoder/library.vec");

/// How often a command that waits for all vectors looks again.
const LOOK: Duration = Duration::from_millis(20);

/// Gives libraries their meaning.
#[derive(Clone)]
pub(crate) struct Meanings {
    encoder: Arc<Encoder>,
    known: Arc<[Known]>,
    /// Where vectors are kept between runs.
    folder: Option<PathBuf>,
}

impl Meanings {
    /// The encoder, with its vectors kept below `folder`; `None` when it is switched off or cannot be read.
    pub(crate) fn new(semantic: bool, folder: Option<&Path>) -> Option<Self> {
        let encoder = semantic.then(|| Encoder::from_bytes(MODEL))?;
        let encoder = encoder
            .inspect_err(|error| tracing::error!(%error, "no encoder; answers stay lexical"))
            .ok()?;
        let known = Known::from_bytes(VECTORS)
            .inspect_err(|error| tracing::error!(%error, "the built-in vectors are damaged"));
        let folder = folder.map(|folder| folder.join("vectors")).filter(|folder| made(folder));
        Some(Self { encoder: Arc::new(encoder), known: known.into_iter().collect(), folder })
    }

    /// The meaning of `library`; what is missing is filled in the background.
    pub(crate) fn of(&self, library: &Library) -> Arc<Meaning> {
        Meaning::start(library, &self.encoder, &self.known, self.folder.as_deref())
    }
}

/// Makes `folder`; without it vectors are only forgotten at the end.
fn made(folder: &Path) -> bool {
    std::fs::create_dir_all(folder)
        .inspect_err(|error| tracing::warn!(%error, "no folder for vectors"))
        .is_ok()
}

/// The engine of commands that ask once: in memory, with its meaning complete.
pub(crate) fn engine(place: &PlaceArgs, config: &Config) -> Result<Engine, Failure> {
    let library = Arc::new(library::load_leniently(place.library.as_deref())?);
    let engine = Engine::in_memory(library).context("cannot build the index")?;
    let Some(meanings) = Meanings::new(config.search.semantic, Some(&place.data)) else {
        return Ok(engine);
    };
    let meaning = meanings.of(engine.library());
    while meaning.vectors().is_none() {
        std::thread::sleep(LOOK);
    }
    Ok(engine.with_meaning(meaning))
}
