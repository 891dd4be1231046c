//! Sessions of officials at the desk; only the hash of the token is kept.

use jiff::Timestamp;

use super::{Official, manage};
use crate::database::sql;
use crate::id::random_id;
use crate::{Error, Store, hash};

random_id! {
    /// Whoever holds it is logged in at the desk.
    DeskToken
}

/// A session at the desk.
#[derive(Clone, PartialEq, Eq)]
pub struct DeskSession {
    /// Who is logged in.
    pub official: Official,
    /// What every form of hers must repeat.
    pub csrf: String,
}

/// Shows no token.
impl std::fmt::Debug for DeskSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DeskSession({})", self.official.name)
    }
}

impl Store {
    /// Opens a session for `official` until `expires`.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] when she is unknown or disabled.
    pub async fn open_desk_session(
        &self,
        token: &DeskToken,
        official: &str,
        csrf: &str,
        expires: Timestamp,
    ) -> Result<(), Error> {
        let statement = sql("INSERT INTO desk_session (token_hash, official, csrf, expires)
             SELECT $1, name, $3, $4 FROM official WHERE name = $2 AND NOT disabled")
        .bind(hash_of(token))
        .bind(official)
        .bind(csrf)
        .bind(expires.as_second());
        if self.execute(statement).await? == 1 { Ok(()) } else { Err(Error::NotAllowed) }
    }

    /// The session of `token`, while it lasts and the official is not disabled.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn desk_session(
        &self,
        token: &DeskToken,
        now: Timestamp,
    ) -> Result<Option<DeskSession>, Error> {
        let statement = sql("SELECT name, role, disabled, added, csrf
             FROM desk_session JOIN official ON name = official
             WHERE token_hash = $1 AND expires > $2 AND NOT disabled")
        .bind(hash_of(token))
        .bind(now.as_second());
        let Some(row) = self.row(statement).await? else { return Ok(None) };
        Ok(Some(DeskSession { official: manage::read(&row)?, csrf: row.get("csrf")? }))
    }

    /// Ends the session of `token`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn close_desk_session(&self, token: &DeskToken) -> Result<(), Error> {
        let statement = sql("DELETE FROM desk_session WHERE token_hash = $1").bind(hash_of(token));
        self.execute(statement).await.map(drop)
    }
}

fn hash_of(token: &DeskToken) -> String {
    hash::hash(&["desk", token.as_str()])
}
