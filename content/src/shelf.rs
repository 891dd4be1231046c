//! A folder read once and then file by file: what an editor saves is parsed and judged alone, all else is kept.
//!
//! What only documents together can get wrong (links into a changed document, a question claimed twice,
//! contradictions) is left to [`Library::load`], which takes longer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::load::{self, hash_all};
use crate::{Diagnostic, Document, Files, Library, ReadError, check};

/// The files of a library with what was read from each.
pub struct Shelf {
    root: PathBuf,
    files: Files,
    /// What each document's file gave, faulty ones too.
    read: BTreeMap<String, Reading>,
    /// The library with its drafts.
    library: Library,
}

/// What one file gave.
struct Reading {
    document: Option<Arc<Document>>,
    faults: Vec<Diagnostic>,
}

/// What became of changed files.
#[derive(Debug)]
pub enum Refresh {
    /// Nothing that matters is other than before.
    Same,
    /// The library as it is now.
    Changed {
        /// Drafts and what cannot be read are left out.
        library: Box<Library>,
        /// Errors of the documents that were read or judged since the folder was opened.
        errors: Vec<Diagnostic>,
    },
    /// More than documents changed: the folder has to be read anew.
    Whole,
}

impl Shelf {
    /// Reads the folder `root`.
    ///
    /// # Errors
    /// When `root` is no readable folder.
    pub fn open(root: &Path) -> Result<Self, ReadError> {
        let files = Files::read(root)?;
        let mut faults = Vec::new();
        let mut library = crate::settings::read(&files, &mut faults);
        library.media = load::media(&files, &mut faults);
        let read: BTreeMap<String, Reading> = load::read_all(&files)
            .into_iter()
            .map(|(path, (document, faults))| {
                (path.to_owned(), Reading { document: document.map(Arc::new), faults })
            })
            .collect();
        library.hash = hash_all(&files);
        let library = library.with_documents(documents(&read));
        Ok(Self { root: root.to_owned(), files, read, library })
    }

    /// The library as it was last read, drafts left out.
    pub fn library(&self) -> Library {
        self.library.clone().without_drafts()
    }

    /// Takes in what changed at `paths`, which may name anything below the folder.
    pub fn refresh(&mut self, paths: &BTreeSet<PathBuf>) -> Refresh {
        let mut changed = BTreeSet::new();
        for path in paths {
            match self.place(path) {
                Place::Nowhere => {}
                Place::Document(path) => drop(changed.insert(path)),
                Place::Elsewhere => return Refresh::Whole,
            }
        }
        let changed: Vec<String> = changed.into_iter().filter(|path| self.take(path)).collect();
        if changed.is_empty() {
            return Refresh::Same;
        }
        for path in &changed {
            self.read_again(path);
        }
        let mut library = self.library.clone().with_documents(documents(&self.read));
        library.hash = hash_all(&self.files);
        for path in &changed {
            self.judge(&library, path);
        }
        self.library = library;
        Refresh::Changed { library: Box::new(self.library()), errors: self.errors() }
    }

    /// Errors of single documents read or judged so far.
    fn errors(&self) -> Vec<Diagnostic> {
        let faults = self.read.values().flat_map(|reading| &reading.faults);
        faults.filter(|fault| fault.is_error()).cloned().collect()
    }

    /// What a changed path means to the library.
    fn place(&self, path: &Path) -> Place {
        let path = crate::files::relative(&self.root, path);
        if path.is_empty() || path.split('/').any(|part| part.starts_with('.')) {
            return Place::Nowhere;
        }
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        match ending {
            "md" if path.contains('/') => return Place::Document(path),
            "csv" if path.contains('/') => {
                return Place::Document(path.trim_end_matches(".csv").to_owned() + ".md");
            }
            _ => {}
        }
        let folder = format!("{path}/");
        let known = self.files.all.contains_key(&path)
            || self.files.paths().any(|known| known.starts_with(&folder));
        let settings = matches!(ending, "toml" | "txt" | "svg" | "png");
        // An editor's own copies (`x.md~`, `4913`) come and go; a folder that is there may hold documents.
        if known || settings || self.root.join(&path).is_dir() {
            return Place::Elsewhere;
        }
        Place::Nowhere
    }

    /// Reads the files of the document at `path` again; whether they are other than before.
    fn take(&mut self, path: &str) -> bool {
        let data = path.trim_end_matches(".md").to_owned() + ".csv";
        let text = self.files.refresh(&self.root, path);
        self.files.refresh(&self.root, &data) || text
    }

    fn read_again(&mut self, path: &str) {
        let mut faults: Vec<Diagnostic> = self.files.refused_at(path).cloned().collect();
        let document = match self.files.bytes(path) {
            Some(bytes) => {
                let (document, found) = load::read_document(path, bytes, &self.files);
                faults.extend(found);
                document.map(Arc::new)
            }
            None if faults.is_empty() => return drop(self.read.remove(path)),
            None => None,
        };
        self.read.insert(path.to_owned(), Reading { document, faults });
    }

    /// Adds what the checks say of the document at `path` among the others.
    fn judge(&mut self, library: &Library, path: &str) {
        let Some(reading) = self.read.get_mut(path) else { return };
        if let Some(document) = &reading.document {
            reading.faults.extend(check::document(library, document));
        }
    }
}

/// What a changed path means.
enum Place {
    /// The document of this path, or its data.
    Document(String),
    /// Settings, drawings, folders.
    Elsewhere,
    /// Nothing the library reads.
    Nowhere,
}

fn documents(read: &BTreeMap<String, Reading>) -> Vec<Arc<Document>> {
    read.values().filter_map(|reading| reading.document.clone()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{Refresh, Shelf};
    use crate::{Diagnostic, Files, Library};

    const PATH: &str = "knowledge/kitchen/oil-pan-fire.md";

    fn folder() -> tempfile::TempDir {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/minimal");
        let to = tempfile::tempdir().expect("a folder");
        for entry in walkdir::WalkDir::new(&from) {
            let entry = entry.expect("readable");
            let target = to.path().join(entry.path().strip_prefix(&from).expect("below"));
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(target).expect("made");
            } else {
                std::fs::copy(entry.path(), target).expect("copied");
            }
        }
        to
    }

    fn refresh(shelf: &mut Shelf, path: PathBuf) -> Refresh {
        shelf.refresh(&[path].into())
    }

    fn changed(refresh: Refresh) -> (Library, Vec<Diagnostic>) {
        match refresh {
            Refresh::Changed { library, errors } => (*library, errors),
            Refresh::Same | Refresh::Whole => panic!("some documents changed: {refresh:?}"),
        }
    }

    #[test]
    fn a_changed_document_gives_the_library_a_whole_reading_gives() {
        let dir = folder();
        let mut shelf = Shelf::open(dir.path()).expect("readable");
        let path = dir.path().join(PATH);
        let good = std::fs::read_to_string(&path).expect("readable");
        assert!(matches!(refresh(&mut shelf, path.clone()), Refresh::Same));
        std::fs::write(&path, good.replace("盖锅盖。\n", "盖上大锅盖。\n")).expect("written");
        let (changed, errors) = changed(refresh(&mut shelf, path));
        assert_eq!(errors, []);
        let (whole, _) = Library::load(&Files::read(dir.path()).expect("readable"));
        assert_eq!(changed.hash, whole.hash);
        let ids = |library: &Library| -> Vec<(String, String)> {
            let row = |d: &crate::Document| (d.path.clone(), d.hash.clone());
            library.documents().iter().map(row).collect()
        };
        assert_eq!(ids(&changed), ids(&whole));
    }

    #[test]
    fn a_broken_document_is_named_until_it_is_whole_again() {
        let dir = folder();
        let mut shelf = Shelf::open(dir.path()).expect("readable");
        let (path, other) = (dir.path().join(PATH), dir.path().join("knowledge/kitchen/pan.md"));
        let good = std::fs::read_to_string(&path).expect("readable");
        for (text, rule) in [
            ("+++\nbroken".to_owned(), "front-fence"),
            (good.replace("topics = [\"kitchen\"]", "topics = [\"nowhere\"]"), "unknown-name"),
            (format!("{good}\n油锅着火，泼水。\n"), "advice-oil-water"),
        ] {
            std::fs::write(&path, text).expect("written");
            let named = |refresh: Refresh| -> Vec<(String, &str)> {
                changed(refresh).1.into_iter().map(|fault| (fault.path, fault.rule)).collect()
            };
            let expected = [(PATH.to_owned(), rule)];
            assert_eq!(named(refresh(&mut shelf, path.clone())), expected);
            std::fs::write(&other, good.replace("油锅", "铁锅")).expect("written");
            assert_eq!(named(refresh(&mut shelf, other.clone())), expected);
            std::fs::remove_file(&other).expect("removed");
            assert_eq!(named(refresh(&mut shelf, other.clone())), expected);
        }
        std::fs::write(&path, &good).expect("written");
        assert_eq!(changed(refresh(&mut shelf, path)).1, []);
    }

    #[test]
    fn only_what_the_library_reads_counts() {
        let dir = folder();
        let mut shelf = Shelf::open(dir.path()).expect("readable");
        let at = |path: &str| dir.path().join(path);
        for path in [".git/index", "knowledge/kitchen/.x.md.swp", "knowledge/4913", "notes.md", ""]
        {
            assert!(matches!(refresh(&mut shelf, at(path)), Refresh::Same), "{path}");
        }
        for path in ["library.toml", "media/ok.svg", "lexicon/words.txt", "knowledge/kitchen"] {
            assert!(matches!(refresh(&mut shelf, at(path)), Refresh::Whole), "{path}");
        }
        std::fs::remove_file(at("bulletins/2026-01.csv")).expect("removed");
        assert_ne!(changed(refresh(&mut shelf, at("bulletins/2026-01.csv"))).1, []);
        std::fs::remove_file(at("bulletins/2026-01.md")).expect("removed");
        let (library, errors) = changed(refresh(&mut shelf, at("bulletins/2026-01.md")));
        assert_eq!(errors, []);
        assert!(library.find("bulletins/2026-01").is_none());
        #[cfg(unix)]
        {
            let link = at("knowledge/kitchen/link.md");
            std::os::unix::fs::symlink("/etc/hostname", &link).expect("linked");
            assert_eq!(changed(refresh(&mut shelf, link)).1[0].rule, "file-symlink");
        }
    }
}
