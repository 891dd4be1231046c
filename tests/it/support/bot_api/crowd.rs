//! Thousands of chats: of each message only when it came and to whom, and whether it was delivered.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Fail;

/// A message that came in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrival {
    pub(crate) at: Instant,
    pub(crate) chat: i64,
    /// How many had come before, to anybody.
    pub(crate) before: usize,
    pub(crate) delivered: bool,
}

type Rule = Box<dyn Fn(&Arrival) -> Option<Fail> + Send>;

/// The chats.
pub(crate) struct Crowd {
    rule: Rule,
    pub(crate) arrivals: Vec<Arrival>,
}

impl Crowd {
    pub(super) fn new(rule: impl Fn(&Arrival) -> Option<Fail> + Send + 'static) -> Self {
        Self { rule: Box::new(rule), arrivals: Vec::new() }
    }

    /// A message comes in; how it fails, if it does.
    pub(super) fn arrive(&mut self, body: &Value) -> Option<Fail> {
        let chat = body["chat_id"].as_i64().unwrap_or_default();
        let before = self.arrivals.len();
        let mut arrival = Arrival { at: Instant::now(), chat, before, delivered: true };
        let fail = (self.rule)(&arrival);
        arrival.delivered = fail.as_ref().is_none_or(Fail::is_delivered);
        self.arrivals.push(arrival);
        fail
    }

    /// How many messages each chat got.
    pub(crate) fn delivered(&self) -> HashMap<i64, usize> {
        let mut counts = HashMap::new();
        for arrival in self.arrivals.iter().filter(|arrival| arrival.delivered) {
            *counts.entry(arrival.chat).or_default() += 1;
        }
        counts
    }

    /// The most requests in any window of this length.
    pub(crate) fn densest(&self, within: Duration) -> usize {
        let times: Vec<Instant> = self.arrivals.iter().map(|arrival| arrival.at).collect();
        densest(&times, within)
    }

    /// The same for one chat, whichever got the most.
    pub(crate) fn densest_chat(&self, within: Duration) -> usize {
        let mut chats: HashMap<i64, Vec<Instant>> = HashMap::new();
        for arrival in &self.arrivals {
            chats.entry(arrival.chat).or_default().push(arrival.at);
        }
        chats.values().map(|times| densest(times, within)).max().unwrap_or(0)
    }
}

/// The most of `times`, which are in order, in any window of this length.
pub(crate) fn densest(times: &[Instant], within: Duration) -> usize {
    let mut first = 0;
    let count = |(last, at): (usize, &Instant)| {
        while times[first] + within <= *at {
            first += 1;
        }
        last + 1 - first
    };
    times.iter().enumerate().map(count).max().unwrap_or(0)
}

#[test]
fn a_window_counts_what_falls_into_it() {
    let start = Instant::now();
    let times: Vec<Instant> =
        [0, 10, 999, 1000, 1500].iter().map(|ms| start + Duration::from_millis(*ms)).collect();
    assert_eq!(densest(&times, Duration::from_secs(1)), 3);
    assert_eq!(densest(&times[..1], Duration::from_secs(1)), 1);
    assert_eq!(densest(&[], Duration::from_secs(1)), 0);
}
