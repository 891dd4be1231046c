//! Counting what reaches people without a subscription: page views, screens, loudspeakers.

use jiff::Timestamp;

use crate::actor::{permit_person, record};
use crate::campaign::find;
use crate::database::sql;
use crate::day::day;
use crate::{Actor, CampaignId, Error, OfficialRole, Store};

/// Screens of one region; the address they report to is public, and must not fill the disk.
const SCREENS: i64 = 500;

impl Store {
    /// Adds views of pages to those of the day of `now`, and those of them whose address named a place to those of
    /// the place. The caller has made sure that pages and places exist.
    ///
    /// # Errors
    /// When the query fails; then none was counted.
    pub async fn count_views(
        &self,
        pages: &[(String, u64)],
        places: &[(String, u64)],
        now: Timestamp,
    ) -> Result<(), Error> {
        const PAGE: &str = "INSERT INTO page_view (day, page, times) VALUES ($1, $2, $3)
             ON CONFLICT (day, page) DO UPDATE SET times = page_view.times + $3";
        const PLACE: &str = "INSERT INTO place_view (day, region, times) VALUES ($1, $2, $3)
             ON CONFLICT (day, region) DO UPDATE SET times = place_view.times + $3";
        let day = day(now).to_string();
        let statement = |text: &'static str, (name, times): &(String, u64)| {
            let times = i64::try_from(*times).unwrap_or(i64::MAX);
            sql(text).bind(&day).bind(name).bind(times)
        };
        let pages = pages.iter().map(|counted| statement(PAGE, counted));
        let places = places.iter().map(|counted| statement(PLACE, counted));
        let statements: Vec<_> = pages.chain(places).collect();
        self.write(move |transaction| {
            Box::pin(async move {
                for statement in statements {
                    transaction.execute(statement).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Notes that a screen of `region` shows the signage page. `false`: the region has too many already.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn screen_seen(
        &self,
        region: &str,
        screen: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let statement = sql("INSERT INTO screen (region, screen, first_seen, last_seen)
             SELECT $1, $2, $3, $3
             WHERE EXISTS (SELECT 1 FROM screen WHERE region = $1 AND screen = $2)
                OR (SELECT COUNT(*) FROM screen WHERE region = $1) < $4
             ON CONFLICT (region, screen) DO UPDATE SET last_seen = excluded.last_seen")
        .bind(region)
        .bind(screen)
        .bind(now.as_second())
        .bind(SCREENS);
        Ok(self.execute(statement).await? == 1)
    }

    /// An official notes that `region` has carried a campaign out (`kind`: `loudspeaker`); `false`: it was noted before.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] below an editor, [`Error::WrongState`] before the campaign is published.
    pub async fn acknowledge(
        &self,
        campaign: CampaignId,
        region: &str,
        kind: &str,
        actor: &Actor,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let statement = sql("INSERT INTO acknowledgement (campaign, region, kind, at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (campaign, region, kind) DO NOTHING")
        .bind(campaign.number())
        .bind(region)
        .bind(kind)
        .bind(now.as_second());
        let (actor, detail) = (actor.clone(), format!("region={region} kind={kind}"));
        self.write(move |transaction| {
            Box::pin(async move {
                permit_person(transaction, &actor, OfficialRole::Editor).await?;
                let found = find(transaction, campaign).await?;
                if found.started.is_none() {
                    return Err(Error::WrongState { found: found.state });
                }
                if transaction.execute(statement).await? == 0 {
                    return Ok(false);
                }
                let subject = campaign.to_string();
                record(transaction, &actor, ("campaign.acknowledge", &subject), &detail, now)
                    .await?;
                Ok(true)
            })
        })
        .await
    }

    /// Who has carried the campaign `id` out: region and kind, and when.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn acknowledgements(
        &self,
        id: CampaignId,
    ) -> Result<Vec<(String, String, Timestamp)>, Error> {
        let statement = sql("SELECT region, kind, at FROM acknowledgement
             WHERE campaign = $1 ORDER BY region, kind")
        .bind(id.number());
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| Ok((row.get("region")?, row.get("kind")?, row.instant("at")?)))
            .collect()
    }

    /// Notes how many subscribe at the moment, for the day of `now`. To be called every hour or so: the last
    /// call of a day stands.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn record_coverage(&self, now: Timestamp) -> Result<(), Error> {
        let today = day(now).to_string();
        let clear = sql("DELETE FROM coverage WHERE day = $1").bind(&today);
        let count = sql("INSERT INTO coverage (day, region, role, times)
             SELECT $1, region, COALESCE(role, ''), COUNT(*) FROM subscriber
             WHERE active AND NOT outlet GROUP BY region, COALESCE(role, '')
             ON CONFLICT (day, region, role) DO UPDATE SET times = excluded.times")
        .bind(&today);
        self.write(move |transaction| {
            Box::pin(async move {
                transaction.execute(clear).await?;
                transaction.execute(count).await.map(drop)
            })
        })
        .await
    }
}
