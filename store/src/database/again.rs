//! What a server has undone for the sake of another transaction is done again.
//!
//! Two transactions that wait for each other are parted by the server: it undoes one of them whole and says so.
//! Nothing of that one is left, so running it again is safe; that of a commit nobody knows about is not.

use std::time::Duration;

use crate::Error;

/// So often; two that meet again and again part by themselves long before.
const TRIES: u32 = 8;

/// Waited before the second try, and twice as long before each one after.
const PAUSE: Duration = Duration::from_millis(5);

/// Deadlock and serialization failure (<https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html>).
const UNDONE: [&str; 2] = ["40P01", "40001"];

/// Runs `attempt` until it ends otherwise than undone by the server.
pub(super) async fn until_done<T, F>(attempt: impl Fn() -> F) -> Result<T, Error>
where
    F: Future<Output = Result<T, Error>>,
{
    let mut tries = 1;
    loop {
        match attempt().await {
            Err(error) if tries < TRIES && is_undone(&error) => {
                tracing::debug!(tries, "undone by the server for another transaction; again");
                tokio::time::sleep(PAUSE * 2_u32.pow(tries - 1)).await;
                tries += 1;
            }
            ended => return ended,
        }
    }
}

fn is_undone(error: &Error) -> bool {
    let Error::Query(source) = error else { return false };
    let code = source.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| UNDONE.contains(&code.as_ref()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use sqlx::Connection;
    use tokio::sync::Barrier;

    use crate::database::sql;
    use crate::{Error, Location, Store};

    /// Changes two sessions one after the other, the second when somebody else has changed it too.
    async fn change(
        store: Store,
        [first, second]: [&'static str; 2],
        meet: Arc<Barrier>,
        ran: Arc<AtomicU32>,
    ) -> Result<u64, Error> {
        let touch =
            |id: &str| sql("UPDATE session SET updated = updated + 1 WHERE id = $1").bind(id);
        let (one, other) = (touch(first), touch(second));
        let work = store.write(move |transaction| {
            Box::pin(async move {
                transaction.execute(one).await?;
                // The first time both have changed one of the two, and want the other.
                if ran.fetch_add(1, Ordering::SeqCst) < 2 {
                    meet.wait().await;
                }
                transaction.execute(other).await
            })
        });
        work.await
    }

    #[tokio::test]
    async fn of_two_transactions_that_wait_for_each_other_both_are_written() {
        let Ok(url) = std::env::var("FENGHUO_TEST_POSTGRES") else { return };
        let schema = format!("test_again_{}", std::process::id());
        let mut connection = sqlx::PgConnection::connect(&url).await.expect("the server answers");
        let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        sqlx::raw_sql(sqlx::AssertSqlSafe(create)).execute(&mut connection).await.expect("created");
        let joint = if url.contains('?') { '&' } else { '?' };
        let location = Location::parse(&format!("{url}{joint}options=-csearch_path%3D{schema}"));
        let store = Store::connect(&location.expect("well-formed")).await.expect("opened");
        for id in ["a", "b"] {
            let insert = sql("INSERT INTO session (id, state, updated) VALUES ($1, '', 0)");
            store.execute(insert.bind(id)).await.expect("written");
        }
        let (meet, ran) = (Arc::new(Barrier::new(2)), Arc::new(AtomicU32::new(0)));
        let (one, other) = tokio::join!(
            change(store.clone(), ["a", "b"], Arc::clone(&meet), Arc::clone(&ran)),
            change(store.clone(), ["b", "a"], Arc::clone(&meet), Arc::clone(&ran)),
        );
        assert_eq!((one.expect("written"), other.expect("written")), (1, 1));
        assert!(ran.load(Ordering::SeqCst) > 2, "nothing was undone, so nothing was tried");
        let rows = store.rows(sql("SELECT updated FROM session")).await.expect("read");
        assert!(rows.iter().all(|row| row.get::<i64>("updated").is_ok_and(|times| times == 2)));
        store.close().await;
        let drop = format!("DROP SCHEMA {schema} CASCADE");
        sqlx::raw_sql(sqlx::AssertSqlSafe(drop)).execute(&mut connection).await.expect("dropped");
    }
}
