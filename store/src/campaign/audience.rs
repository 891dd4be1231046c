//! Who is meant, and how many they are.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::database::{Transaction, sql};
use crate::outlet::WHOLE_ACCOUNT;
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
    /// Accounts whose followers are all reached at once; each counts as one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<(String, String)>,
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

    /// The segments it means; of an account that is meant as a whole only that.
    pub(crate) fn choose(&self, segments: Vec<Segment>) -> Vec<Segment> {
        let whole = self.wholes(&segments);
        let mut chosen = segments;
        chosen.retain(|s| s.whole == whole.contains(&s.account) && self.means(s));
        chosen
    }

    /// Accounts it means as a whole.
    fn wholes(&self, segments: &[Segment]) -> BTreeSet<Account> {
        let whole = segments.iter().filter(|segment| segment.whole && self.means(segment));
        whole.map(|segment| segment.account.clone()).collect()
    }

    fn means(&self, segment: &Segment) -> bool {
        let Segment { account, region, role, .. } = segment;
        self.covers(&account.channel, region, role.as_deref())
            && (!segment.whole || self.is_for_everybody())
    }

    /// Whether no region and no role is left out.
    fn is_for_everybody(&self) -> bool {
        let lists = [&self.regions, &self.roles, &self.except_regions, &self.except_roles];
        lists.iter().all(|list| list.is_empty())
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
            _ => {
                let segments = segment::segments(&mut snapshot).await?;
                numbers(&following(&mut snapshot, audience, segments, Some(first)).await?)
            }
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

/// The segments that `audience` means for what follows the campaign `first`: an account whose followers that one has
/// reached all at once is told again as a whole, and nobody on it by herself.
pub(crate) async fn following(
    transaction: &mut Transaction,
    audience: &Audience,
    segments: Vec<Segment>,
    first: Option<CampaignId>,
) -> Result<Vec<Segment>, Error> {
    let mut chosen = audience.choose(segments);
    let Some(first) = first else { return Ok(chosen) };
    let text = format!(
        "SELECT channel, account FROM subscriber WHERE outlet AND role = $1 AND EXISTS ({REACHED})"
    );
    let statement = sql(sqlx::AssertSqlSafe(text)).bind(WHOLE_ACCOUNT).bind(first.number());
    let mut told = Vec::new();
    for row in transaction.rows(statement).await? {
        told.push(Account { channel: row.get("channel")?, name: row.get("account")? });
    }
    chosen.retain(|segment| segment.whole || !told.contains(&segment.account));
    Ok(chosen)
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
    let wholes = audience.wholes(segments);
    for segment in segments {
        let Segment { number, account, region, role, whole } = segment;
        let times = times.get(number).copied().unwrap_or(0);
        // Whoever follows an account that is meant as a whole gets it through that.
        if *whole != wholes.contains(account) {
            continue;
        }
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
    count.whole = wholes.into_iter().map(|account| (account.channel, account.name)).collect();
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
    use super::{Account, Audience, Segment};

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn an_account_is_meant_as_a_whole_or_by_its_followers_never_both() {
        let segment = |number, name: &str, role: Option<&str>, whole| Segment {
            number,
            account: Account::new("wechat", name),
            region: "county".to_owned(),
            role: role.map(str::to_owned),
            whole,
        };
        let all = vec![
            segment(1, "main", None, true),
            segment(2, "main", None, false),
            segment(3, "main", Some("school"), false),
            segment(4, "other", None, false),
        ];
        for (audience, expected) in [
            (Audience::default(), vec![1, 4]),
            (Audience { channels: words("wechat"), ..Audience::default() }, vec![1, 4]),
            (Audience { roles: words("school"), ..Audience::default() }, vec![3]),
            (Audience { regions: words("county"), ..Audience::default() }, vec![2, 3, 4]),
            (Audience { except_regions: words("x"), ..Audience::default() }, vec![2, 3, 4]),
            (Audience { except_channels: words("wechat"), ..Audience::default() }, vec![]),
        ] {
            let chosen: Vec<i64> =
                audience.choose(all.clone()).iter().map(|segment| segment.number).collect();
            assert_eq!(chosen, expected, "{audience:?}");
            let times = all.iter().map(|segment| (segment.number, 10)).collect();
            let count = super::tally(&audience, &all, &times);
            assert_eq!(count.total, 10 * expected.len() as u64, "{audience:?}");
        }
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
