//! The figures of a period.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::database::{Dialect, Transaction, sql};
use crate::day::day;
use crate::outlet::WHOLE_ACCOUNT;
use crate::segment::{self, Segment};
use crate::{DeliveryState, Error, Store};

/// Whom publicity has reached in a period. Tests of the channels do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// By region and setting.
    pub rows: Vec<ReachRow>,
    /// Screens seen in the period, by region.
    pub screens: Vec<(String, u64)>,
    /// Campaigns carried out on the spot, by region and kind (`loudspeaker`).
    pub acknowledged: Vec<(String, String, u64)>,
    /// Views by page, the most viewed first.
    pub views: Vec<(String, u64)>,
    /// Views of pages whose address named a place, by region.
    pub place_views: Vec<(String, u64)>,
    /// Month by month.
    pub months: Vec<Month>,
}

/// One region and one setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReachRow {
    /// The region.
    pub region: String,
    /// The setting; `None` for those who gave none.
    pub role: Option<String>,
    /// Who subscribes now.
    pub subscribers: u64,
    /// Robots, webhooks and accounts that post there.
    pub outlets: u64,
    /// Messages delivered in the period.
    pub sent: u64,
    /// Messages refused.
    pub failed: u64,
    /// Messages of which nobody knows.
    pub unknown: u64,
    /// Messages not sent for a reason.
    pub skipped: u64,
}

/// One month, Beijing time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Month {
    /// `2026-12`.
    pub month: String,
    /// Who subscribed on the last day of it that was counted.
    pub subscribers: u64,
    /// Messages delivered.
    pub sent: u64,
    /// Views of pages.
    pub views: u64,
}

impl Store {
    /// Whom publicity has reached from `from` until before `to`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn reach(&self, from: Timestamp, to: Timestamp) -> Result<Reach, Error> {
        let mut snapshot = self.snapshot().await?;
        let mut months = BTreeMap::new();
        let segments = segment::segments(&mut snapshot).await?;
        let mut rows = subscribers(&mut snapshot).await?;
        deliveries(&mut snapshot, (from, to), &segments, (&mut rows, &mut months)).await?;
        coverage(&mut snapshot, (from, to), &mut months).await?;
        Ok(Reach {
            rows: rows.into_values().collect(),
            screens: screens(&mut snapshot, from, to).await?,
            acknowledged: acknowledged(&mut snapshot, from, to).await?,
            views: views(&mut snapshot, (from, to), &mut months).await?,
            place_views: place_views(&mut snapshot, from, to).await?,
            months: months.into_values().collect(),
        })
    }
}

type Rows = BTreeMap<(String, Option<String>), ReachRow>;
type Months = BTreeMap<String, Month>;

fn row_of(rows: &mut Rows, region: String, role: Option<String>) -> &mut ReachRow {
    let key = (region.clone(), role.clone());
    rows.entry(key).or_insert_with(|| ReachRow { region, role, ..ReachRow::default() })
}

fn month_of(months: &mut Months, month: String) -> &mut Month {
    let key = month.clone();
    months.entry(key).or_insert_with(|| Month { month, ..Month::default() })
}

async fn subscribers(snapshot: &mut Transaction) -> Result<Rows, Error> {
    // A whole account serves no one setting.
    let statement = sql("SELECT region, NULLIF(role, $1) AS role, outlet, COUNT(*) AS times
         FROM subscriber WHERE active GROUP BY region, NULLIF(role, $1), outlet")
    .bind(WHOLE_ACCOUNT);
    let mut rows = Rows::new();
    for found in snapshot.rows(statement).await? {
        let row = row_of(&mut rows, found.get("region")?, found.get("role")?);
        if found.get("outlet")? {
            row.outlets += found.count("times")?;
        } else {
            row.subscribers += found.count("times")?;
        }
    }
    Ok(rows)
}

async fn deliveries(
    snapshot: &mut Transaction,
    (from, to): (Timestamp, Timestamp),
    segments: &[Segment],
    (rows, months): (&mut Rows, &mut Months),
) -> Result<(), Error> {
    let month = match snapshot.dialect() {
        Dialect::Sqlite => "strftime('%Y-%m', at + 28800, 'unixepoch')",
        Dialect::Postgres => "to_char(to_timestamp(at + 28800) AT TIME ZONE 'UTC', 'YYYY-MM')",
    };
    let text = format!(
        "SELECT segment, delivery.state AS state, {month} AS month, COUNT(*) AS times
         FROM campaign JOIN delivery ON delivery.campaign = campaign.id
         WHERE started < $2 AND (ended IS NULL OR ended >= $1) AND kind <> 3
           AND delivery.state >= 10 AND at >= $1 AND at < $2
         GROUP BY segment, delivery.state, {month}"
    );
    let statement = sql(sqlx::AssertSqlSafe(text)).bind(from.as_second()).bind(to.as_second());
    let by_number: BTreeMap<i64, &Segment> = segments.iter().map(|s| (s.number, s)).collect();
    for found in snapshot.rows(statement).await? {
        let Some(segment) = by_number.get(&found.get::<i64>("segment")?) else { continue };
        let row = row_of(rows, segment.region.clone(), segment.role.clone());
        let times = found.count("times")?;
        match DeliveryState::of(found.get("state")?) {
            DeliveryState::Sent => {
                row.sent += times;
                month_of(months, found.get("month")?).sent += times;
            }
            DeliveryState::Failed => row.failed += times,
            DeliveryState::Skipped => row.skipped += times,
            _ => row.unknown += times,
        }
    }
    Ok(())
}

/// The last day that has a moment before `to`.
fn last_day(to: Timestamp) -> Date {
    day(to.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(to))
}

/// The last day of each month that was counted.
async fn coverage(
    snapshot: &mut Transaction,
    (from, to): (Timestamp, Timestamp),
    months: &mut Months,
) -> Result<(), Error> {
    let statement = sql("SELECT SUBSTR(day, 1, 7) AS month, CAST(SUM(times) AS BIGINT) AS times
         FROM coverage WHERE day IN (
             SELECT MAX(day) FROM coverage WHERE day >= $1 AND day <= $2
             GROUP BY SUBSTR(day, 1, 7))
         GROUP BY SUBSTR(day, 1, 7)")
    .bind(day(from).to_string())
    .bind(last_day(to).to_string());
    for row in snapshot.rows(statement).await? {
        month_of(months, row.get("month")?).subscribers = row.count("times")?;
    }
    Ok(())
}

async fn screens(
    snapshot: &mut Transaction,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(String, u64)>, Error> {
    let statement = sql("SELECT region, COUNT(*) AS times FROM screen
         WHERE last_seen >= $1 AND first_seen < $2 GROUP BY region ORDER BY region")
    .bind(from.as_second())
    .bind(to.as_second());
    let rows = snapshot.rows(statement).await?;
    rows.iter().map(|row| Ok((row.get("region")?, row.count("times")?))).collect()
}

async fn acknowledged(
    snapshot: &mut Transaction,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(String, String, u64)>, Error> {
    let statement = sql("SELECT region, kind, COUNT(*) AS times FROM acknowledgement
         WHERE at >= $1 AND at < $2 GROUP BY region, kind ORDER BY region, kind")
    .bind(from.as_second())
    .bind(to.as_second());
    let rows = snapshot.rows(statement).await?;
    rows.iter().map(|row| Ok((row.get("region")?, row.get("kind")?, row.count("times")?))).collect()
}

async fn views(
    snapshot: &mut Transaction,
    (from, to): (Timestamp, Timestamp),
    months: &mut Months,
) -> Result<Vec<(String, u64)>, Error> {
    let statement =
        sql("SELECT page, SUBSTR(day, 1, 7) AS month, CAST(SUM(times) AS BIGINT) AS times
         FROM page_view WHERE day >= $1 AND day <= $2
         GROUP BY page, SUBSTR(day, 1, 7)")
        .bind(day(from).to_string())
        .bind(last_day(to).to_string());
    let mut pages: BTreeMap<String, u64> = BTreeMap::new();
    for row in snapshot.rows(statement).await? {
        let times = row.count("times")?;
        *pages.entry(row.get("page")?).or_default() += times;
        month_of(months, row.get("month")?).views += times;
    }
    let mut views: Vec<(String, u64)> = pages.into_iter().collect();
    views.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(views)
}

async fn place_views(
    snapshot: &mut Transaction,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<(String, u64)>, Error> {
    let statement = sql("SELECT region, CAST(SUM(times) AS BIGINT) AS times FROM place_view
         WHERE day >= $1 AND day <= $2 GROUP BY region ORDER BY region")
    .bind(day(from).to_string())
    .bind(last_day(to).to_string());
    let rows = snapshot.rows(statement).await?;
    rows.iter().map(|row| Ok((row.get("region")?, row.count("times")?))).collect()
}
