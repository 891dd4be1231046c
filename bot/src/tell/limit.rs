//! How many results one network and all together may tell: figures that anybody can flood say nothing.

use std::time::Duration;

use crate::channel::{Flow, Intake};

/// A village committee tells for its shops one after the other.
const CLIENT: Flow = Flow { burst: 20, every: Duration::from_secs(60) };
const ALL: Flow = Flow { burst: 300, every: Duration::from_secs(1) };

/// The limits of one process.
pub(super) fn limits() -> Intake {
    Intake::new(CLIENT, ALL)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn one_network_does_not_use_up_what_is_for_all() {
        let limits = limits();
        let ip = |text: &str| Some(text.parse::<IpAddr>().expect("an address"));
        assert_eq!((0..50).filter(|_| limits.admit(ip("192.0.2.1"))).count(), 20);
        assert!(limits.admit(ip("192.0.2.2")));
        assert!((0..400).filter(|_| limits.admit(ip("127.0.0.1"))).count() < 300);
        assert!(!limits.admit(ip("192.0.2.3")));
    }
}
