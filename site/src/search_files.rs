//! The files of the index for search without a server, made when one of them is first asked for.

use std::collections::HashMap;
use std::sync::OnceLock;

use fenghuo_content::Library;
use fenghuo_search::Compact;

use crate::Error;

/// All files by name; empty when they could not be made.
#[derive(Default)]
pub(crate) struct SearchFiles(OnceLock<HashMap<String, Vec<u8>>>);

impl SearchFiles {
    /// The file called `name`.
    pub(crate) fn get(&self, library: &Library, name: &str) -> Option<&[u8]> {
        let files = self.0.get_or_init(|| make(library).unwrap_or_default());
        files.get(name).map(Vec::as_slice)
    }

    /// Makes them now, so that a fault is told.
    pub(crate) fn prepare(&self, library: &Library) -> Result<(), Error> {
        if self.0.get().is_none() {
            let files = make(library)?;
            self.0.get_or_init(|| files);
        }
        Ok(())
    }
}

fn make(library: &Library) -> Result<HashMap<String, Vec<u8>>, Error> {
    let compact = Compact::new(library)?;
    Ok(compact.files.into_iter().map(|file| (file.name, file.bytes)).collect())
}
