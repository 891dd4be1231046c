//! `kill -9` of senders at any moment: everybody ends sent, failed or listed; nobody gets it twice; the
//! limit of the account is never passed, whoever holds it.
//!
//! `FENGHUO_TEST_KILLS` sets how often (10 by default; `tests/kill/broadcast.sh` does 300), and more than
//! 10 add what takes long: frozen processes, a database that restarts, connections that are cut.
//! `FENGHUO_TEST_RATE` is the limit of the account, 100 a second by default.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use fenghuo_store::{Account, CampaignId, CampaignState, DeliveryFilter, DeliveryState, Location};
use tempfile::TempDir;

use super::county::{County, telegram};
use super::victim::{Orders, Victim, start_control};
use crate::store::schema;
use crate::support::bot_api::{Arrival, BotApi, Fail};

/// Most time between two kills; some come before anything is sent.
const LIFE: Duration = Duration::from_millis(3500);
/// Recipients for each kill: so many are sent between two at the rate, about.
const LOAD: u32 = 150;

fn kills() -> u32 {
    std::env::var("FENGHUO_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(10)
}

fn rate() -> u32 {
    std::env::var("FENGHUO_TEST_RATE").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

/// A campaign under attack.
struct Scene {
    county: County,
    api: BotApi,
    orders: Orders,
    victims: Vec<Victim>,
    recipients: u32,
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
    pub(super) densest: usize,
}

impl Scene {
    /// A campaign to `recipients` on its way from `processes` processes, `rate` a second.
    fn new(
        database: Option<String>,
        (processes, rate, recipients): (usize, u32, u32),
        rule: impl Fn(&Arrival) -> Option<Fail> + Send + 'static,
    ) -> Self {
        let folder = TempDir::new().expect("a folder");
        let file = || format!("sqlite://{}", folder.path().join("county.db").display());
        let database = database.unwrap_or_else(file);
        let county = County::at(&Location::parse(&database).expect("an address"));
        county.follow(&telegram(), (1..=recipients).map(|chat| chat.to_string()));
        let campaign = county.send(|_| {});
        let api = BotApi::start();
        api.gather(rule);
        let orders = Orders { database, api: api.url(), rate, clock: 0 };
        let chance = u64::from(std::process::id()) ^ 0x9E37_79B9_7F4A_7C15;
        let mut scene =
            Self { county, api, orders, victims: Vec::new(), recipients, campaign, chance, folder };
        for _ in 0..processes {
            scene.start();
        }
        scene
    }

    fn start(&mut self) {
        self.victims.push(self.orders.start(&self.folder.path().join("complaints")));
    }

    /// A number below `most`, by splitmix64.
    fn draw(&mut self, most: u64) -> u64 {
        self.chance = self.chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut drawn = self.chance;
        drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (drawn ^ (drawn >> 31)) % most
    }

    /// Kills one process after the other at any moment, and starts another for each.
    fn kill(&mut self, kills: u32, mut between: impl FnMut(&mut Self, u32)) {
        for kill in 0..kills {
            let life = u64::try_from(LIFE.as_millis()).expect("short");
            std::thread::sleep(Duration::from_millis(self.draw(life)));
            between(self, kill);
            let which = usize::try_from(self.draw(self.victims.len() as u64)).expect("small");
            self.victims.swap_remove(which).kill();
            self.start();
        }
    }

    /// Waits for the end of the campaign.
    fn finish(&mut self) -> Outcome {
        // Storms of 429 take their time.
        let seconds = self.recipients / self.orders.rate.min(200) + 300;
        let until = Instant::now() + Duration::from_secs(seconds.into());
        while self.county.campaign(self.campaign).state != CampaignState::Done {
            let progress = self.county.progress(self.campaign);
            assert!(Instant::now() < until, "never done: {progress:?}\n{}", self.complaints());
            assert!(self.victims.iter_mut().all(|one| !one.is_over()), "{}", self.complaints());
            std::thread::sleep(Duration::from_millis(100));
        }
        self.victims.clear();
        self.outcome()
    }

    fn complaints(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("complaints")).unwrap_or_default()
    }

    fn outcome(&self) -> Outcome {
        Outcome::of(&self.county, &self.api, self.campaign, self.recipients)
    }

    /// A line for `docs/BENCHMARKS.md`.
    fn tell(&self, what: &str, kills: u32, outcome: &Outcome) {
        let Outcome { sent, failed, unknown, delivered, twice, densest } = outcome;
        let (recipients, rate) = (self.recipients, self.orders.rate);
        let _ = writeln!(
            std::io::stderr(),
            "| {what} | {rate}/s | {kills} | {recipients} | {sent} | {failed} | {unknown} | \
             {delivered} | {twice} | {densest} |"
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
        Self {
            sent: state(DeliveryState::Sent),
            failed: state(DeliveryState::Failed),
            unknown: state(DeliveryState::Unknown),
            delivered: delivered.len(),
            twice: delivered.values().filter(|times| **times > 1).count(),
            densest: api.crowd(|crowd| crowd.densest(Duration::from_secs(1))),
        }
    }
}

/// Kills while sending, then checks everything.
fn attack(what: &str, database: Option<String>, processes: usize) {
    let (kills, rate) = (kills(), rate());
    let load = LOAD * (rate / 100).clamp(1, 6);
    let mut scene = Scene::new(database, (processes, rate, kills * load), |_| None);
    scene.kill(kills, |_, _| {});
    let outcome = scene.finish();
    scene.tell(what, kills, &outcome);
    assert!(outcome.densest <= rate as usize, "{outcome:?}");
    assert_eq!(outcome.twice, 0);
    // On its way when its process died, or marked for the next quarter of a second at most.
    let most = (rate as usize).min(4000) / 4 + 20;
    assert!(outcome.unknown <= kills as usize * most, "{outcome:?}");
}

#[test]
fn after_kill_9_everybody_has_it_once_or_is_listed() {
    attack("SQLite, 1 process", None, 1);
}

#[test]
fn the_same_on_postgres_with_three_processes() {
    let Some(url) = schema("broadcast") else { return };
    attack("PostgreSQL, 3 processes", Some(url), 3);
}

#[test]
fn a_storm_of_429_and_a_clock_that_goes_back_an_hour_change_nothing_of_it() {
    let storm = |arrival: &Arrival| match arrival.before % 200 {
        0 => Some(Fail::TooMany(2)),
        1..12 => Some(Fail::TooMany(1)),
        50 => Some(Fail::BadGatewayAfterDelivery),
        80 => Some(Fail::ResetMidReply),
        _ => None,
    };
    let kills = kills().min(60);
    let mut scene = Scene::new(None, (1, 100, kills * 60), storm);
    scene.kill(kills, |scene, kill| scene.orders.clock = if kill % 2 == 0 { -3600 } else { 0 });
    let outcome = scene.finish();
    scene.tell("SQLite, 429 storms, broken answers, clock back one hour", kills, &outcome);
    assert!(outcome.densest <= 100, "{outcome:?}");
}

#[test]
fn at_a_thousand_a_second_it_holds_too() {
    let kills = kills();
    let mut scene = Scene::new(None, (1, 1000, kills * 4 * LOAD), |_| None);
    scene.kill(kills, |_, _| {});
    let outcome = scene.finish();
    scene.tell("SQLite, 1 process", kills, &outcome);
    assert!(outcome.densest <= 1000, "{outcome:?}");
}

/// A process that was frozen until another took over sends nothing more when it wakes but what was on
/// its way.
#[test]
fn a_frozen_process_that_wakes_knows_that_its_time_is_over() {
    if kills() <= 10 {
        return;
    }
    let Some(url) = schema("frozen") else { return };
    let mut scene = Scene::new(Some(url), (1, 50, 4000), |_| None);
    std::thread::sleep(Duration::from_secs(6));
    scene.start();
    scene.victims[0].signal("-STOP");
    std::thread::sleep(Duration::from_secs(50));
    let before = scene.api.crowd(|crowd| crowd.arrivals.len());
    assert!(before > 500, "nobody took over: {before}");
    scene.victims[0].signal("-CONT");
    let outcome = scene.finish();
    scene.tell("PostgreSQL, frozen 50 s, then woken", 0, &outcome);
    assert!(outcome.densest <= 50 + 8, "{outcome:?}");
}

#[test]
fn a_frozen_process_of_a_file_goes_on_where_it_was() {
    if kills() <= 10 {
        return;
    }
    let mut scene = Scene::new(None, (1, 50, 1500), |_| None);
    std::thread::sleep(Duration::from_secs(6));
    scene.victims[0].signal("-STOP");
    std::thread::sleep(Duration::from_secs(70));
    scene.victims[0].signal("-CONT");
    let outcome = scene.finish();
    scene.tell("SQLite, frozen 70 s, then woken", 0, &outcome);
    assert!(outcome.densest <= 50, "{outcome:?}");
}

/// On a small disk that is full for a while. Needs the right to mount one.
#[test]
fn a_disk_that_is_full_for_a_while_costs_nobody_anything() {
    if kills() <= 10 {
        return;
    }
    let disk = TempDir::new().expect("a folder");
    let place = disk.path().display().to_string();
    let mount = ["-t", "tmpfs", "-o", "size=24m", "tmpfs", &place];
    if !Command::new("mount").args(mount).status().is_ok_and(|status| status.success()) {
        return;
    }
    let database = format!("sqlite://{place}/county.db");
    let mut scene = Scene::new(Some(database), (1, 100, 2000), |_| None);
    for _ in 0..3 {
        std::thread::sleep(Duration::from_secs(4));
        let filler = disk.path().join("filler");
        // Until nothing more fits, nor into what the database has already taken.
        drop(std::fs::write(&filler, vec![0; 24 << 20]));
        scene.county.fill(&Account::new("telegram", "other"));
        std::thread::sleep(Duration::from_secs(4));
        std::fs::remove_file(filler).expect("removed");
    }
    let outcome = scene.finish();
    scene.tell("SQLite, disk full three times", 0, &outcome);
    drop(scene);
    let unmounted = Command::new("umount").args(["-l", &place]).status();
    assert!(unmounted.expect("umount").success());
    assert!(outcome.densest <= 100, "{outcome:?}");
}

/// `FENGHUO_TEST_POSTGRES_DIR` is where a server lies that nobody else uses.
#[test]
fn a_database_that_restarts_and_connections_that_are_cut_cost_nobody_anything() {
    let Ok(place) = std::env::var("FENGHUO_TEST_POSTGRES_DIR") else { return };
    let Some(url) = schema("restarting") else { return };
    let mut scene = Scene::new(Some(url.clone()), (3, 100, 3000), |_| None);
    for round in 0..12 {
        std::thread::sleep(Duration::from_secs(3));
        if round % 3 == 0 {
            let script = crate::support::root().join("tests/postgres.sh");
            let restarted = Command::new(script).args(["restart", &place]).status();
            assert!(restarted.expect("bash").success());
        } else {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
            let done = Command::new("psql").args([&url, "-q", "-c", cut]).output();
            assert!(done.expect("psql").status.success());
        }
    }
    let outcome = scene.finish();
    scene.tell("PostgreSQL, 3 processes, 4 restarts and 8 cuts of the database", 0, &outcome);
    assert!(outcome.densest <= 100, "{outcome:?}");
}

/// The same attack on a sender that notes how far it is when it fetches: the harness sees what is lost.
#[test]
fn the_control_that_notes_its_place_when_it_fetches_loses_people_and_cannot_say_whom() {
    let (kills, rate) = (kills(), 100);
    let recipients = kills * LOAD;
    let api = BotApi::start();
    api.gather(|_| None);
    let folder = TempDir::new().expect("a folder");
    let mut chance = 7_u64;
    for _ in 0..kills {
        let victim = start_control(&api, rate, recipients, folder.path());
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_millis(500 + (chance >> 33) % 1500));
        victim.kill_if_alive();
    }
    start_control(&api, rate, recipients, folder.path()).wait();
    let delivered = api.crowd(|crowd| crowd.delivered()).len();
    let lost = recipients as usize - delivered;
    let _ = writeln!(
        std::io::stderr(),
        "| control: place noted when fetched | {rate}/s | {kills} | {recipients} | – | – | – | \
         {delivered} | lost and not listed: {lost} | |"
    );
    assert!(lost > 0, "the harness would not see a loss");
}
