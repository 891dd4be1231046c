//! Writes the whole site to a folder, pages in parallel, each gone from memory once it is written.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use rayon::prelude::*;

use crate::route::Route;
use crate::{Error, Site};

/// What a build wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files written.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

impl Site {
    /// Writes all pages, feeds and assets below `out`; nothing else there is touched.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn build(&self, out: &Path) -> Result<Summary, Error> {
        self.compact.prepare(&self.library)?;
        let files: Vec<(PathBuf, &String, &Route)> = self
            .routes
            .iter()
            .map(|(address, route)| Ok((file(out, address)?, address, route)))
            .collect::<Result<_, Error>>()?;
        // One call a folder: most pages have a folder of their own, so the parents repeat little.
        let folders: BTreeSet<&Path> =
            files.iter().filter_map(|(path, ..)| path.parent()).collect();
        folders
            .par_iter()
            .try_for_each(|folder| fs::create_dir_all(folder).map_err(write_error(folder)))?;
        files
            .par_iter()
            .map(|(path, address, route)| {
                let bytes = self.render(address, route);
                fs::write(path, &bytes).map_err(write_error(path))?;
                Ok(Summary { files: 1, bytes: bytes.len() as u64 })
            })
            .try_reduce(Summary::default, |a, b| {
                Ok(Summary { files: a.files + b.files, bytes: a.bytes + b.bytes })
            })
    }
}

/// Where `address` is written: folders get an `index.html`.
fn file(out: &Path, address: &str) -> Result<PathBuf, Error> {
    let relative = Path::new(address.trim_start_matches('/'));
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(Error::Address { address: address.to_owned() });
    }
    let path = out.join(relative);
    Ok(if address.ends_with('/') { path.join("index.html") } else { path })
}

fn write_error(path: &Path) -> impl Fn(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Write { path: path.clone(), source }
}
