//! How much one network and all together may send in: what anybody can flood is worth nothing.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::network;

/// So many at once, then one so often.
#[derive(Clone, Copy)]
pub(crate) struct Flow {
    pub(crate) burst: u32,
    pub(crate) every: Duration,
}

/// The limits of one process.
pub(crate) struct Intake {
    clients: DefaultKeyedRateLimiter<IpAddr>,
    all: DefaultDirectRateLimiter,
}

impl Intake {
    /// As much as `client` from one network, as `all` from everybody.
    pub(crate) fn new(client: Flow, all: Flow) -> Self {
        Self { clients: RateLimiter::keyed(client.quota()), all: RateLimiter::direct(all.quota()) }
    }

    /// Counts one from `ip`; loopback counts only among all, as a proxy nobody named makes all readers one.
    pub(crate) fn admit(&self, ip: Option<IpAddr>) -> bool {
        self.clients.retain_recent();
        let known = ip.filter(|ip| !ip.is_loopback());
        let client = known.is_none_or(|ip| self.clients.check_key(&network(ip)).is_ok());
        client && self.all.check().is_ok()
    }
}

impl Flow {
    fn quota(self) -> Quota {
        let burst = NonZeroU32::new(self.burst).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(self.every);
        quota.map_or(Quota::per_minute(burst), |quota| quota.allow_burst(burst))
    }
}
