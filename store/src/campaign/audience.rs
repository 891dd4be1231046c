//! Who is meant, and how many they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::database::{Transaction, sql};
use crate::segment::{self, Segment};
use crate::{Account, CampaignId, CampaignKind, Error, Store, SubscriberId};

/// Who is meant: inside a list "or", between the lists "and"; an empty list leaves everybody in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Regions, with all that lies within them already written out.
    pub regions: Vec<String>,
    /// Roles. Whoever has none is meant only while this is empty.
    pub roles: Vec<String>,
    /// Channels.
    pub channels: Vec<String>,
    /// Regions left out.
    pub except_regions: Vec<String>,
    /// Roles left out.
    pub except_roles: Vec<String>,
    /// Channels left out.
    pub except_channels: Vec<String>,
}

/// How many an audience is, as of one moment. Only the active are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AudienceCount {
    /// All.
    pub total: u64,
    /// How many the exceptions have taken away.
    pub excluded: u64,
    /// By region.
    pub by_region: Vec<(String, u64)>,
    /// By role; empty for none.
    pub by_role: Vec<(String, u64)>,
    /// By channel.
    pub by_channel: Vec<(String, u64)>,
    /// By account of ours; the time to the last recipient follows from the largest at its rate.
    pub by_account: Vec<((String, String), u64)>,
    /// A few of them, at most five.
    #[serde(skip)]
    pub sample: Vec<SubscriberId>,
}

impl Audience {
    /// Whether somebody on `channel` in `region` with `role` is meant.
    pub fn covers(&self, channel: &str, region: &str, role: Option<&str>) -> bool {
        self.includes(channel, region, role) && !self.excludes(channel, region, role)
    }

    fn includes(&self, channel: &str, region: &str, role: Option<&str>) -> bool {
        let among = |list: &[String], word: Option<&str>| {
            list.is_empty() || word.is_some_and(|word| list.iter().any(|listed| listed == word))
        };
        among(&self.regions, Some(region))
            && among(&self.roles, role)
            && among(&self.channels, Some(channel))
    }

    fn excludes(&self, channel: &str, region: &str, role: Option<&str>) -> bool {
        let among = |list: &[String], word: &str| list.iter().any(|listed| listed == word);
        among(&self.except_regions, region)
            || role.is_some_and(|role| among(&self.except_roles, role))
            || among(&self.except_channels, channel)
    }

    /// The segments it means.
    pub(crate) fn choose(&self, segments: Vec<Segment>) -> Vec<Segment> {
        let mut chosen = segments;
        chosen.retain(|s| self.covers(&s.account.channel, &s.region, s.role.as_deref()));
        chosen
    }
}

impl Store {
    /// How many `audience` means at this moment.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn audience_count(&self, audience: &Audience) -> Result<AudienceCount, Error> {
        let mut snapshot = self.snapshot().await?;
        let times = times_by_segment(&mut snapshot).await?;
        let segments = segment::segments(&mut snapshot).await?;
        let mut count = tally(audience, &segments, &times);
        let chosen = audience.choose(segments);
        count.sample = sample(&mut snapshot, &chosen).await?;
        Ok(count)
    }

    /// How many a correction or withdrawal of the campaign `first` means: all whom that one has reached or may
    /// have reached, and for a correction those of `audience` too.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn following_count(
        &self,
        kind: CampaignKind,
        audience: &Audience,
        first: CampaignId,
    ) -> Result<u64, Error> {
        let mut snapshot = self.snapshot().await?;
        let numbers = match kind {
            CampaignKind::Withdrawal => Vec::new(),
            _ => numbers(&audience.choose(segment::segments(&mut snapshot).await?)),
        };
        let text = format!(
            "SELECT COUNT(*) AS times FROM subscriber WHERE active AND (segment IN ({}) OR EXISTS ({REACHED}))",
            segment::listed(snapshot.dialect(), 1)
        );
        let statement =
            sql(sqlx::AssertSqlSafe(text)).bind(segment::list(&numbers)).bind(first.number());
        snapshot.row(statement).await?.map_or(Ok(0), |row| row.count("times"))
    }

    /// How many of `audience` have quiet hours at the minute `minute` of the day, Beijing time.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn audience_quiet(&self, audience: &Audience, minute: u16) -> Result<u64, Error> {
        let mut snapshot = self.snapshot().await?;
        let chosen = numbers(&audience.choose(segment::segments(&mut snapshot).await?));
        let text = format!(
            "SELECT COUNT(*) AS times FROM subscriber
             WHERE active AND segment IN ({}) AND quiet_from <> quiet_until
               AND CASE WHEN quiet_from < quiet_until THEN quiet_from <= $2 AND $2 < quiet_until
                        ELSE quiet_from <= $2 OR $2 < quiet_until END",
            segment::listed(snapshot.dialect(), 1)
        );
        let statement =
            sql(sqlx::AssertSqlSafe(text)).bind(segment::list(&chosen)).bind(i64::from(minute));
        snapshot.row(statement).await?.map_or(Ok(0), |row| row.count("times"))
    }
}

/// Whether the campaign in place 2 has reached a subscriber, or may have.
pub(crate) const REACHED: &str = "SELECT 1 FROM delivery AS reached
     WHERE reached.campaign = $2 AND reached.recipient = subscriber.number
       AND reached.state IN (3, 10, 12)";

pub(crate) fn numbers(segments: &[Segment]) -> Vec<i64> {
    segments.iter().map(|segment| segment.number).collect()
}

async fn times_by_segment(snapshot: &mut Transaction) -> Result<BTreeMap<i64, u64>, Error> {
    let statement =
        sql("SELECT segment, COUNT(*) AS times FROM subscriber WHERE active GROUP BY segment");
    let rows = snapshot.rows(statement).await?;
    rows.iter().map(|row| Ok((row.get("segment")?, row.count("times")?))).collect()
}

fn tally(audience: &Audience, segments: &[Segment], times: &BTreeMap<i64, u64>) -> AudienceCount {
    let mut count = AudienceCount::default();
    let (mut regions, mut roles) = (BTreeMap::new(), BTreeMap::new());
    let (mut channels, mut accounts) = (BTreeMap::new(), BTreeMap::new());
    for Segment { number, account, region, role } in segments {
        let times = times.get(number).copied().unwrap_or(0);
        let place = (account.channel.as_str(), region.as_str(), role.as_deref());
        if times == 0 || !audience.includes(place.0, place.1, place.2) {
            continue;
        }
        if audience.excludes(place.0, place.1, place.2) {
            count.excluded += times;
            continue;
        }
        count.total += times;
        let Account { channel, name } = account.clone();
        *regions.entry(region.clone()).or_default() += times;
        *roles.entry(role.clone().unwrap_or_default()).or_default() += times;
        *channels.entry(channel.clone()).or_default() += times;
        *accounts.entry((channel, name)).or_default() += times;
    }
    count.by_region = regions.into_iter().collect();
    count.by_role = roles.into_iter().collect();
    count.by_channel = channels.into_iter().collect();
    count.by_account = accounts.into_iter().collect();
    count
}

async fn sample(
    snapshot: &mut Transaction,
    segments: &[Segment],
) -> Result<Vec<SubscriberId>, Error> {
    let text = format!(
        "SELECT id FROM subscriber WHERE active AND segment IN ({}) ORDER BY number LIMIT 5",
        segment::listed(snapshot.dialect(), 1)
    );
    let statement = sql(sqlx::AssertSqlSafe(text)).bind(segment::list(&numbers(segments)));
    let rows = snapshot.rows(statement).await?;
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<String>, _>>()?;
    Ok(ids.iter().filter_map(|id| SubscriberId::parse(id)).collect())
}

#[cfg(test)]
mod tests {
    use super::Audience;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn lists_narrow_each_other_down_and_never_widen() {
        let audience = Audience {
            regions: words("chengguan qilihe"),
            roles: words("school village"),
            except_regions: words("qilihe-east"),
            except_channels: words("email"),
            ..Audience::default()
        };
        for (channel, region, role, expected) in [
            ("telegram", "chengguan", Some("school"), true),
            ("telegram", "qilihe", Some("village"), true),
            ("telegram", "chengguan", Some("home"), false),
            ("telegram", "chengguan", None, false),
            ("telegram", "anning", Some("school"), false),
            ("telegram", "qilihe-east", Some("school"), false),
            ("email", "chengguan", Some("school"), false),
        ] {
            let covered = audience.covers(channel, region, role);
            assert_eq!(covered, expected, "{channel} {region} {role:?}");
        }
        assert!(Audience::default().covers("email", "anywhere", None));
        let but_school = Audience { except_roles: words("school"), ..Audience::default() };
        assert!(but_school.covers("email", "anywhere", None), "no role is not that role");
    }
}
