//! What is inside the binary: library, encoder and vectors. Release builds carry them, debug builds read the files, so
//! that editing a document recompiles nothing.

use std::borrow::Cow;

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

/// The model of the sentence encoder; `search/encoder/README.md` says where it comes from.
pub(crate) fn model() -> Cow<'static, [u8]> {
    #[cfg(debug_assertions)]
    return read("use-zh-en.bin");
    #[cfg(not(debug_assertions))]
    Cow::Borrowed(include_bytes!("../search/encoder/use-zh-en.bin"))
}

/// The vectors of the built-in library.
pub(crate) fn vectors() -> Cow<'static, [u8]> {
    #[cfg(debug_assertions)]
    return read("library.vec");
    #[cfg(not(debug_assertions))]
    Cow::Borrowed(include_bytes!("../search/encoder/library.vec"))
}

/// A file of the encoder; one that cannot be read is empty, and who parses it says what to do.
#[cfg(debug_assertions)]
fn read(name: &str) -> Cow<'static, [u8]> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/search/encoder");
    Cow::Owned(std::fs::read(format!("{folder}/{name}")).unwrap_or_default())
}
