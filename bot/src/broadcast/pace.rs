//! How fast an account may send: smoothly, and never more than its limit in any window, as the channel
//! counts.
//!
//! The channel counts when a request arrives, which is some time between its departure and its answer. A
//! request therefore counts from its departure until one window after its answer. What that costs, about
//! the time an answer takes, is given back as far as answers come evenly: then every request takes about
//! as long as the quickest. On a busy machine they do not, and nothing is given back.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// What an account catches up of its even rhythm after a disk has made it wait. The limit holds all the same.
const BURST: Duration = Duration::from_millis(250);
/// No more than this is given back: an answer that always takes longer is not the way's fault.
const MAX_WAY: Duration = Duration::from_millis(200);
/// The quickest answer is looked for among this many, and the same number before.
const SAMPLE: u32 = 256;
/// So few say nothing: the first ones open connections.
const FEW: u32 = 32;
/// How much of the mean an answer makes up.
const SHARE: f64 = 1.0 / 16.0;
/// So many times what answers take longer than the quickest, in the mean, is not certain.
const DOUBT: f64 = 4.0;

/// Most requests in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// So many …
    pub most: u32,
    /// … in any window of this length.
    pub within: Duration,
}

impl Limit {
    /// `most` in any second.
    pub const fn per_second(most: u32) -> Self {
        Self { most, within: Duration::from_secs(1) }
    }

    /// `most` in any minute.
    pub const fn per_minute(most: u32) -> Self {
        Self { most, within: Duration::from_secs(60) }
    }

    /// The even distance between two requests.
    pub(super) fn spacing(self) -> Duration {
        self.within / self.most.max(1)
    }

    /// How many fall into `time`, at least one.
    pub(super) fn worth(self, time: Duration) -> usize {
        let share = time.as_secs_f64() / self.spacing().as_secs_f64().max(1e-9);
        // A rate is far below 2^52 and never negative.
        (share.ceil().max(1.0) as u32).try_into().unwrap_or(usize::MAX)
    }
}

/// How fast campaigns go out through an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// What campaigns may take; without it they go as fast as they can.
    pub own: Option<Limit>,
    /// What campaigns and answers to people may take together.
    pub whole: Option<Limit>,
}

impl Rate {
    /// One limit for both; answers take what they need from it.
    pub fn of(limit: Limit) -> Self {
        Self { own: Some(limit), whole: Some(limit) }
    }
}

/// The pace of one account in one process.
#[derive(Debug)]
pub(super) struct Pace {
    spacing: Option<Duration>,
    own: Option<Window>,
    whole: Option<Window>,
    /// The next beat of the even rhythm.
    beat: Instant,
    quiet_until: Instant,
    answers: Answers,
}

/// Requests that count.
#[derive(Debug)]
struct Window {
    limit: Limit,
    flying: usize,
    /// When those that were answered stop counting.
    ends: VecDeque<Instant>,
}

/// How long answers take.
#[derive(Debug, Default)]
struct Answers {
    /// The quickest of the last ones, and of those before.
    quickest: [Option<f64>; 2],
    seen: u32,
    mean: Option<f64>,
}

impl Pace {
    /// The pace of `rate` from `now` on.
    pub(super) fn new(rate: Rate, now: Instant) -> Self {
        let window = |limit| Window { limit, flying: 0, ends: VecDeque::new() };
        Self {
            spacing: rate.own.map(Limit::spacing),
            own: rate.own.map(window),
            whole: rate.whole.map(window),
            beat: now,
            quiet_until: now,
            answers: Answers::default(),
        }
    }

    /// When the next request may leave; `None`: not before another one has been answered.
    pub(super) fn opens(&mut self, now: Instant) -> Option<Instant> {
        let beat = if self.spacing.is_some() { self.beat } else { now };
        let own = self.own.as_mut().map_or(Some(now), |window| window.opens(now))?;
        let whole = self.whole.as_mut().map_or(Some(now), |window| window.opens(now))?;
        Some(beat.max(own).max(whole).max(self.quiet_until))
    }

    /// A request leaves.
    pub(super) fn depart(&mut self, now: Instant) {
        if let Some(spacing) = self.spacing {
            let earliest = now.checked_sub(BURST.max(spacing)).unwrap_or(now);
            self.beat = self.beat.max(earliest) + spacing;
        }
        for window in [&mut self.own, &mut self.whole].into_iter().flatten() {
            window.flying += 1;
        }
    }

    /// The request that left at `departed` has been answered, or will never be.
    pub(super) fn land(&mut self, departed: Instant, now: Instant) {
        self.answers.note(now - departed);
        let way = self.answers.way();
        for window in [&mut self.own, &mut self.whole].into_iter().flatten() {
            window.flying = window.flying.saturating_sub(1);
            window.ends.push_back(now + window.limit.within - way.min(window.limit.within / 2));
        }
    }

    /// Answers to people have gone out on the same account.
    pub(super) fn spent(&mut self, answers: usize, now: Instant) {
        if let Some(window) = &mut self.whole {
            let end = now + window.limit.within;
            window.ends.extend(std::iter::repeat_n(end, answers));
        }
    }

    /// Nothing leaves before `until`.
    pub(super) fn hush(&mut self, until: Instant) {
        self.quiet_until = self.quiet_until.max(until);
    }

    /// The same, and nothing of it is caught up.
    pub(super) fn rest(&mut self, until: Instant) {
        self.hush(until);
        self.beat = self.beat.max(until);
    }
}

impl Window {
    fn opens(&mut self, now: Instant) -> Option<Instant> {
        while self.ends.front().is_some_and(|end| *end <= now) {
            self.ends.pop_front();
        }
        let most = self.limit.most as usize;
        match (self.flying + self.ends.len() + 1).checked_sub(most) {
            None | Some(0) => Some(now),
            // So many of them have to stop counting first.
            Some(over) => self.ends.get(over - 1).copied(),
        }
    }
}

impl Answers {
    fn note(&mut self, took: Duration) {
        let took = took.as_secs_f64();
        if self.seen == SAMPLE {
            (self.quickest, self.seen) = ([None, self.quickest[0]], 0);
        }
        self.seen += 1;
        self.quickest[0] = Some(self.quickest[0].map_or(took, |known| known.min(took)));
        self.mean = Some(self.mean.map_or(took, |mean| mean + (took - mean) * SHARE));
    }

    /// What every request takes on its way there and back, as far as it is certain.
    fn way(&self) -> Duration {
        let quickest = self.quickest.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        let known = self.seen >= FEW || self.quickest[1].is_some();
        let Some(mean) = self.mean.filter(|_| known) else { return Duration::ZERO };
        let certain = quickest - DOUBT * (mean - quickest);
        Duration::try_from_secs_f64(certain).unwrap_or_default().min(MAX_WAY)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sends through `pace` for `time`; when each request leaves, arrives and is answered. `delay` gives the
    /// way there and the way back of the next one.
    fn simulate(
        rate: Rate,
        time: Duration,
        mut delay: impl FnMut() -> (Duration, Duration),
    ) -> Vec<Instant> {
        let start = Instant::now();
        let mut pace = Pace::new(rate, start);
        let (mut now, mut arrivals) = (start, Vec::new());
        let mut flying: Vec<(Instant, Instant)> = Vec::new();
        while now < start + time {
            flying.sort();
            match pace.opens(now) {
                Some(at) if at <= now => {
                    let (there, back) = delay();
                    pace.depart(now);
                    arrivals.push(now + there);
                    flying.push((now + there + back, now));
                }
                opens => {
                    let landing = flying.first().map(|(landing, _)| *landing);
                    now = opens.into_iter().chain(landing).min().expect("something happens");
                }
            }
            while let Some((landing, departed)) = flying.first().copied()
                && landing <= now
            {
                pace.land(departed, landing);
                flying.remove(0);
            }
        }
        arrivals.sort();
        arrivals
    }

    /// The most arrivals in any window of `within`.
    fn densest(arrivals: &[Instant], within: Duration) -> usize {
        let ends = arrivals.iter().enumerate();
        ends.map(|(last, end)| {
            last + 1 - arrivals[..=last].partition_point(|at| *at + within <= *end)
        })
        .max()
        .unwrap_or(0)
    }

    #[test]
    fn a_rate_is_held_and_not_passed() {
        for most in [25, 30, 1000] {
            let limit = Limit::per_second(most);
            let minute = Duration::from_secs(60);
            let way = Duration::from_millis(30);
            let arrivals = simulate(Rate::of(limit), minute, || (way, way));
            assert!(densest(&arrivals, limit.within) <= most as usize, "{most}");
            let held = arrivals.len() as f64 / f64::from(most * 60);
            assert!(held > 0.99, "{most}/s: {held}");
        }
    }

    #[test]
    fn it_goes_evenly() {
        let still = Duration::ZERO;
        let limit = Limit::per_minute(15);
        let arrivals = simulate(Rate::of(limit), Duration::from_secs(300), || (still, still));
        assert!(arrivals.windows(2).all(|two| two[1] - two[0] == Duration::from_secs(4)));
    }

    #[test]
    fn answers_to_people_come_out_of_what_campaigns_may_take() {
        let start = Instant::now();
        let mut pace = Pace::new(Rate::of(Limit::per_second(30)), start);
        pace.spent(30, start);
        assert_eq!(pace.opens(start), Some(start + Duration::from_secs(1)));
        let own = Rate { own: Some(Limit::per_second(25)), whole: Some(Limit::per_second(30)) };
        let mut pace = Pace::new(own, start);
        pace.spent(5, start);
        assert_eq!(pace.opens(start), Some(start));
    }

    #[test]
    fn silence_is_kept_and_is_never_shortened() {
        let start = Instant::now();
        let mut pace = Pace::new(Rate::default(), start);
        pace.hush(start + Duration::from_secs(9));
        pace.hush(start + Duration::from_secs(3));
        assert_eq!(pace.opens(start), Some(start + Duration::from_secs(9)));
        let mut pace = Pace::new(Rate::of(Limit::per_second(10)), start);
        let end = start + Duration::from_secs(5);
        pace.rest(end);
        pace.depart(end);
        let next = end + Duration::from_millis(100);
        assert_eq!(pace.opens(end), Some(next), "it begins evenly");
    }

    #[test]
    fn what_is_worth_a_tick() {
        let tick = Duration::from_millis(30);
        assert_eq!(Limit::per_second(25).worth(tick), 1);
        assert_eq!(Limit::per_second(1000).worth(tick), 30);
        assert_eq!(Limit::per_minute(15).worth(tick), 1);
    }

    proptest! {
        /// Whatever the way takes, as long as none is quicker than the quickest so far.
        #[test]
        fn no_window_is_ever_fuller_than_the_limit(
            most in 1_u32..40,
            ways in proptest::collection::vec((5_u64..400, 5_u64..400), 1..200),
        ) {
            let mut ways = ways.iter().cycle().map(|(there, back)| {
                (Duration::from_millis(*there), Duration::from_millis(*back))
            });
            let limit = Limit::per_second(most);
            let least = Duration::from_millis(5);
            let mut first = true;
            let arrivals = simulate(Rate::of(limit), Duration::from_secs(20), || {
                // The quickest way is known from the first request on.
                if std::mem::take(&mut first) { return (least, least) }
                ways.next().expect("endless")
            });
            prop_assert!(densest(&arrivals, limit.within) <= most as usize);
        }
    }
}
