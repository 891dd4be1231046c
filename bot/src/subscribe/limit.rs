//! How many confirmation letters may be asked for: nobody shall fill another's mailbox through us.
//!
//! Per address the database counts (open requests), so that a restart forgives nothing.

use std::time::Duration;

use crate::channel::{Flow, Intake};

/// Requests of one address that may be open at once; they lapse after two days.
pub(super) const OPEN: u64 = 3;
/// Behind one client address may sit a meeting of village officials.
const CLIENT: Flow = Flow { burst: 20, every: Duration::from_secs(60) };
/// Of all clients together: a flood from many addresses costs the sender its good name.
const ALL: Flow = Flow { burst: 300, every: Duration::from_secs(5) };

/// The limits of one process.
pub(super) fn limits() -> Intake {
    Intake::new(CLIENT, ALL)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn a_client_and_all_clients_have_their_limits() {
        let limits = limits();
        let ip = |text: &str| Some(text.parse::<IpAddr>().expect("an address"));
        let granted = (0..50).filter(|_| limits.admit(ip("192.0.2.1"))).count();
        assert_eq!(granted, 20);
        assert!(limits.admit(ip("192.0.2.2")));
        let loopback = (0..400).filter(|_| limits.admit(ip("127.0.0.1"))).count();
        assert_eq!(loopback, 300 - 21);
        assert!(!limits.admit(ip("192.0.2.3")));
    }
}
