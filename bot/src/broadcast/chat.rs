//! How fast one chat may get messages: Telegram allows about one a second, and a group twenty a minute.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::pace::Limit;

/// Chats that have been quiet are forgotten this often.
const SWEEP: Duration = Duration::from_secs(1);

/// The chats something has lately been sent to.
#[derive(Debug)]
pub(super) struct Chats {
    recent: HashMap<String, Recent>,
    swept: Instant,
}

#[derive(Debug, Default)]
struct Recent {
    flying: usize,
    /// When the last messages were answered.
    landed: VecDeque<Instant>,
    /// Nothing before this, as the channel itself has said.
    busy_until: Option<Instant>,
    longest: Duration,
}

impl Chats {
    /// No chats so far.
    pub(super) fn new(now: Instant) -> Self {
        Self { recent: HashMap::new(), swept: now }
    }

    /// Whether `chat` may get a message under `limits`.
    pub(super) fn is_open(&self, chat: &str, limits: &[Limit], now: Instant) -> bool {
        let Some(recent) = self.recent.get(chat) else { return true };
        let counted = |within: Duration| {
            let landed = recent.landed.iter().rev().take_while(|at| **at + within > now);
            recent.flying + landed.count()
        };
        recent.busy_until.is_none_or(|until| until <= now)
            && limits.iter().all(|limit| counted(limit.within) < limit.most as usize)
    }

    /// A message leaves for `chat`.
    pub(super) fn depart(&mut self, chat: &str, limits: &[Limit]) {
        let Some(longest) = limits.iter().map(|limit| limit.within).max() else { return };
        let recent = self.recent.entry(chat.to_owned()).or_default();
        recent.flying += 1;
        recent.longest = longest;
    }

    /// The message to `chat` has been answered, or will never be.
    pub(super) fn land(&mut self, chat: &str, now: Instant) {
        if let Some(recent) = self.recent.get_mut(chat) {
            recent.flying = recent.flying.saturating_sub(1);
            recent.landed.push_back(now);
        }
        if now - self.swept >= SWEEP {
            self.swept = now;
            self.sweep(now);
        }
    }

    /// The channel wants `chat` left alone until then.
    pub(super) fn hush(&mut self, chat: &str, until: Instant) {
        self.recent.entry(chat.to_owned()).or_default().busy_until = Some(until);
    }

    fn sweep(&mut self, now: Instant) {
        self.recent.retain(|_, recent| {
            let Recent { flying, landed, busy_until, longest } = recent;
            while landed.front().is_some_and(|at| *at + *longest <= now) {
                landed.pop_front();
            }
            *flying > 0 || !landed.is_empty() || busy_until.is_some_and(|until| until > now)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chat_gets_one_message_a_second_and_a_group_twenty_a_minute() {
        let start = Instant::now();
        let at = |tenths: u32| start + Duration::from_millis(100) * tenths;
        let limits = [Limit::per_second(1), Limit::per_minute(20)];
        let mut chats = Chats::new(start);
        let mut sent = Vec::new();
        for tenths in 0..1200 {
            if chats.is_open("-7", &limits, at(tenths)) {
                chats.depart("-7", &limits);
                assert!(!chats.is_open("-7", &limits, at(tenths)));
                chats.land("-7", at(tenths));
                sent.push(tenths);
            }
            assert!(chats.is_open("-8", &limits, at(tenths)));
        }
        assert_eq!(sent.len(), 40);
        assert!(sent.windows(2).all(|two| two[1] - two[0] >= 10), "{sent:?}");
        assert!(sent.windows(21).all(|many| many[20] - many[0] >= 600), "{sent:?}");
    }

    #[test]
    fn quiet_chats_are_forgotten() {
        let start = Instant::now();
        let mut chats = Chats::new(start);
        for chat in 0..1000 {
            chats.depart(&chat.to_string(), &[Limit::per_second(1)]);
            chats.land(&chat.to_string(), start);
        }
        chats.land("0", start + Duration::from_secs(2));
        assert!(chats.recent.len() <= 1, "{}", chats.recent.len());
    }

    #[test]
    fn a_chat_the_channel_wants_left_alone_is_left_alone() {
        let start = Instant::now();
        let mut chats = Chats::new(start);
        chats.hush("-7", start + Duration::from_secs(5));
        assert!(!chats.is_open("-7", &[], start));
        assert!(chats.is_open("-7", &[], start + Duration::from_secs(5)));
    }
}
