//! Slows down guessing at passwords without ever locking out who knows hers.
//!
//! Wrong guesses are counted by account *and* network, and by network. Above a few free ones each further guess
//! costs a wait that doubles. An account alone is never made to wait: whoever guesses at it from elsewhere
//! would lock out its owner. Where she once logged in, her browser keeps a mark (`Device`) made from her
//! password's hash; with it she is counted by herself, even on the attacker's own network. Guesses at one
//! account from many networks at once are slowed by a pause before the answer, the same for right and wrong.
//!
//! All counters are in memory and per process; a restart forgives.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::channel::network;

/// Wrong guesses without a wait: at an account from a network, from a device that was there before, from a network.
const FREE_PAIR: u32 = 5;
const FREE_DEVICE: u32 = 10;
const FREE_NETWORK: u32 = 30;
/// Wrong guesses at an account from anywhere before strangers' answers are slowed.
const FREE_ACCOUNT: u32 = 20;
/// Longest wait between two guesses.
const LONGEST: Duration = Duration::from_secs(60);
/// The pause before an answer.
const PAUSE: Duration = Duration::from_secs(2);
/// After so long without a wrong guess all is forgiven.
const MEMORY: SignedDuration = SignedDuration::from_mins(30);
/// More keys than this are no people; the oldest go.
const MOST_KEYS: usize = 20_000;

/// Who guesses at which account.
#[derive(Clone, Debug)]
pub(super) struct Guess<'a> {
    pub(super) name: &'a str,
    pub(super) from: Option<IpAddr>,
    /// Whether the browser carries the mark of an earlier login to this account.
    pub(super) known: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Pair(String, IpAddr),
    Device(String),
    Network(IpAddr),
    Account(String),
}

#[derive(Clone, Copy, Debug)]
struct Count {
    wrong: u32,
    last: Timestamp,
}

/// The counters of one process; clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Throttle(Arc<Mutex<HashMap<Key, Count>>>);

impl Throttle {
    /// How long to pause before this guess is looked at.
    ///
    /// # Errors
    /// The time to wait before guessing again.
    pub(super) fn admit(&self, guess: &Guess<'_>, now: Timestamp) -> Result<Duration, Duration> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |key: &Key| counts.get(key).filter(|count| count.last + MEMORY > now);
        let wait = keys(guess)
            .iter()
            .filter_map(|(key, free)| Some(wait(count(key)?, *free, now)))
            .max()
            .unwrap_or(Duration::ZERO);
        if wait > Duration::ZERO {
            return Err(wait);
        }
        let account = count(&Key::Account(guess.name.to_owned()));
        let slowed = !guess.known && account.is_some_and(|count| count.wrong >= FREE_ACCOUNT);
        Ok(if slowed { PAUSE } else { Duration::ZERO })
    }

    /// Counts a wrong guess.
    pub(super) fn wrong(&self, guess: &Guess<'_>, now: Timestamp) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_KEYS {
            counts.retain(|_, count| count.last + MEMORY > now);
        }
        if counts.len() >= MOST_KEYS {
            let mut ages: Vec<Timestamp> = counts.values().map(|count| count.last).collect();
            ages.sort_unstable();
            let middle = ages[ages.len() / 2];
            counts.retain(|_, count| count.last > middle);
        }
        let account = (Key::Account(guess.name.to_owned()), 0);
        for (key, _) in keys(guess).into_iter().chain([account]) {
            let count = counts.entry(key).or_insert(Count { wrong: 0, last: now });
            if count.last + MEMORY <= now {
                count.wrong = 0;
            }
            *count = Count { wrong: count.wrong.saturating_add(1), last: now };
        }
    }

    /// Forgives what was counted for who has just shown that she knows the password.
    pub(super) fn right(&self, guess: &Guess<'_>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in keys(guess) {
            // Of the network only this guess: one right password among many would clear it.
            if let (Key::Network(_), Some(count)) = (&key, counts.get_mut(&key)) {
                count.wrong = count.wrong.saturating_sub(1);
            } else {
                counts.remove(&key);
            }
        }
    }
}

/// The counters a guess is judged by, with the guesses each has free.
fn keys(guess: &Guess<'_>) -> Vec<(Key, u32)> {
    let name = guess.name.to_owned();
    if guess.known {
        return vec![(Key::Device(name), FREE_DEVICE)];
    }
    match guess.from.map(network) {
        Some(from) => {
            vec![(Key::Pair(name, from), FREE_PAIR), (Key::Network(from), FREE_NETWORK)]
        }
        None => Vec::new(),
    }
}

fn wait(count: &Count, free: u32, now: Timestamp) -> Duration {
    let Some(over) = count.wrong.checked_sub(free) else { return Duration::ZERO };
    let due = Duration::from_secs(1 << over.min(6)).min(LONGEST);
    let passed = Duration::try_from(now.duration_since(count.last)).unwrap_or(Duration::ZERO);
    due.saturating_sub(passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_790_000_000, 0);

    fn guess<'a>(name: &'a str, from: &str, known: bool) -> Guess<'a> {
        Guess { name, from: Some(from.parse().expect("an address")), known }
    }

    fn guess_wrong(throttle: &Throttle, guess: &Guess<'_>, times: usize) -> usize {
        (0..times)
            .filter(|_| {
                let admitted = throttle.admit(guess, NOW).is_ok();
                if admitted {
                    throttle.wrong(guess, NOW);
                }
                admitted
            })
            .count()
    }

    #[test]
    fn guesses_at_one_account_wait_longer_and_longer() {
        let throttle = Throttle::default();
        let attacker = guess("maxia", "192.0.2.1", false);
        assert_eq!(guess_wrong(&throttle, &attacker, 100), 5);
        assert_eq!(throttle.admit(&attacker, NOW), Err(Duration::from_secs(1)));
        let later = NOW + SignedDuration::from_secs(1);
        assert!(throttle.admit(&attacker, later).is_ok());
        throttle.wrong(&attacker, later);
        assert_eq!(throttle.admit(&attacker, later), Err(Duration::from_secs(2)));
        let forgiven = NOW + SignedDuration::from_hours(1);
        assert_eq!(throttle.admit(&attacker, forgiven), Ok(Duration::ZERO));
    }

    #[test]
    fn nobody_is_locked_out_by_the_guesses_of_others() {
        let throttle = Throttle::default();
        for network in 0..100 {
            guess_wrong(&throttle, &guess("maxia", &format!("192.0.2.{network}"), false), 50);
        }
        // From elsewhere she waits two seconds for her answer, on her own device not at all, even next to the attacker.
        assert_eq!(throttle.admit(&guess("maxia", "198.51.100.7", false), NOW), Ok(PAUSE));
        assert_eq!(throttle.admit(&guess("maxia", "192.0.2.1", true), NOW), Ok(Duration::ZERO));
        assert_eq!(
            throttle.admit(&guess("lichun", "198.51.100.7", false), NOW),
            Ok(Duration::ZERO)
        );
    }

    #[test]
    fn a_network_that_tries_many_names_waits() {
        let throttle = Throttle::default();
        let admitted = (0..100)
            .filter(|n| {
                guess_wrong(&throttle, &guess(&format!("n{n}"), "192.0.2.1", false), 1) == 1
            })
            .count();
        assert_eq!(admitted, 30);
        assert!(throttle.admit(&guess("n1", "2001:db8::1", false), NOW).is_ok());
    }

    #[test]
    fn a_household_is_one_network_and_memory_stays_small() {
        let throttle = Throttle::default();
        guess_wrong(&throttle, &guess("maxia", "2001:db8::1", false), 5);
        assert!(throttle.admit(&guess("maxia", "2001:db8::2:3", false), NOW).is_err());
        for n in 0..30_000_u32 {
            let from = IpAddr::from(n.to_be_bytes());
            throttle.wrong(&Guess { name: "x", from: Some(from), known: false }, NOW);
        }
        assert!(throttle.0.lock().expect("not poisoned").len() <= MOST_KEYS + 3);
    }
}
