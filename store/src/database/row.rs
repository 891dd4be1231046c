//! A row of an answer, independent of the database it came from.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Row as _, Sqlite, Type};

use crate::Error;

/// One row.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// The value in `column`.
    pub(crate) fn get<'r, T>(&'r self, column: &str) -> Result<T, Error>
    where
        T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres>,
    {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
        })
    }

    /// The count in `column`; what our statements count is never negative.
    pub(crate) fn count(&self, column: &str) -> Result<u64, Error> {
        Ok(self.get::<i64>(column)?.unsigned_abs())
    }

    /// The instant in `column`, stored as seconds since 1970.
    pub(crate) fn instant(&self, column: &str) -> Result<jiff::Timestamp, Error> {
        let seconds: i64 = self.get(column)?;
        // Only a damaged database holds a second outside the years we know.
        Ok(jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH))
    }

    /// The instant in `column`, where there is one.
    pub(crate) fn maybe_instant(&self, column: &str) -> Result<Option<jiff::Timestamp>, Error> {
        let seconds: Option<i64> = self.get(column)?;
        Ok(seconds.and_then(|second| jiff::Timestamp::from_second(second).ok()))
    }
}
