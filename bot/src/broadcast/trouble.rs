//! A channel that fails costs few messages: after each failure the account is silent, longer each time.

use std::time::Duration;

use tokio::time::Instant;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);
/// What may have arrived is a failure of the channel only when it happens so often in a row.
const UNKNOWN: u32 = 3;

/// Failures of an account since it last worked.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    last: Option<Duration>,
    until: Option<Instant>,
    unknown: u32,
}

impl Trouble {
    /// The channel works.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Nothing left: until when to be silent. `share` between 0 and 1 spreads accounts that failed together.
    pub(super) fn not_sent(&mut self, now: Instant, share: f64) -> Instant {
        // Requests that failed together are one failure.
        if let Some(until) = self.until.filter(|until| *until > now) {
            return until;
        }
        let wait = self.last.map_or(FIRST, |last| (last * 2).min(LONGEST));
        let until = now + wait.mul_f64(0.5 + share.clamp(0.0, 1.0) / 2.0);
        (self.last, self.until) = (Some(wait), Some(until));
        until
    }

    /// Something may have arrived: until when to be silent, if at all.
    pub(super) fn unknown(&mut self, now: Instant, share: f64) -> Option<Instant> {
        self.unknown += 1;
        (self.unknown >= UNKNOWN).then(|| self.not_sent(now, share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_grows_to_a_minute_and_ends_with_the_first_success() {
        let (mut trouble, mut now) = (Trouble::default(), Instant::now());
        let mut waits = Vec::new();
        for _ in 0..20 {
            let until = trouble.not_sent(now, 1.0);
            assert_eq!(trouble.not_sent(now, 1.0), until, "one failure");
            waits.push(until - now);
            now = until;
        }
        assert_eq!(waits[0], FIRST);
        assert!(waits.windows(2).all(|two| two[1] == (two[0] * 2).min(LONGEST)), "{waits:?}");
        trouble.clear();
        assert_eq!(trouble.not_sent(now, 0.0) - now, FIRST / 2);
    }

    #[test]
    fn one_message_of_unknown_fate_silences_nobody() {
        let (mut trouble, now) = (Trouble::default(), Instant::now());
        assert_eq!(trouble.unknown(now, 0.5), None);
        assert_eq!(trouble.unknown(now, 0.5), None);
        assert!(trouble.unknown(now, 0.5).is_some());
    }
}
