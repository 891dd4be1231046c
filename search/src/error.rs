//! What can go wrong when an engine is made; questions themselves never fail.

use std::path::PathBuf;

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A pattern of `lexicon/emergencies.toml` cannot be read.
    #[error("`lexicon/emergencies.toml`: pattern `{pattern}` of `{class}`: {reason}")]
    Pattern {
        /// Class of danger, `now`, `not_now` or the name of a set.
        class: String,
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The data the analysis needs could not be loaded.
    #[error("cannot load the language data")]
    Language(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The index could not be written or opened.
    #[error("cannot build the index")]
    Index(#[from] tantivy::TantivyError),
    /// The index folder cannot be used.
    #[error("`{path}`: cannot use the index folder")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file of the sentence encoder is of no use.
    #[error(
        "cannot use the sentence encoder: {reason}; fetch `use-zh-en.bin` again or make it with `build_model.py`"
    )]
    Model {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A file of vectors is of no use.
    #[error(
        "cannot use the file of vectors: {reason}; delete it, or make it anew with `cargo run -p fenghuo-search --example vectors`"
    )]
    Vectors {
        /// What is wrong with it.
        reason: &'static str,
    },
}
