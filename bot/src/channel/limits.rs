//! Abuse limits per address and per client: whoever asks faster than people do waits.
//!
//! They are asked only about what is no danger: a question about a fire that is burning is answered
//! whatever came before it. The limits live in memory; a restart forgives.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fenghuo_store::Account;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// A person taps and types less than once a second for long.
const ADDRESS: Quota = Quota::per_second(count(1)).allow_burst(count(20));
/// One warning a minute to whoever is too fast.
const WARNING: Quota = Quota::per_minute(count(1));
/// Behind one client address may sit a school class with a teacher who said "now".
const CLIENT: Quota = Quota::per_second(count(5)).allow_burst(count(100));
/// Keys nobody uses any more are dropped this often, in requests.
const SWEEP: u32 = 4096;

const fn count(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).expect("not zero")
}

/// Whether someone may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// Yes.
    Granted,
    /// No, and it should be said.
    Warned,
    /// No, and it has been said.
    Silent,
}

/// The limits of one process; clones share them.
#[derive(Clone, Debug)]
pub struct Limits(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    addresses: DefaultKeyedRateLimiter<String>,
    warnings: DefaultKeyedRateLimiter<String>,
    clients: DefaultKeyedRateLimiter<IpAddr>,
    asked: AtomicU32,
    answers: Mutex<HashMap<Account, Arc<AtomicUsize>>>,
}

impl Default for Limits {
    fn default() -> Self {
        Self(Arc::new(Inner {
            addresses: RateLimiter::keyed(ADDRESS),
            warnings: RateLimiter::keyed(WARNING),
            clients: RateLimiter::keyed(CLIENT),
            asked: AtomicU32::new(0),
            answers: Mutex::default(),
        }))
    }
}

impl Limits {
    /// Counts something said at `address` (its session, so that no address lies in memory).
    pub(crate) fn address(&self, address: &str) -> Admission {
        self.sweep();
        let key = address.to_owned();
        if self.0.addresses.check_key(&key).is_ok() {
            return Admission::Granted;
        }
        match self.0.warnings.check_key(&key) {
            Ok(()) => Admission::Warned,
            Err(_) => Admission::Silent,
        }
    }

    /// Counts a request of the client at `ip`. Loopback is not counted: behind a proxy nobody named in
    /// `trusted_proxies` all readers look like it, and would wait for each other.
    ///
    /// # Errors
    /// The time to wait.
    pub(crate) fn client(&self, ip: IpAddr) -> Result<(), Duration> {
        if ip.is_loopback() {
            return Ok(());
        }
        self.sweep();
        let clock = DefaultClock::default();
        self.0.clients.check_key(&network(ip)).map_err(|until| until.wait_time_from(clock.now()))
    }

    /// Counts what goes out through `account` to people who have asked: campaigns leave room for it.
    pub(crate) fn answers(&self, account: &Account) -> Arc<AtomicUsize> {
        let mut answers = self.0.answers.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(answers.entry(account.clone()).or_default())
    }

    fn sweep(&self) {
        if self.0.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.0.addresses.retain_recent();
            self.0.warnings.retain_recent();
            self.0.clients.retain_recent();
        }
    }
}

/// One household has a whole /64 of IPv6 addresses.
pub(crate) fn network(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => four.into(),
            None => Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX)).into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_too_fast_is_told_once() {
        let limits = Limits::default();
        let said: Vec<Admission> = (0..40).map(|_| limits.address("a")).collect();
        assert!(said[..20].iter().all(|admission| *admission == Admission::Granted));
        let warned = said.iter().filter(|admission| **admission == Admission::Warned).count();
        assert_eq!(warned, 1, "{said:?}");
        assert_eq!(limits.address("b"), Admission::Granted);
    }

    #[test]
    fn a_client_waits_and_its_neighbour_does_not() {
        let limits = Limits::default();
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let refused = (0..200).filter_map(|_| limits.client(ip("192.0.2.1")).err()).next_back();
        assert!(refused.is_some_and(|wait| wait <= Duration::from_secs(1)));
        assert_eq!(limits.client(ip("192.0.2.2")), Ok(()));
        assert!((0..200).all(|_| limits.client(ip("127.0.0.1")).is_ok()));
    }

    #[test]
    fn one_household_counts_as_one() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(network(ip("2001:db8::1")), network(ip("2001:db8::2:3")));
        assert_ne!(network(ip("2001:db8::1")), network(ip("2001:db8:0:1::1")));
        assert_eq!(network(ip("::ffff:192.0.2.1")), ip("192.0.2.1"));
    }
}
