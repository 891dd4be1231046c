//! Sessions of the chat: opaque state by random id, forgotten after a day of silence.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;

use crate::{Error, Store};

/// A session ends after this much silence; `pages/privacy` tells readers so.
pub(crate) const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// The id of a session: 128 random bits, 32 lower-case hex digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionId(String);

impl SessionId {
    /// The id of `bits`, which must come from a source nobody can guess.
    pub fn from_bits(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }

    /// Parses exactly 32 lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        (text.len() == 32 && text.bytes().all(hex)).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Shows no digit: who holds the id holds the session, and logs are read by others.
impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionId(…)")
    }
}

impl Store {
    /// The state of session `id`, unless it is absent or older than a day.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn load_session(
        &self,
        id: &SessionId,
        now: Timestamp,
    ) -> Result<Option<String>, Error> {
        let row = sqlx::query("SELECT state FROM session WHERE id = $1 AND updated > $2")
            .bind(id.as_str())
            .bind(oldest(now))
            .fetch_optional(self.reader())
            .await?;
        Ok(row.map(|row| row.try_get("state")).transpose()?)
    }

    /// Writes the state of session `id`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn save_session(
        &self,
        id: &SessionId,
        state: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO session (id, state, updated) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, updated = excluded.updated",
        )
        .bind(id.as_str())
        .bind(state)
        .bind(now.as_second())
        .execute(self.writer())
        .await?;
        Ok(())
    }

    /// Forgets session `id`, whether or not it exists.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn forget_session(&self, id: &SessionId) -> Result<(), Error> {
        sqlx::query("DELETE FROM session WHERE id = $1")
            .bind(id.as_str())
            .execute(self.writer())
            .await?;
        Ok(())
    }
}

/// Sessions not written since then are over.
pub(crate) fn oldest(now: Timestamp) -> i64 {
    now.as_second() - SESSION_LIFE.as_secs()
}

#[cfg(test)]
mod tests {
    use super::SessionId;

    #[test]
    fn only_32_lower_case_hex_digits_are_a_session_id() {
        let good = "0123456789abcdef0123456789abcdef";
        assert_eq!(SessionId::parse(good).as_ref().map(SessionId::as_str), Some(good));
        for bad in [
            "",
            "0",
            &good[1..],
            &good.to_uppercase(),
            "'; DROP TABLE session; --",
            &"火".repeat(32),
        ] {
            assert!(SessionId::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn an_id_made_of_bits_parses_and_never_shows_in_debug() {
        let id = SessionId::from_bits(7);
        assert_eq!(SessionId::parse(id.as_str()), Some(id.clone()));
        assert!(!format!("{id:?}").contains('7'));
    }
}
