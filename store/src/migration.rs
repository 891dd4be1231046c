//! Forward-only migrations, each run once in one transaction with its entry in `schema_version`.

use sqlx::{Row, SqlitePool};

use crate::Error;

/// All migrations in order; the schema version is how many have run. Released ones never change.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/0001_foundation.sql")];

/// Brings the database up to the version this program knows.
pub(crate) async fn migrate(writer: &SqlitePool) -> Result<(), Error> {
    // IMMEDIATE: two commands started at once must not both see the old version.
    let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)")
        .execute(&mut *transaction)
        .await?;
    let row = sqlx::query("SELECT COALESCE(MAX(version), 0) AS version FROM schema_version")
        .fetch_one(&mut *transaction)
        .await?;
    let found: i64 = row.try_get("version")?;
    let known = known_version();
    if found > known {
        return Err(Error::NewerSchema { found, known });
    }
    for (version, sql) in (1..=known).zip(MIGRATIONS).filter(|(version, _)| *version > found) {
        sqlx::raw_sql(sql).execute(&mut *transaction).await?;
        sqlx::query("INSERT INTO schema_version (version) VALUES ($1)")
            .bind(version)
            .execute(&mut *transaction)
            .await?;
        tracing::info!(version, "database migrated");
    }
    Ok(transaction.commit().await?)
}

/// The latest schema version this program knows.
fn known_version() -> i64 {
    i64::try_from(MIGRATIONS.len()).expect("migrations are few")
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn empty() -> SqlitePool {
        let options = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
        options.connect("sqlite::memory:").await.expect("a database in memory")
    }

    #[tokio::test]
    async fn a_migration_runs_once() {
        let pool = empty().await;
        migrate(&pool).await.expect("migrated");
        migrate(&pool).await.expect("nothing left to do");
        let row = sqlx::query("SELECT COUNT(*) AS versions FROM schema_version");
        let row = row.fetch_one(&pool).await.expect("a row");
        assert_eq!(row.try_get::<i64, _>("versions").expect("a number"), known_version());
    }

    #[tokio::test]
    async fn a_database_of_a_newer_program_is_refused() {
        let pool = empty().await;
        migrate(&pool).await.expect("migrated");
        let newer = sqlx::query("INSERT INTO schema_version (version) VALUES ($1)").bind(99_i64);
        newer.execute(&pool).await.expect("written");
        assert!(matches!(migrate(&pool).await, Err(Error::NewerSchema { found: 99, .. })));
    }
}
