//! The portable form of a database: JSON lines that any program can read.
//!
//! ```text
//! {"format":"fenghuo-store","version":1,"schema":2}
//! {"table":"session","columns":["id","state","updated"]}
//! ["0f…","{…}",1795406400]                 one array a row, in the order of the columns
//! …
//! {"end":{"session":1,…},"sha256":"…"}     rows by table; hash of all bytes before this line
//! ```
//!
//! Texts are strings, numbers and times (seconds since 1970, UTC) are integers, flags are booleans.
//! A file without its last line is refused, and so is one in which anything was changed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::Counts;
use super::copy::refuse_unless_empty;
use super::table::{TABLES, Table, json_of};
use crate::database::{Transaction, Value, known_version};
use crate::hash::hex;
use crate::{Error, Store};

const FORMAT: &str = "fenghuo-store";
const VERSION: u32 = 1;

/// Rows written at a time.
const CHUNK: usize = 1000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    format: String,
    version: u32,
    schema: i64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    table: String,
    columns: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    end: BTreeMap<String, u64>,
    sha256: String,
}

impl Store {
    /// Writes everything into the file `path` in the portable form, as of one moment, while servers run.
    ///
    /// # Errors
    /// When `path` exists or cannot be written, or a query fails; then nothing is left of it.
    pub async fn dump(&self, path: &Path) -> Result<Counts, Error> {
        let part = part_of(path)?;
        let file = File::options().write(true).open(&part).map_err(|e| Error::file(&part, e))?;
        let mut dump = Dump { path: &part, file: BufWriter::new(file), hash: Sha256::new() };
        let mut snapshot = self.snapshot().await?;
        let counts = dump.everything(&mut snapshot).await?;
        put_in_place(&part, path)?;
        Ok(counts)
    }

    /// Reads the portable file `path` into this database.
    pub(super) async fn restore_portable(&self, path: &Path) -> Result<Counts, Error> {
        // All of it is looked at before anything is written.
        let counts = check(path)?;
        let path = path.to_owned();
        self.write(move |transaction| {
            Box::pin(async move {
                refuse_unless_empty(transaction).await?;
                load(transaction, &path).await?;
                Ok(counts)
            })
        })
        .await
    }
}

/// A file being written.
struct Dump<'p> {
    path: &'p Path,
    file: BufWriter<File>,
    hash: Sha256,
}

impl Dump<'_> {
    async fn everything(&mut self, snapshot: &mut Transaction) -> Result<Counts, Error> {
        let schema = known_version();
        self.line(&Head { format: FORMAT.to_owned(), version: VERSION, schema })?;
        let mut counts = Counts::new();
        for table in TABLES {
            counts.push((table.name, self.table(table, snapshot).await?));
        }
        let end = counts.iter().map(|(name, rows)| ((*name).to_owned(), *rows)).collect();
        let sha256 = hex(&self.hash.clone().finalize());
        self.line(&End { end, sha256 })?;
        self.file.flush().map_err(|error| Error::file(self.path, error))?;
        Ok(counts)
    }

    async fn table(&mut self, table: &Table, snapshot: &mut Transaction) -> Result<u64, Error> {
        let columns = table.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        self.line(&Columns { table: table.name.to_owned(), columns })?;
        let mut written = 0;
        let mut last: Option<Vec<Value>> = None;
        loop {
            let mut rows = table.page(snapshot, last.as_ref()).await?;
            for row in &rows {
                self.line(&row.iter().map(json_of).collect::<Vec<_>>())?;
                written += 1;
            }
            let Some(row) = rows.pop() else { return Ok(written) };
            last = Some(row);
        }
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_vec(line).expect("texts, numbers and flags can be written");
        text.push(b'\n');
        self.hash.update(&text);
        self.file.write_all(&text).map_err(|error| Error::file(self.path, error))
    }
}

/// A line of the file, understood.
enum Line {
    Head(Head),
    Table(&'static Table),
    Row(&'static Table, Vec<Value>),
    End(End),
}

/// Reads a file line by line, remembering in which table it is.
struct Lines {
    file: BufReader<File>,
    path: PathBuf,
    number: u64,
    table: Option<&'static Table>,
    hash: Sha256,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::file(path, error))?;
        let (file, path) = (BufReader::new(file), path.to_owned());
        Ok(Self { file, path, number: 0, table: None, hash: Sha256::new() })
    }

    /// The next line, and the hash of everything before it.
    fn next(&mut self) -> Result<Option<(Line, String)>, Error> {
        let mut bytes = Vec::new();
        let read = self.file.read_until(b'\n', &mut bytes);
        if read.map_err(|error| Error::file(&self.path, error))? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let before = if bytes.starts_with(b"{") {
            hex(&self.hash.clone().finalize())
        } else {
            String::new()
        };
        self.hash.update(&bytes);
        let json: Json = serde_json::from_slice(&bytes).map_err(|_| self.fault("no JSON"))?;
        Ok(Some((self.understand(json)?, before)))
    }

    fn understand(&mut self, json: Json) -> Result<Line, Error> {
        if let Json::Array(row) = &json {
            let table = self.table.ok_or_else(|| self.fault("a row before any table"))?;
            let row = table.row_of_json(row);
            return row
                .map(|row| Line::Row(table, row))
                .ok_or_else(|| self.fault("a row that does not fit its table"));
        }
        if json.get("format").is_some() {
            let head =
                serde_json::from_value(json).map_err(|_| self.fault("no head of a backup"))?;
            return Ok(Line::Head(head));
        }
        if json.get("end").is_some() {
            let end = serde_json::from_value(json).map_err(|_| self.fault("no end of a backup"))?;
            return Ok(Line::End(end));
        }
        let columns: Columns =
            serde_json::from_value(json).map_err(|_| self.fault("no line of a backup"))?;
        let fits = |table: &&Table| {
            table.name == columns.table
                && table
                    .columns
                    .iter()
                    .map(|(name, _)| *name)
                    .eq(columns.columns.iter().map(String::as_str))
        };
        let table = TABLES
            .iter()
            .find(fits)
            .ok_or_else(|| self.fault("a table this program does not know"))?;
        self.table = Some(table);
        Ok(Line::Table(table))
    }

    fn fault(&self, reason: impl Into<String>) -> Error {
        Error::Backup { line: self.number, reason: reason.into() }
    }
}

/// Reads the whole file without keeping it: how many rows each table will have.
fn check(path: &Path) -> Result<Counts, Error> {
    let mut lines = Lines::open(path)?;
    check_head(&mut lines)?;
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    while let Some((line, before)) = lines.next()? {
        match line {
            Line::Head(_) => return Err(lines.fault("a second head")),
            Line::Table(table) => match found.insert(table.name.to_owned(), 0) {
                None => {}
                Some(_) => return Err(lines.fault("a table that comes twice")),
            },
            Line::Row(table, _) => *found.entry(table.name.to_owned()).or_default() += 1,
            Line::End(end) if end.end == found && end.sha256 == before => {
                return match lines.next()? {
                    None => Ok(counts(&found)),
                    Some(_) => Err(lines.fault("something after the end")),
                };
            }
            Line::End(_) => return Err(lines.fault("the file was changed after it was written")),
        }
    }
    Err(lines.fault("the file is cut off, its last line is missing"))
}

fn check_head(lines: &mut Lines) -> Result<(), Error> {
    let schema = known_version();
    match lines.next()? {
        Some((Line::Head(head), _)) if head.format == FORMAT && head.version == VERSION => {
            if head.schema == schema {
                return Ok(());
            }
            let found = head.schema;
            Err(lines.fault(format!(
                "written with schema {found}, this program has {schema}: restore it with the program that wrote it, then start this one on the result"
            )))
        }
        _ => Err(lines.fault("this is no backup of ours")),
    }
}

fn counts(found: &BTreeMap<String, u64>) -> Counts {
    TABLES.iter().map(|table| (table.name, found.get(table.name).copied().unwrap_or(0))).collect()
}

/// Writes the rows of a checked file.
async fn load(transaction: &mut Transaction, path: &Path) -> Result<(), Error> {
    let mut lines = Lines::open(path)?;
    let mut waiting: Vec<Vec<Value>> = Vec::with_capacity(CHUNK);
    let mut current: Option<&Table> = None;
    while let Some((line, _)) = lines.next()? {
        let row = match line {
            Line::Row(table, row) => {
                current = Some(table);
                Some(row)
            }
            Line::Head(_) | Line::Table(_) | Line::End(_) => None,
        };
        let ends = row.is_none();
        waiting.extend(row);
        if let Some(table) = current
            && (ends || waiting.len() == CHUNK)
        {
            table.insert(transaction, &waiting).await?;
            waiting.clear();
        }
    }
    for table in TABLES {
        table.reset_key(transaction).await?;
    }
    Ok(())
}

/// An empty file beside `path` to write into; refuses where `path` exists.
pub(super) fn part_of(path: &Path) -> Result<PathBuf, Error> {
    if path.exists() {
        let exists = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
        return Err(Error::file(path, exists));
    }
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    crate::database::create_empty(&part)?;
    Ok(part)
}

/// Makes a complete file visible under its name, on disk.
pub(super) fn put_in_place(part: &Path, path: &Path) -> Result<(), Error> {
    let synced = File::open(part).and_then(|file| file.sync_all());
    synced.map_err(|error| Error::file(part, error))?;
    std::fs::rename(part, path).map_err(|error| Error::file(path, error))
}
