//! The sentence encoder the binary carries, and the vectors of the library in use.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use fenghuo_content::Library;
use fenghuo_search::Engine;
use fenghuo_search::encoder::{Encoder, Known, Meaning};

use crate::cli::PlaceArgs;
use crate::config::Config;
use crate::failure::Failure;
use crate::{embedded, library};

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
        let encoder = semantic.then(|| Encoder::from_bytes(embedded::model()))?;
        let encoder = encoder
            .inspect_err(|error| tracing::error!(%error, "no encoder; answers stay lexical"))
            .ok()?;
        let known = Known::from_bytes(embedded::vectors());
        let known =
            known.inspect_err(|error| tracing::warn!(%error, "the built-in vectors are damaged; they are encoded again")).ok();
        let folder = folder.map(|folder| folder.join("vectors"));
        Some(Self { encoder: Arc::new(encoder), known: known.into_iter().collect(), folder })
    }

    /// The meaning of `library`; what is missing is filled in the background.
    pub(crate) fn of(&self, library: &Library) -> Arc<Meaning> {
        Meaning::start(library, &self.encoder, &self.known, self.folder.as_deref())
    }

    /// The meaning of the next version of the library; what did not change is taken over from `before`.
    pub(crate) fn renewed(&self, before: &Arc<Meaning>, library: &Library) -> Arc<Meaning> {
        before.renewed(library, &self.known, self.folder.as_deref())
    }
}

/// The engine of commands that ask once: in memory, with its meaning complete.
pub(crate) fn engine(place: &PlaceArgs, config: &Config) -> Result<Engine, Failure> {
    let library = Arc::new(library::load_leniently(place.library.as_deref())?);
    let engine = Engine::in_memory(library).context("cannot build the index")?;
    let Some(meanings) = Meanings::new(config.search.semantic, Some(&place.data)) else {
        return Ok(engine);
    };
    let meaning = meanings.of(engine.library());
    meaning.wait();
    Ok(engine.with_meaning(meaning))
}
