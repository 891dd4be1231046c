//! Forgetting by the clock: what is kept for a time is gone after it. `pages/privacy` states each period.

use jiff::{SignedDuration, Timestamp};

use crate::database::{Dialect, Statement, sql};
use crate::day::days_before;
use crate::delivery::WEEK;
use crate::{Error, Store, bounce, self_check, session};

/// A question asked once and never again is forgotten after this many days.
const ONE_OFF_DAYS: i64 = 90;

/// More one-off questions than an editor reads; a flood of nonsense must not fill the disk.
const ONE_OFF_LIMIT: i64 = 20_000;

/// Text and address of a message are erased this long after it was handled; its id and hashes stay.
const MESSAGE_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// A message nobody has answered by then (no process served the channel) is given up, and listed.
const UNANSWERED_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a form of a self-check is known.
const FORM_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// Results of self-checks are compared with last year and the year before, then forgotten.
const SELF_CHECK_DAYS: i64 = 3 * 366;

/// What a purge removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Sessions silent for a day.
    pub sessions: u64,
    /// One-off questions.
    pub gaps: u64,
    /// Messages whose text and address were erased.
    pub messages: u64,
    /// Messages given up unanswered; they are listed as unknown.
    pub unanswered: u64,
    /// Subscriptions nobody confirmed in time.
    pub confirmations: u64,
    /// Sessions of officials that were over.
    pub desk_sessions: u64,
    /// Results of self-checks of more than three years ago, one for each kind and month.
    pub self_checks: u64,
    /// Mails that came back, more than two weeks ago.
    pub bounces: u64,
}

impl Store {
    /// Removes what its period has run out for. To be called every hour or so.
    ///
    /// # Errors
    /// When a query fails; what was removed before stays removed.
    pub async fn purge(&self, now: Timestamp) -> Result<Purged, Error> {
        Ok(Purged {
            sessions: self.execute(old_sessions(now)).await?,
            gaps: self.execute(old_gaps(now)).await?
                + self.execute(surplus_gaps(ONE_OFF_LIMIT)).await?,
            unanswered: self.execute(unanswered(self.dialect(), now)).await?,
            messages: self.execute(old_messages(now)).await?,
            confirmations: self.execute(old_confirmations(now)).await?,
            desk_sessions: self.execute(old_desk_sessions(now)).await?,
            self_checks: {
                self.execute(old_forms(now)).await?;
                self.execute(old_self_checks(now)).await?
            },
            bounces: {
                self.execute(old_routine(now)).await?;
                self.execute(old_bounces(now)).await?
            },
        })
    }
}

fn old_sessions(now: Timestamp) -> Statement {
    sql("DELETE FROM session WHERE updated <= $1").bind(session::oldest(now))
}

fn old_gaps(now: Timestamp) -> Statement {
    sql("DELETE FROM gap WHERE times = 1 AND last_day < $1")
        .bind(days_before(now, ONE_OFF_DAYS).to_string())
}

/// Keeps the newest `limit` one-off questions.
fn surplus_gaps(limit: i64) -> Statement {
    sql("DELETE FROM gap WHERE question_key IN (
             SELECT question_key FROM gap WHERE times = 1
             ORDER BY last_day DESC, question_key LIMIT 1000000 OFFSET $1)")
    .bind(limit)
}

fn old_messages(now: Timestamp) -> Statement {
    sql("UPDATE inbox SET chat = NULL, body = NULL, reply = NULL
         WHERE body IS NOT NULL AND handled <= $1 AND state >= 10")
    .bind(now.as_second() - MESSAGE_LIFE.as_secs())
}

/// `INDEXED BY`: without it `SQLite` may walk all that is done.
fn unanswered(dialect: Dialect, now: Timestamp) -> Statement {
    let index = dialect.pick(" INDEXED BY inbox_queue", "");
    sql(sqlx::AssertSqlSafe(format!(
        "UPDATE inbox SET state = 12, reason = 'not answered within a week', handled = $2,
             chat = NULL, body = NULL, reply = NULL, owner = NULL, lease_until = NULL
         WHERE id IN (SELECT id FROM inbox{index} WHERE handled IS NULL AND received <= $1)"
    )))
    .bind(now.as_second() - UNANSWERED_LIFE.as_secs())
    .bind(now.as_second())
}

fn old_confirmations(now: Timestamp) -> Statement {
    sql("DELETE FROM confirmation WHERE expires <= $1").bind(now.as_second())
}

fn old_desk_sessions(now: Timestamp) -> Statement {
    sql("DELETE FROM desk_session WHERE expires <= $1").bind(now.as_second())
}

/// What the weekly cap does not look back on any more; not all at once, others wait to write.
fn old_routine(now: Timestamp) -> Statement {
    sql("DELETE FROM routine WHERE (recipient, campaign) IN (
             SELECT recipient, campaign FROM routine WHERE at <= $1 LIMIT 50000)")
    .bind((now - WEEK).as_second())
}

/// A second tap comes within seconds, a form sent again from the history of a browser within a day.
fn old_forms(now: Timestamp) -> Statement {
    sql("DELETE FROM self_check_form WHERE at <= $1").bind(now.as_second() - FORM_LIFE.as_secs())
}

fn old_self_checks(now: Timestamp) -> Statement {
    let first = self_check::month(days_before(now, SELF_CHECK_DAYS));
    sql("DELETE FROM self_check WHERE month < $1").bind(first)
}

fn old_bounces(now: Timestamp) -> Statement {
    sql("DELETE FROM bounce WHERE at <= $1").bind((now - bounce::WINDOW).as_second())
}
