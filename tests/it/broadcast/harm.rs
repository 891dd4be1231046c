//! What else goes wrong while senders are killed: storms of 429, answers that break off, clocks that go back,
//! processes that freeze and wake, disks that are full, databases that restart, connections that are cut.

use std::process::Command;
use std::time::{Duration, Instant};

use fenghuo_store::Account;
use tempfile::TempDir;

use super::scene::{FEW, Load, Scene, kills};
use crate::store::schema;
use crate::support::bot_api::{Arrival, Fail};
use crate::support::skipped;

/// The server ends the session of a process that is silent for thirty seconds.
const SILENT: Duration = Duration::from_secs(30);

#[test]
fn a_storm_of_429_and_a_clock_that_goes_back_an_hour_change_nothing_of_it() {
    let storm = |arrival: &Arrival| match arrival.before % 200 {
        0 => Some(Fail::TooMany(2)),
        1..6 => Some(Fail::TooMany(1)),
        50 => Some(Fail::BadGatewayAfterDelivery),
        80 => Some(Fail::ResetMidReply),
        _ => None,
    };
    let kills = kills();
    let load = Load { processes: 1, rate: 100, recipients: kills * 60 };
    let mut scene = Scene::new(None, load, storm);
    scene.kill(kills, |scene, kill| scene.orders.clock = if kill % 2 == 0 { -3600 } else { 0 });
    let outcome = scene.finish();
    scene.tell("SQLite, 429 storms, broken answers, clock back one hour", kills, &outcome);
    outcome.assert_kept(100, 0);
}

/// Who was frozen until another took over sends nothing when he wakes but what was on its way.
#[test]
fn frozen_processes_that_wake_know_that_their_time_is_over() {
    let Some(url) = schema("frozen") else { return };
    // In CI a little past the end of its session, else past its leases too.
    let rounds = (kills() / 30).max(1);
    let frozen = if kills() <= FEW { SILENT + Duration::from_secs(6) } else { SILENT * 2 };
    let rate = 50;
    let seconds = u32::try_from(frozen.as_secs()).expect("short");
    let load = Load { processes: 1, rate, recipients: rounds * rate * (seconds - 20) };
    let mut scene = Scene::new(Some(url), load, |_| None);
    for _ in 0..rounds {
        scene.wait_for(20);
        // The other one waits until the first is given up, and holds the account in the next round.
        if scene.victims.len() < 2 {
            scene.start();
            std::thread::sleep(Duration::from_secs(1));
        }
        scene.victims[0].signal("-STOP");
        let (begun, before) = (Instant::now(), scene.arrived());
        std::thread::sleep(frozen);
        let after = scene.arrived();
        assert!(after > before + 10, "nobody took over in {:?}", begun.elapsed());
        scene.victims[0].signal("-CONT");
        scene.victims.rotate_left(1);
    }
    let outcome = scene.finish();
    let takes = scene.complained("holding the account");
    scene.tell(&format!("PostgreSQL, frozen {seconds} s × {rounds}, then woken"), 0, &outcome);
    assert!(takes > rounds as usize, "{takes} holds");
    // But for what was on its way when it froze.
    outcome.assert_kept(rate, 8);
}

#[test]
fn a_frozen_process_of_a_file_goes_on_where_it_was() {
    if kills() <= FEW {
        return;
    }
    let mut scene = Scene::new(None, Load { processes: 1, rate: 50, recipients: 1500 }, |_| None);
    for _ in 0..3 {
        scene.wait_for(50);
        scene.victims[0].signal("-STOP");
        std::thread::sleep(SILENT * 2);
        scene.victims[0].signal("-CONT");
    }
    let outcome = scene.finish();
    scene.tell("SQLite, frozen 60 s × 3, then woken", 0, &outcome);
    outcome.assert_kept(50, 0);
}

/// A disk of its own of some megabytes; needs the right to mount one.
struct Disk(TempDir);

impl Disk {
    fn mount() -> Option<Self> {
        let disk = Self(TempDir::new().expect("a folder"));
        let place = disk.0.path().display().to_string();
        let mount = ["-t", "tmpfs", "-o", "size=40m", "tmpfs", &place];
        let done = Command::new("mount").args(mount).output();
        done.is_ok_and(|done| done.status.success()).then_some(disk)
    }

    /// Until nothing more fits, nor into what the database has already taken, and so nothing more is sent.
    fn fill(&self, scene: &Scene) {
        drop(std::fs::write(self.filler(), vec![0; 40 << 20]));
        let mut before = usize::MAX;
        for _ in 0..40 {
            scene.county.fill(&Account::new("telegram", "other"));
            if scene.arrived() == before {
                return;
            }
            before = scene.arrived();
            std::thread::sleep(Duration::from_millis(500));
        }
        panic!("the disk does not fill");
    }

    fn empty(&self) {
        std::fs::remove_file(self.filler()).expect("removed");
    }

    fn filler(&self) -> std::path::PathBuf {
        self.0.path().join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        drop(Command::new("umount").args(["-l"]).arg(self.0.path()).status());
    }
}

/// Nothing can be marked then, so nothing is sent; once there is room it goes on by itself.
#[test]
fn a_disk_that_is_full_for_a_while_costs_nobody_anything() {
    let Some(disk) = Disk::mount() else {
        skipped("no right to mount a small disk");
        return;
    };
    let database = format!("sqlite://{}", disk.0.path().join("county.db").display());
    let (kills, times) = (kills(), (kills() / 10).max(1));
    let load = Load { processes: 1, rate: 100, recipients: kills * 120 };
    let mut scene = Scene::new(Some(database), load, |_| None);
    scene.kill(kills, |scene, kill| {
        if kill % 10 != 5 {
            return;
        }
        // Every other time one is killed that cannot write, and the next one starts on the full disk.
        scene.wait_for(20);
        disk.fill(scene);
        if kill % 20 == 5 {
            scene.kill_one();
            std::thread::sleep(Duration::from_millis(2500));
        }
        disk.empty();
        scene.wait_for(20);
    });
    let outcome = scene.finish();
    let full = scene.complained("is full");
    scene.tell(&format!("SQLite, disk full {times} times"), kills + times.div_ceil(2), &outcome);
    assert!(full > 0, "no process met a full disk");
    drop(scene);
    outcome.assert_kept(100, 0);
}

/// `FENGHUO_TEST_POSTGRES_DIR` is where a server lies that nobody else uses.
#[test]
fn a_database_that_restarts_and_connections_that_are_cut_cost_nobody_anything() {
    let Ok(place) = std::env::var("FENGHUO_TEST_POSTGRES_DIR") else { return };
    let Some(url) = schema("restarting") else { return };
    let kills = kills();
    let load = Load { processes: 3, rate: 100, recipients: kills * 100 };
    let mut scene = Scene::new(Some(url.clone()), load, |_| None);
    let (mut restarts, mut cuts) = (0, 0);
    scene.kill(kills, |_, kill| {
        if kill % 10 == 4 {
            let script = crate::support::root().join("tests/postgres.sh");
            let restarted = Command::new(script).args(["restart", &place]).status();
            assert!(restarted.expect("bash").success());
            restarts += 1;
        } else if kill % 3 == 0 {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'";
            let done = Command::new("psql").args([&url, "-q", "-c", cut]).output();
            assert!(done.expect("psql").status.success());
            cuts += 1;
        }
    });
    let outcome = scene.finish();
    let what =
        format!("PostgreSQL, 3 processes, {restarts} restarts and {cuts} cuts of the database");
    scene.tell(&what, kills, &outcome);
    outcome.assert_kept(100, 0);
}
