//! `kill -9` of senders at any moment: everybody ends sent, failed or listed; nobody gets it twice; the
//! limit of the account is never passed, whoever holds it. And a control that does lose people.

use std::io::Write;
use std::time::Duration;

use tempfile::TempDir;

use super::scene::{Load, Scene, kills, rate};
use super::victim::start_control;
use crate::store::schema;
use crate::support::bot_api::BotApi;

/// Recipients for each kill: so many are sent between two at the rate, about.
const LOAD: u32 = 150;

/// Kills while sending, then checks everything.
fn attack(what: &str, database: Option<String>, processes: usize, rate: u32) {
    let kills = kills();
    let recipients = kills * LOAD * (rate / 100).clamp(1, 4);
    let mut scene = Scene::new(database, Load { processes, rate, recipients }, |_| None);
    scene.kill(kills, |_, _| {});
    let outcome = scene.finish();
    scene.tell(what, kills, &outcome);
    outcome.assert_kept(rate, 0);
    // On its way when its process died, or marked for the next quarter of a second at most.
    let most = (rate as usize).min(4000) / 4 + 20;
    assert!(outcome.unknown <= kills as usize * most, "{outcome:?}");
}

#[test]
fn after_kill_9_everybody_has_it_once_or_is_listed() {
    attack("SQLite, 1 process", None, 1, rate());
}

#[test]
fn the_same_on_postgres_with_three_processes() {
    let Some(url) = schema("broadcast") else { return };
    attack("PostgreSQL, 3 processes", Some(url), 3, rate());
}

#[test]
fn at_a_thousand_a_second_it_holds_too() {
    attack("SQLite, 1 process", None, 1, 1000);
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
    let delivered = api.crowd(|crowd| crowd.delivered());
    let twice = delivered.values().filter(|times| **times > 1).count();
    let lost = recipients as usize - delivered.len();
    let _ = writeln!(
        std::io::stderr(),
        "| control: place noted when fetched | {rate}/s | {kills} | {recipients} | – | – | none: \
         {lost} lost | {} | {twice} | – | – |",
        delivered.len(),
    );
    assert!(lost > 0, "the harness would not see a loss");
}
