//! From files to the library: reads everything in parallel, collects every fault.

use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::check;
use crate::document::{Content, Document, Meta};
use crate::front::{Front, Split};
use crate::kind::{Board, Bulletin, Case, Checklist, Guide, Knowledge, Lesson, Notice, Page, Quiz};
use crate::markdown::{Body, parse};
use crate::{Diagnostic, DocumentId, Files, Kind, Lang, Library, Media, settings};

impl Library {
    /// Reads `files`; faulty documents are left out and named in the diagnostics, in order of path and line.
    pub fn load(files: &Files) -> (Self, Vec<Diagnostic>) {
        Self::load_with(files, check::library)
    }

    /// The same for files whose sentences were judged before, as those built into the binary are: only names and
    /// links are checked again.
    pub fn load_judged(files: &Files) -> (Self, Vec<Diagnostic>) {
        Self::load_with(files, check::structure)
    }

    fn load_with(files: &Files, judge: fn(&Self) -> Vec<Diagnostic>) -> (Self, Vec<Diagnostic>) {
        let mut faults = files.refused.clone();
        let mut library = settings::read(files, &mut faults);
        library.media = media(files, &mut faults);
        library.hash = hash_all(files);
        let documents = read_documents(files, &mut faults);
        faults.extend(check::files(files));
        let all = library.with_documents(documents);
        faults.extend(judge(&all));
        faults.sort();
        faults.dedup();
        (all.without_drafts(), faults)
    }
}

/// What reading one document gave.
pub(crate) type Read = (Option<Document>, Vec<Diagnostic>);

/// Reads every document, in order of path.
pub(crate) fn read_all(files: &Files) -> Vec<(&str, Read)> {
    let texts: Vec<(&str, &[u8])> = files
        .all
        .iter()
        .filter(|(path, _)| path.ends_with(".md") && path.contains('/'))
        .map(|(path, file)| (path.as_str(), file.bytes.as_slice()))
        .collect();
    texts.par_iter().map(|(path, bytes)| (*path, read_document(path, bytes, files))).collect()
}

fn read_documents(files: &Files, faults: &mut Vec<Diagnostic>) -> Vec<Arc<Document>> {
    let mut documents = Vec::new();
    for (_, (document, found)) in read_all(files) {
        documents.extend(document.map(Arc::new));
        faults.extend(found);
    }
    documents
}

/// Reads one document; it is given back only when no fault of it is an error.
pub(crate) fn read_document(path: &str, bytes: &[u8], files: &Files) -> Read {
    let (id, lang) = match name(path) {
        Ok(name) => name,
        Err(fault) => return (None, vec![fault]),
    };
    let text = match decode(path, bytes) {
        Ok(text) => text,
        Err(fault) => return (None, vec![fault]),
    };
    let Split { mut front, body, body_line } = match Front::split(path, &text) {
        Ok(split) => split,
        Err(fault) => return (None, vec![fault]),
    };
    let parsed = parse(path, body, body_line);
    let csv_path = path.trim_end_matches(".md").to_owned() + ".csv";
    let csv = files.bytes(&csv_path);
    let meta = Meta::read(&mut front);
    let content = read_content(id.kind(), &mut front, parsed.body, csv);
    let mut faults = front.finish();
    faults.extend(parsed.faults);
    let hash = hash([bytes, csv.unwrap_or_default()]);
    let document = match (meta, content) {
        (Some(meta), Some(content)) if !faults.iter().any(Diagnostic::is_error) => {
            Some(Document { id, lang, path: path.to_owned(), hash, meta, content })
        }
        _ => None,
    };
    (document, faults)
}

fn read_content(
    kind: Kind,
    front: &mut Front<'_>,
    body: Body,
    csv: Option<&[u8]>,
) -> Option<Content> {
    match kind {
        Kind::Knowledge => Knowledge::read(front, body).map(Content::Knowledge),
        Kind::Case => Case::read(front, body).map(Content::Case),
        Kind::Guide => Guide::read(front, body).map(Content::Guide),
        Kind::Lesson => Lesson::read(front, body).map(Content::Lesson),
        Kind::Quiz => Quiz::read(front, body).map(Content::Quiz),
        Kind::Checklist => Checklist::read(front, body).map(Content::Checklist),
        Kind::Notice => Notice::read(front, body).map(Content::Notice),
        Kind::Bulletin => Bulletin::read(front, body, csv).map(Content::Bulletin),
        Kind::Board => Board::read(front, body, csv).map(Content::Board),
        Kind::Page => Some(Content::Page(Page::read(front, body))),
    }
}

/// Id and language that a path names.
fn name(path: &str) -> Result<(DocumentId, Lang), Diagnostic> {
    let stem = path.trim_end_matches(".md");
    let (stem, lang) = match stem.strip_suffix(".en") {
        Some(stem) => (stem, Lang::En),
        None => (stem, Lang::Zh),
    };
    let folder = stem.split('/').next().unwrap_or_default();
    let fault =
        |rule, message: String, help: &str| Err(Diagnostic::error(path, 1, rule, message, help));
    if Kind::of_folder(folder).is_none() {
        return fault(
            "file-folder",
            format!("不认识的文件夹 `{folder}`"),
            "放进 knowledge、cases、guides 等规定的文件夹",
        );
    }
    match DocumentId::parse(stem) {
        Some(id) => Ok((id, lang)),
        None => fault(
            "file-name",
            "文件名不对".to_owned(),
            "只用小写字母、数字和连字符，例如 oil-pan-fire.md",
        ),
    }
}

/// UTF-8 text with `\n` line ends and no byte order mark.
pub(crate) fn decode(path: &str, bytes: &[u8]) -> Result<String, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = 1 + u32::try_from(before.iter().filter(|b| **b == b'\n').count()).unwrap_or(0);
        Diagnostic::error(path, line, "file-encoding", "不是 UTF-8 编码", "用编辑器另存为 UTF-8")
    })?;
    if let Some(at) = text.find(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        let line = 1 + u32::try_from(text[..at].matches('\n').count()).unwrap_or(0);
        return Err(Diagnostic::error(
            path,
            line,
            "file-control",
            "有看不见的控制字符",
            "删掉这一行里的特殊字符",
        ));
    }
    Ok(text.replace("\r\n", "\n"))
}

pub(crate) fn media(
    files: &Files,
    faults: &mut Vec<Diagnostic>,
) -> std::collections::BTreeMap<String, Media> {
    let mut media = std::collections::BTreeMap::new();
    for (path, file) in files.all.iter().filter(|(path, _)| path.starts_with("media/")) {
        let mime = match path.rsplit('.').next() {
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            _ => continue,
        };
        if mime == "image/svg+xml"
            && let Some(fault) = check::drawing(path, &file.bytes)
        {
            faults.push(fault);
            continue;
        }
        media.insert(path.clone(), Media { mime, bytes: file.bytes.clone() });
    }
    media
}

pub(crate) fn hash_all(files: &Files) -> String {
    let mut sha = Sha256::new();
    for (path, file) in &files.all {
        sha.update(path.len().to_le_bytes());
        sha.update(path);
        sha.update(file.digest());
    }
    hex(&sha.finalize())
}

fn hash(parts: [&[u8]; 2]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part.len().to_le_bytes());
        sha.update(part);
    }
    hex(&sha.finalize())
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        write!(out, "{byte:02x}").expect("writing to a string cannot fail");
        out
    })
}
