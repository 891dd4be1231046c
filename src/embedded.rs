//! The library inside the binary: release builds carry it, debug builds read the files, so that
//! editing a document recompiles nothing.

use fenghuo_content::Files;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "content/library"]
struct Embedded;

/// The files of the built-in library.
pub(crate) fn files() -> Files {
    Embedded::iter()
        .filter_map(|path| Some((path.to_string(), Embedded::get(&path)?.data.into_owned())))
        .collect()
}
