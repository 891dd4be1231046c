//! A campaign under attack: a county, a fake Bot API that counts, and processes that send until they are
//! killed; and what came of it, row by row and chat by chat.
//!
//! `FENGHUO_TEST_KILLS` sets how often they are killed (10 by default, `tests/kill/broadcast.sh` does 300),
//! `FENGHUO_TEST_RATE` the limit of the account (100 a second by default).

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::time::{Duration, Instant};

use fenghuo_store::{CampaignId, CampaignState, DeliveryFilter, DeliveryState, Location};
use tempfile::TempDir;

use super::county::{County, telegram};
use super::victim::{Orders, Victim};
use crate::support::bot_api::{Arrival, BotApi, Fail};

/// Most time between two kills; some come before anything is sent.
const LIFE: Duration = Duration::from_millis(3500);

/// So many kills each is what CI has time for.
pub(super) const FEW: u32 = 10;

pub(super) fn kills() -> u32 {
    std::env::var("FENGHUO_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(FEW)
}

pub(super) fn rate() -> u32 {
    std::env::var("FENGHUO_TEST_RATE").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

/// What is sent, and by how many.
#[derive(Clone, Copy)]
pub(super) struct Load {
    pub(super) processes: usize,
    /// The limit of the account in a second.
    pub(super) rate: u32,
    pub(super) recipients: u32,
}

/// A campaign under attack.
pub(super) struct Scene {
    pub(super) county: County,
    pub(super) api: BotApi,
    pub(super) orders: Orders,
    pub(super) victims: Vec<Victim>,
    load: Load,
    campaign: CampaignId,
    chance: u64,
    folder: TempDir,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) sent: usize,
    pub(super) failed: usize,
    pub(super) unknown: usize,
    pub(super) delivered: usize,
    pub(super) twice: usize,
    /// The most requests in any second.
    pub(super) densest: usize,
    /// The same for one chat.
    pub(super) densest_chat: usize,
}

impl Scene {
    /// A campaign on its way; messages fail as `rule` says. Without `database` it lies in a file.
    pub(super) fn new(
        database: Option<String>,
        load: Load,
        rule: impl Fn(&Arrival) -> Option<Fail> + Send + 'static,
    ) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = || format!("sqlite://{}", folder.path().join("county.db").display());
        let database = database.unwrap_or_else(file);
        let county = County::at(&Location::parse(&database).expect("an address"));
        county.follow(&telegram(), (1..=load.recipients).map(|chat| chat.to_string()));
        let campaign = county.send(|_| {});
        let api = BotApi::start();
        api.gather(rule);
        let orders = Orders { database, api: api.url(), rate: load.rate, clock: 0 };
        let chance = u64::from(std::process::id()) ^ 0x9E37_79B9_7F4A_7C15;
        let victims = Vec::new();
        let mut scene = Self { county, api, orders, victims, load, campaign, chance, folder };
        for _ in 0..load.processes {
            scene.start();
        }
        scene
    }

    pub(super) fn start(&mut self) {
        self.victims.push(self.orders.start(&self.folder.path().join("complaints")));
    }

    /// A number below `most`, by splitmix64.
    pub(super) fn draw(&mut self, most: u64) -> u64 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut drawn = self.chance;
        drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (drawn ^ (drawn >> 31)) % most
    }

    /// Kills one process after the other at any moment, and starts another for each.
    pub(super) fn kill(&mut self, kills: u32, mut between: impl FnMut(&mut Self, u32)) {
        for kill in 0..kills {
            let life = u64::try_from(LIFE.as_millis()).expect("short");
            std::thread::sleep(Duration::from_millis(self.draw(life)));
            between(self, kill);
            self.kill_one();
        }
    }

    /// Kills any of the processes and starts another.
    pub(super) fn kill_one(&mut self) {
        let which = usize::try_from(self.draw(self.victims.len() as u64)).expect("small");
        self.victims.swap_remove(which).kill();
        self.start();
    }

    /// How many requests have come so far.
    pub(super) fn arrived(&self) -> usize {
        self.api.crowd(|crowd| crowd.arrivals.len())
    }

    /// Waits until `more` requests have come.
    pub(super) fn wait_for(&self, more: usize) {
        let (before, until) = (self.arrived(), Instant::now() + Duration::from_secs(120));
        while self.arrived() < before + more {
            let progress = || self.county.progress(self.campaign);
            assert!(Instant::now() < until, "stuck at {:?}\n{}", progress(), self.complaints());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the end of the campaign.
    pub(super) fn finish(&mut self) -> Outcome {
        // Storms of 429 take their time.
        let seconds = self.load.recipients / self.load.rate.min(200) + 300;
        let until = Instant::now() + Duration::from_secs(seconds.into());
        while self.county.campaign(self.campaign).state != CampaignState::Done {
            let progress = self.county.progress(self.campaign);
            assert!(Instant::now() < until, "never done: {progress:?}\n{}", self.complaints());
            assert!(self.victims.iter_mut().all(|one| !one.is_over()), "{}", self.complaints());
            std::thread::sleep(Duration::from_millis(100));
        }
        self.victims.clear();
        Outcome::of(&self.county, &self.api, self.campaign, self.load.recipients)
    }

    /// What the processes have said, the last of it.
    pub(super) fn complaints(&self) -> String {
        let path = self.folder.path().join("complaints");
        let all = std::fs::read_to_string(path).unwrap_or_default();
        let lines: Vec<&str> = all.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// How often the processes have said `what`.
    pub(super) fn complained(&self, what: &str) -> usize {
        let path = self.folder.path().join("complaints");
        let all = std::fs::read_to_string(path).unwrap_or_default();
        all.lines().filter(|line| line.contains(what)).count()
    }

    /// A line for `docs/BENCHMARKS.md`.
    pub(super) fn tell(&self, what: &str, kills: u32, outcome: &Outcome) {
        let Outcome { sent, failed, unknown, delivered, twice, densest, densest_chat } = outcome;
        let Load { recipients, rate, .. } = self.load;
        let rate = if rate > 100_000 { "no limit".to_owned() } else { format!("{rate}/s") };
        let _ = writeln!(
            std::io::stderr(),
            "| {what} | {rate} | {kills} | {recipients} | {sent} | {failed} | {unknown} | \
             {delivered} | {twice} | {densest} | {densest_chat} |"
        );
    }
}

impl Outcome {
    /// Looks at every row and every chat.
    pub(super) fn of(county: &County, api: &BotApi, campaign: CampaignId, recipients: u32) -> Self {
        let rows = county.store.deliveries(campaign, DeliveryFilter::All, 0, recipients);
        let rows = county.block_on(rows).expect("listed");
        assert_eq!(rows.len(), recipients as usize, "a recipient is not in the ledger");
        let delivered = api.crowd(|crowd| crowd.delivered());
        let mut states: HashMap<DeliveryState, usize> = HashMap::new();
        let mut seen = HashSet::new();
        for row in &rows {
            let id = row.subscriber.as_ref().expect("nobody left");
            let chat = u128::from_str_radix(id.as_str(), 16).expect("a number");
            let chat = i64::try_from(chat).expect("small");
            assert!(seen.insert(chat));
            let times = delivered.get(&chat).copied().unwrap_or(0);
            *states.entry(row.state).or_default() += 1;
            let fine = match row.state {
                DeliveryState::Sent => times == 1,
                DeliveryState::Failed => times == 0,
                DeliveryState::Unknown => times <= 1,
                _ => false,
            };
            assert!(fine, "chat {chat} got it {times} times: {row:?}");
        }
        api.assert_no_faults();
        let state = |state| states.get(&state).copied().unwrap_or(0);
        let second = Duration::from_secs(1);
        Self {
            sent: state(DeliveryState::Sent),
            failed: state(DeliveryState::Failed),
            unknown: state(DeliveryState::Unknown),
            delivered: delivered.len(),
            twice: delivered.values().filter(|times| **times > 1).count(),
            densest: api.crowd(|crowd| crowd.densest(second)),
            densest_chat: api.crowd(|crowd| crowd.densest_chat(second)),
        }
    }

    /// The promise: nobody twice, and no second fuller than the limit, `more` aside; nor for one chat.
    pub(super) fn assert_kept(&self, rate: u32, more: usize) {
        assert_eq!(self.twice, 0, "{self:?}");
        assert!(self.densest <= rate as usize + more, "{self:?}");
        assert!(self.densest_chat <= 1, "{self:?}");
    }
}
