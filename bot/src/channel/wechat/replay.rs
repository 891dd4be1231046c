//! Old and reused requests. In plain mode the signature covers no body: who has seen one signed address
//! could post anything with it. So each is good for five minutes, and for one message and its repeats.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How far the clock of the platform may be from ours, in seconds.
const WINDOW: i64 = 300;
/// Requests remembered; far more than one account gets in the window.
const MAX: usize = 100_000;

/// Whether a request of second `stamp` may come now.
pub(super) fn is_fresh(stamp: &str, now: i64) -> bool {
    stamp.parse::<i64>().is_ok_and(|second| second.saturating_sub(now).saturating_abs() <= WINDOW)
}

/// Which message each signature came with, in this process.
#[derive(Debug, Default)]
pub(super) struct Signatures(Mutex<HashMap<String, Use>>);

#[derive(Debug)]
struct Use {
    id: String,
    at: i64,
}

impl Signatures {
    /// Whether `signature` may carry the message `id`: it has carried no other.
    pub(super) fn admit(&self, signature: &str, id: &str, now: i64) -> bool {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MAX {
            // Older ones are refused by their time.
            used.retain(|_, one| now.saturating_sub(one.at) <= 2 * WINDOW);
        }
        if used.len() >= MAX {
            used.clear();
        }
        let one =
            used.entry(signature.to_owned()).or_insert_with(|| Use { id: id.to_owned(), at: now });
        one.id == id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_good_for_five_minutes() {
        for (stamp, fresh) in [
            ("1000", true),
            ("700", true),
            ("1300", true),
            ("699", false),
            ("1301", false),
            ("-9223372036854775808", false),
            ("", false),
            ("1e3", false),
            ("99999999999999999999", false),
        ] {
            assert_eq!(is_fresh(stamp, 1000), fresh, "{stamp}");
        }
    }

    #[test]
    fn a_signature_carries_one_message_and_its_repeats() {
        let used = Signatures::default();
        assert!(used.admit("s", "m-1", 0));
        assert!(used.admit("s", "m-1", 5));
        assert!(!used.admit("s", "m-2", 6));
        assert!(used.admit("t", "m-2", 6));
    }

    #[test]
    fn memory_stays_bounded() {
        let used = Signatures::default();
        for number in 0..MAX + 5 {
            assert!(used.admit(&number.to_string(), "m", 0));
        }
        assert!(used.0.lock().expect("not poisoned").len() <= MAX);
    }
}
