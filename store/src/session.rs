//! Sessions of the chat: opaque state by random id, forgotten after a day of silence.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::database::{Asked, Column, Dialect, Queue, Statement, list, listed, sql};
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
        self.ask(LoadSession { id: id.clone(), oldest: oldest(now) }).await
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

/// A session that is looked for.
pub(crate) struct LoadSession {
    id: SessionId,
    oldest: i64,
}

impl Asked for LoadSession {
    type Answer = Option<String>;

    fn queue(store: &Store) -> &Queue<Self, Self::Answer> {
        &store.queues().sessions
    }

    async fn run(store: &Store, asked: &[Self]) -> Result<Vec<Self::Answer>, Error> {
        let ids = asked.iter().map(|one| json!([one.id.as_str()])).collect();
        let statement = sql(sqlx::AssertSqlSafe(load(store.dialect()))).bind(list(ids));
        let mut found: HashMap<String, (String, i64)> = HashMap::new();
        for row in store.rows(statement).await? {
            found.insert(row.get("id")?, (row.get("state")?, row.get("updated")?));
        }
        let state = |one: &Self| {
            let (state, updated) = found.get(one.id.as_str())?;
            (*updated > one.oldest).then(|| state.clone())
        };
        Ok(asked.iter().map(state).collect())
    }
}

fn load(dialect: Dialect) -> String {
    let asked = listed(dialect, &[Column::Text("name")]);
    format!(
        "SELECT session.id, state, updated FROM ({asked}) AS asked
         JOIN session ON session.id = asked.name"
    )
}

/// Writes the states of sessions, each named once.
pub(crate) fn save_all<'s>(
    dialect: Dialect,
    states: impl Iterator<Item = (&'s SessionId, &'s str, Timestamp)>,
) -> Statement {
    let columns = [Column::Text("id"), Column::Text("state"), Column::Number("updated")];
    let saved = listed(dialect, &columns);
    let rows = states.map(|(id, state, now)| json!([id.as_str(), state, now.as_second()]));
    // WHERE TRUE: without it `SQLite` takes ON for part of a join.
    sql(sqlx::AssertSqlSafe(format!(
        "INSERT INTO session (id, state, updated)
         SELECT id, state, updated FROM ({saved}) AS saved WHERE TRUE
         ON CONFLICT (id) DO UPDATE SET state = excluded.state, updated = excluded.updated"
    )))
    .bind(list(rows.collect()))
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
