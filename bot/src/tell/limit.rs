//! How many results one network and all together may tell: figures that anybody can flood say nothing.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::channel::network;

/// A village committee tells for its shops one after the other.
const CLIENT: u32 = 20;
const CLIENT_EVERY: Duration = Duration::from_secs(60);
const ALL: u32 = 300;
const ALL_EVERY: Duration = Duration::from_secs(1);

/// The limits of one process.
pub(super) struct TellLimits {
    clients: DefaultKeyedRateLimiter<IpAddr>,
    all: DefaultDirectRateLimiter,
}

impl Default for TellLimits {
    fn default() -> Self {
        Self {
            clients: RateLimiter::keyed(quota(CLIENT, CLIENT_EVERY)),
            all: RateLimiter::direct(quota(ALL, ALL_EVERY)),
        }
    }
}

impl TellLimits {
    /// Counts a result told from `ip`; loopback counts only among all, as a proxy nobody named makes all readers one.
    pub(super) fn admit(&self, ip: Option<IpAddr>) -> bool {
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
    fn one_network_does_not_use_up_what_is_for_all() {
        let limits = TellLimits::default();
        let ip = |text: &str| Some(text.parse::<IpAddr>().expect("an address"));
        assert_eq!((0..50).filter(|_| limits.admit(ip("192.0.2.1"))).count(), 20);
        assert!(limits.admit(ip("192.0.2.2")));
        assert!((0..400).filter(|_| limits.admit(ip("127.0.0.1"))).count() < 300);
        assert!(!limits.admit(ip("192.0.2.3")));
    }
}
