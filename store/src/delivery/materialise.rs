//! Materialising: the audience of an approved campaign is written out into the ledger, chunk by chunk, each
//! chunk with the place up to which it reaches. Whoever subscribed after the approval does not belong to it.

use jiff::Timestamp;

use super::snapshot;
use crate::campaign::{REACHED, following, numbers};
use crate::database::{Dialect, Statement, Transaction, sql};
use crate::segment;
use crate::{CampaignId, CampaignKind, CampaignState, Draft, Error, Store, campaign};

/// What one call of [`Store::materialise`] did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Materialised {
    /// Recipients added.
    pub added: u64,
    /// Whether all stand in the ledger now, with their count and hash.
    pub done: bool,
}

/// Keeps processes from materialising one campaign at once. The lock goes with the transaction.
const ALONE: &str =
    "SELECT pg_try_advisory_xact_lock(26219, hashtext(current_schema() || $1::text)) AS alone";

/// The end of a chunk need not wait for the disk: a crash loses its rows together with the place up to which
/// they reach. Every later commit, that of a lease too, brings it to the disk before itself.
const UNHURRIED: &str = "SET LOCAL synchronous_commit TO off";

/// What materialising goes on from.
struct Place {
    version: i64,
    position: i64,
    frontier: i64,
    draft: Draft,
}

impl Store {
    /// Writes the next `chunk` of subscriber numbers of an approved (scheduled, sending) campaign into the
    /// ledger. Called again until done; several processes may, one at a time does the work.
    ///
    /// # Errors
    /// [`Error::WrongState`], [`Error::NotFound`].
    pub async fn materialise(
        &self,
        id: CampaignId,
        chunk: u32,
        now: Timestamp,
    ) -> Result<Materialised, Error> {
        let written = self
            .write(move |transaction| {
                Box::pin(async move {
                    if !is_alone(transaction, id).await? {
                        return Ok((0, None));
                    }
                    if transaction.dialect() == Dialect::Postgres {
                        transaction.execute(sql(UNHURRIED)).await?;
                    }
                    let Some(place) = place(transaction, id).await? else {
                        return Ok((0, Some(true)));
                    };
                    write_chunk(transaction, id, place, chunk).await
                })
            })
            .await;
        let (added, complete) = match written {
            // Somebody scheduled, sent or returned it at this moment; the next call sees what holds now.
            Err(Error::Stale) => (0, None),
            other => other?,
        };
        if added > 0 {
            self.ring();
        }
        let done = match complete {
            Some(true) => true,
            Some(false) => self.seal(id, now).await?,
            None => false,
        };
        Ok(Materialised { added, done })
    }

    /// Counts and hashes the recipients, now that all stand in the ledger.
    async fn seal(&self, id: CampaignId, now: Timestamp) -> Result<bool, Error> {
        let mut reading = self.snapshot().await?;
        let found = sql("SELECT version FROM campaign WHERE id = $1").bind(id.number());
        let Some(row) = reading.row(found).await? else { return Ok(false) };
        let version: i64 = row.get("version")?;
        let (count, hash) = snapshot::count(&mut reading, id).await?;
        drop(reading);
        let seal = sql("UPDATE campaign SET materialised = TRUE, audience_count = $3,
                 audience_hash = $4
             WHERE id = $1 AND version = $2 AND position = frontier AND NOT materialised")
        .bind(id.number())
        .bind(version)
        .bind(i64::try_from(count).unwrap_or(i64::MAX))
        .bind(hash);
        tracing::info!(campaign = %id, count, at = %now, "audience frozen");
        Ok(self.execute(seal).await? == 1)
    }
}

async fn is_alone(transaction: &mut Transaction, id: CampaignId) -> Result<bool, Error> {
    match transaction.dialect() {
        Dialect::Sqlite => Ok(true),
        Dialect::Postgres => {
            let row = transaction.row(sql(ALONE).bind(id.number())).await?;
            row.map_or(Ok(false), |row| row.get("alone"))
        }
    }
}

/// Where to go on; `None` when all is done.
async fn place(transaction: &mut Transaction, id: CampaignId) -> Result<Option<Place>, Error> {
    let text = campaign::CAMPAIGN.replace("SELECT id,", "SELECT position, frontier, id,");
    let statement = sql(sqlx::AssertSqlSafe(format!("{text} WHERE id = $1"))).bind(id.number());
    let row = transaction.row(statement).await?.ok_or(Error::NotFound { what: "campaign" })?;
    let campaign = campaign::read(&row)?;
    if campaign.materialised {
        return Ok(None);
    }
    let frontier: Option<i64> = row.get("frontier")?;
    match (campaign.state, frontier) {
        (
            CampaignState::Approved
            | CampaignState::Scheduled
            | CampaignState::Sending
            | CampaignState::Paused,
            Some(frontier),
        ) => Ok(Some(Place {
            version: campaign.version,
            position: row.get("position")?,
            frontier,
            draft: campaign.draft,
        })),
        (found, _) => Err(Error::WrongState { found }),
    }
}

/// One chunk; how many were added, and whether that was the last one.
async fn write_chunk(
    transaction: &mut Transaction,
    id: CampaignId,
    place: Place,
    chunk: u32,
) -> Result<(u64, Option<bool>), Error> {
    let end = place.frontier.min(place.position.saturating_add(i64::from(chunk.max(1))));
    let mut added = 0;
    if end > place.position {
        let insert = chunk_of(transaction, id, &place, end).await?;
        added = transaction.execute(insert).await?;
        let advance = sql("UPDATE campaign SET position = $3 WHERE id = $1 AND version = $2")
            .bind(id.number())
            .bind(place.version)
            .bind(end);
        if transaction.execute(advance).await? == 0 {
            return Err(Error::Stale);
        }
    }
    Ok((added, (end == place.frontier).then_some(false)))
}

/// The statement that adds the recipients up to the number `end`.
async fn chunk_of(
    transaction: &mut Transaction,
    id: CampaignId,
    place: &Place,
    end: i64,
) -> Result<Statement, Error> {
    let segments = segment::segments(transaction).await?;
    let all = segments.len();
    let first = place.draft.refers.filter(|_| place.draft.kind.follows());
    let chosen = match place.draft.kind {
        CampaignKind::Withdrawal => Vec::new(),
        _ => numbers(&following(transaction, &place.draft.audience, segments, first).await?),
    };
    let text = insert(transaction.dialect(), chosen.len() == all, first.is_some());
    Ok(sql(sqlx::AssertSqlSafe(text))
        .bind(id.number())
        .bind(first.map_or(0, CampaignId::number))
        .bind(place.position)
        .bind(end)
        .bind(segment::list(&chosen)))
}

/// CROSS JOIN and +: `SQLite` shall walk the subscribers by number and look their segments up.
pub(super) fn insert(dialect: Dialect, everybody: bool, follows: bool) -> String {
    let listed = segment::listed(dialect, 5);
    let meant = match (everybody, follows) {
        (true, _) => "$5 <> '' AND $2 >= 0".to_owned(),
        (false, false) => format!("+segment.number IN ({listed}) AND $2 >= 0"),
        (false, true) => format!("(+segment.number IN ({listed}) OR EXISTS ({REACHED}))"),
    };
    // Chunks never overlap, so nothing stands there twice. A quarter of the time on the server goes into
    // making sure; SQLite does it for nothing.
    let again = dialect.pick(" ON CONFLICT (campaign, recipient) DO NOTHING", "");
    format!(
        "INSERT INTO delivery
             (campaign, recipient, account, segment, state, due, attempt, repeats, epoch)
         SELECT $1, subscriber.number, segment.account, segment.number, 0, 0, 0, 0, 0
         FROM subscriber CROSS JOIN segment
         WHERE subscriber.number > $3 AND subscriber.number <= $4 AND active
           AND segment.number = subscriber.segment AND {meant}
         ORDER BY subscriber.number{again}"
    )
}
