//! The engine as others use it: over the built-in library, over a small one, over any text.

mod danger;
mod disk;
mod encoder;
mod golden;
mod renew;
mod small;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use fenghuo_content::{Files, Library};
use fenghuo_search::Engine;

/// The built-in library.
static LIBRARY: LazyLock<Arc<Library>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content/library");
    let files = Files::read(&folder).expect("the library stands beside this crate");
    Arc::new(Library::load(&files).0)
});

/// One engine over it for all tests.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::in_memory(Arc::clone(&LIBRARY)).expect("the built-in lexicon compiles")
});
