//! The files of a library, read from a folder or handed over as bytes by the binary.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::Diagnostic;

/// Files larger than this are not read (5 MiB): no document of a person's hand is.
const MAX_BYTES: u64 = 5 * 1024 * 1024;

/// The files of a library by path, with what could not be taken in.
#[derive(Clone, Debug, Default)]
pub struct Files {
    pub(crate) all: BTreeMap<String, File>,
    pub(crate) refused: Vec<Diagnostic>,
}

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// Its bytes.
    pub bytes: Vec<u8>,
    digest: [u8; 32],
}

impl File {
    fn new(bytes: Vec<u8>) -> Self {
        Self { digest: Sha256::digest(&bytes).into(), bytes }
    }

    /// SHA-256 of its bytes.
    pub(crate) fn digest(&self) -> &[u8; 32] {
        &self.digest
    }
}

/// The folder itself cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{path}`: cannot read the library folder")]
pub struct ReadError {
    path: PathBuf,
    #[source]
    source: std::io::Error,
}

impl Files {
    /// Reads the folder `root`. Symbolic links and oversized files become diagnostics.
    ///
    /// # Errors
    /// When `root` is no readable folder.
    pub fn read(root: &Path) -> Result<Self, ReadError> {
        let fail = |source| ReadError { path: root.to_owned(), source };
        std::fs::read_dir(root).map_err(fail)?;
        let mut files = Self::default();
        let visible = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
        };
        for entry in WalkDir::new(root).follow_root_links(true).into_iter().filter_entry(visible) {
            files.take(root, entry);
        }
        Ok(files)
    }

    fn take(&mut self, root: &Path, entry: Result<walkdir::DirEntry, walkdir::Error>) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map(|p| relative(root, p)).unwrap_or_default();
                return self.refuse(
                    &path,
                    "file-unreadable",
                    format!("读不了：{error}"),
                    "检查文件权限",
                );
            }
        };
        let path = relative(root, entry.path());
        let kind = entry.file_type();
        if kind.is_symlink() {
            self.refuse_link(&path);
        } else if kind.is_file() {
            self.read_file(&path, entry.path());
        }
    }

    fn read_file(&mut self, path: &str, full: &Path) {
        let size = std::fs::metadata(full).map_or(0, |meta| meta.len());
        if size > MAX_BYTES {
            return self.refuse(
                path,
                "file-too-large",
                format!("文件有 {} MiB，超过 5 MiB", size / 1024 / 1024),
                "拆成几篇，图片压缩后放进 media/",
            );
        }
        match std::fs::read(full) {
            Ok(bytes) => {
                self.all.insert(path.to_owned(), File::new(bytes));
            }
            Err(error) => {
                self.refuse(path, "file-unreadable", format!("读不了：{error}"), "检查文件权限");
            }
        }
    }

    fn refuse(&mut self, path: &str, rule: &'static str, message: String, help: &str) {
        self.refused.push(Diagnostic::error(path, 1, rule, message, help));
    }

    /// Reads `path` below `root` again; whether it is other than before.
    pub(crate) fn refresh(&mut self, root: &Path, path: &str) -> bool {
        let before = self.all.remove(path);
        let refused = self.refused.len();
        self.refused.retain(|fault| fault.path != path);
        let full = root.join(path);
        match std::fs::symlink_metadata(&full) {
            Ok(meta) if meta.is_symlink() => self.refuse_link(path),
            Ok(meta) if meta.is_file() => self.read_file(path, &full),
            // What is gone, or became a folder, is no file of the library.
            _ => {}
        }
        let now = self.all.get(path);
        now.map(File::digest) != before.as_ref().map(File::digest) || refused != self.refused.len()
    }

    /// Why `path` could not be taken in.
    pub(crate) fn refused_at(&self, path: &str) -> impl Iterator<Item = &Diagnostic> {
        self.refused.iter().filter(move |fault| fault.path == path)
    }

    fn refuse_link(&mut self, path: &str) {
        self.refuse(
            path,
            "file-symlink",
            "是符号链接，可能指向资料库以外".to_owned(),
            "把文件本身放进资料库，不要用链接",
        );
    }

    /// The bytes of `path`.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.all.get(path).map(|file| file.bytes.as_slice())
    }

    /// Paths in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }
}

impl FromIterator<(String, Vec<u8>)> for Files {
    fn from_iter<T: IntoIterator<Item = (String, Vec<u8>)>>(files: T) -> Self {
        let all = files.into_iter().map(|(path, bytes)| (path, File::new(bytes))).collect();
        Self { all, refused: Vec::new() }
    }
}

pub(crate) fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}
