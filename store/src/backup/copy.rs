//! Copying everything from one database into an empty one.

use std::path::Path;

use super::Counts;
use super::table::TABLES;
use crate::database::{Dialect, Transaction, Value, sql};
use crate::{Error, Store};

impl Store {
    /// Copies everything into `target`, which must be empty; all of it or nothing.
    ///
    /// What is written to this database meanwhile is not copied, so no server may run.
    ///
    /// # Errors
    /// [`Error::Served`] when one does, [`Error::NotEmpty`], or when a query fails or the counts differ.
    pub async fn copy_to(&self, target: &Self) -> Result<Counts, Error> {
        let _lock = self.lock_alone().await?;
        let mut source = self.snapshot().await?;
        let written = target
            .write_once(move |sink| {
                Box::pin(async move {
                    refuse_unless_empty(sink).await?;
                    for table in TABLES {
                        let mut last: Option<Vec<Value>> = None;
                        loop {
                            let mut rows = table.page(&mut source, last.as_ref()).await?;
                            table.insert(sink, &rows).await?;
                            let Some(row) = rows.pop() else { break };
                            last = Some(row);
                        }
                    }
                    for table in TABLES {
                        table.reset_key(sink).await?;
                    }
                    compare(&mut source, sink).await
                })
            })
            .await?;
        Ok(written)
    }

    /// Copies the file of this database to `path`, consistent while servers run. Only for `SQLite`;
    /// `false` where the database is no file.
    ///
    /// # Errors
    /// When `path` exists or cannot be written, or a query fails.
    pub async fn copy_file(&self, path: &Path) -> Result<bool, Error> {
        if self.dialect() == Dialect::Postgres {
            return Ok(false);
        }
        let part = super::portable::part_of(path)?;
        self.vacuum_into(&part).await?;
        super::portable::put_in_place(&part, path)?;
        Ok(true)
    }
}

/// Counts every table on both sides; a difference undoes the copy.
async fn compare(source: &mut Transaction, sink: &mut Transaction) -> Result<Counts, Error> {
    let mut counts = Counts::new();
    for table in TABLES {
        let (there, here) = (table.count(source).await?, table.count(sink).await?);
        if there != here {
            let reason = format!("`{}` has {there} rows, of which {here} arrived", table.name);
            return Err(Error::Backup { line: 0, reason });
        }
        counts.push((table.name, here));
    }
    Ok(counts)
}

/// A target with anything in it is somebody's database.
pub(super) async fn refuse_unless_empty(transaction: &mut Transaction) -> Result<(), Error> {
    if transaction.dialect() == Dialect::Postgres {
        // Two restores at once: the second one waits, and then finds it full.
        transaction.execute(sql("LOCK TABLE schema_version IN EXCLUSIVE MODE")).await?;
    }
    for table in TABLES {
        if table.count(transaction).await? > 0 {
            return Err(Error::NotEmpty { table: table.name });
        }
    }
    Ok(())
}
