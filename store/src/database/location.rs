//! Where the database is: a file for `SQLite`, a server for `PostgreSQL`.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

use crate::Error;

/// Where a database is.
#[derive(Clone)]
pub struct Location(pub(super) Kind);

#[derive(Clone)]
pub(super) enum Kind {
    File(PathBuf),
    Server(Box<PgConnectOptions>),
}

impl Location {
    /// The `SQLite` file `path`.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Kind::File(path.into()))
    }

    /// Reads `sqlite://PATH`, `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME?…`.
    ///
    /// # Errors
    /// [`Error::Url`], which does not repeat the address.
    pub fn parse(url: &str) -> Result<Self, Error> {
        let wrong = |reason: &str| Error::Url { reason: reason.to_owned() };
        if let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            let plain = !path.is_empty() && !path.starts_with(':') && !path.contains('?');
            return plain
                .then(|| Self::file(path))
                .ok_or_else(|| wrong("sqlite: takes the path of a file and no options"));
        }
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(wrong("neither sqlite: nor postgres:"));
        }
        let options = PgConnectOptions::from_str(url).map_err(|_| wrong("not well-formed"))?;
        if options.get_database().is_none_or(str::is_empty) {
            return Err(wrong("no name of a database"));
        }
        Ok(Self(Kind::Server(Box::new(options))))
    }

    /// The file, where it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Kind::File(path) => Some(path),
            Kind::Server(_) => None,
        }
    }
}

/// The file, or host and name of the database; never user or password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::File(path) => write!(f, "{}", path.display()),
            Kind::Server(options) => {
                let name = options.get_database().unwrap_or_default();
                write!(f, "postgres://{}:{}/{name}", options.get_host(), options.get_port())
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::Location;

    #[test]
    fn addresses_are_read_and_shown_without_secrets() {
        for (url, expected) in [
            ("sqlite://data/fenghuo.db", "data/fenghuo.db"),
            ("sqlite:///var/lib/fenghuo.db", "/var/lib/fenghuo.db"),
            ("sqlite:fenghuo.db", "fenghuo.db"),
            ("postgres://u:secret@db.example/county", "postgres://db.example:5432/county"),
            ("postgresql://u@db.example:6432/county", "postgres://db.example:6432/county"),
        ] {
            let location = Location::parse(url).expect("well-formed");
            assert_eq!(location.to_string(), expected, "{url}");
            assert!(!format!("{location:?}").contains("secret"));
        }
    }

    #[test]
    fn wrong_addresses_are_refused_without_repeating_them() {
        for url in [
            "",
            "fenghuo.db",
            "sqlite:",
            "sqlite://",
            "sqlite::memory:",
            "sqlite://a.db?mode=ro",
            "mysql://u:secret@h/n",
            "postgres://u:secret@h",
            "postgres://u:secret@h:notaport/n",
            "postgres://",
        ] {
            let error = Location::parse(url).expect_err(url).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
