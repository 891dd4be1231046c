//! How many confirmation letters may be asked for: nobody shall fill another's mailbox through us.
//!
//! Per address the database counts (open requests), so that a restart forgives nothing.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::channel::network;

/// Requests of one address that may be open at once; they lapse after two days.
pub(super) const OPEN: u64 = 3;
/// Behind one client address may sit a meeting of village officials.
const CLIENT: u32 = 20;
const CLIENT_EVERY: Duration = Duration::from_secs(60);
/// Of all clients together: a flood from many addresses costs the sender its good name.
const ALL: u32 = 300;
const ALL_EVERY: Duration = Duration::from_secs(5);

/// The limits of one process.
pub(crate) struct LetterLimits {
    clients: DefaultKeyedRateLimiter<IpAddr>,
    all: DefaultDirectRateLimiter,
}

impl Default for LetterLimits {
    fn default() -> Self {
        Self {
            clients: RateLimiter::keyed(quota(CLIENT, CLIENT_EVERY)),
            all: RateLimiter::direct(quota(ALL, ALL_EVERY)),
        }
    }
}

impl LetterLimits {
    /// Counts a letter asked for from `ip`; loopback counts only among all.
    pub(super) fn letter(&self, ip: Option<IpAddr>) -> bool {
        self.clients.retain_recent();
        let known = ip.filter(|ip| !ip.is_loopback());
        let client = known.is_none_or(|ip| self.clients.check_key(&network(ip)).is_ok());
        client && self.all.check().is_ok()
    }
}

/// `burst` at once, then one `every` so often.
fn quota(burst: u32, every: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(every).map_or(Quota::per_minute(burst), |quota| quota.allow_burst(burst))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_and_all_clients_have_their_limits() {
        let limits = LetterLimits::default();
        let ip = |text: &str| Some(text.parse::<IpAddr>().expect("an address"));
        let granted = (0..50).filter(|_| limits.letter(ip("192.0.2.1"))).count();
        assert_eq!(granted, 20);
        assert!(limits.letter(ip("192.0.2.2")));
        let loopback = (0..400).filter(|_| limits.letter(ip("127.0.0.1"))).count();
        assert_eq!(loopback, 300 - 21);
        assert!(!limits.letter(ip("192.0.2.3")));
    }
}
