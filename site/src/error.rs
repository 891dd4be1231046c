//! What can go wrong when the site is written to disk.

use std::path::PathBuf;

/// Why the site could not be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder of the output cannot be written.
    #[error("`{path}`: cannot write the page")]
    Write {
        /// Where it should have gone.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The index for search without a server cannot be made.
    #[error("cannot make the search index")]
    Search(#[from] fenghuo_search::Error),
    /// An address would leave the output folder.
    #[error("`{address}`: address leads out of the output folder")]
    Address {
        /// The address.
        address: String,
    },
}
