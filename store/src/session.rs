//! Sessions of the chat: opaque state by random id, forgotten after a day of silence.

use jiff::{SignedDuration, Timestamp};

use crate::database::{Statement, sql};
use crate::id::random_id;
use crate::{Error, Store};

/// A session ends after this much silence; `pages/privacy` tells readers so.
pub(crate) const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(24);

random_id! {
    /// The id of a session: 128 random bits, 32 lower-case hex digits; that of a chat begins with `@`.
    SessionId
}

impl SessionId {
    /// The session of a chat, named by the hash of its address.
    pub(crate) fn of_chat(digest: &str) -> Self {
        Self(format!("@{}", &digest[..32]))
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
        let statement = sql("SELECT state FROM session WHERE id = $1 AND updated > $2")
            .bind(id.as_str())
            .bind(oldest(now));
        self.row(statement).await?.map(|row| row.get("state")).transpose()
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
        self.execute(save(id, state, now)).await.map(drop)
    }

    /// Forgets session `id`, whether or not it exists.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn forget_session(&self, id: &SessionId) -> Result<(), Error> {
        self.execute(forget(id)).await.map(drop)
    }
}

pub(crate) fn save(id: &SessionId, state: &str, now: Timestamp) -> Statement {
    sql("INSERT INTO session (id, state, updated) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, updated = excluded.updated")
    .bind(id.as_str())
    .bind(state)
    .bind(now.as_second())
}

pub(crate) fn forget(id: &SessionId) -> Statement {
    sql("DELETE FROM session WHERE id = $1").bind(id.as_str())
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
            "@0123456789abcdef0123456789abcde",
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
