//! From marks to a verdict: points of a trigger and of the cues near it.

use std::collections::BTreeMap;

use super::pattern::Strength;

/// Points that make an emergency.
pub(super) const ENOUGH: i32 = 3;

/// Units around a trigger in which cues for the present count.
const NEAR: usize = 60;

/// Units around a trigger in which cues against it count: a long tale tells of last year, too.
const NOT_NOW_NEAR: usize = 30;

/// Units around a trigger in which a counter of its class takes it away.
const COUNTER_NEAR: usize = 25;

/// What cues for the present can add at most.
const MOST_NOW: i32 = 8;

/// The part a pattern plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Part {
    /// Something burns, leaks or closes in: the class.
    Trigger(usize),
    /// The class is not meant.
    Counter(usize),
    /// It is happening at this moment.
    Now,
    /// It is not.
    NotNow,
}

impl Part {
    /// Whether homophones may stand for what is written.
    pub(super) fn is_loose(self) -> bool {
        matches!(self, Self::Trigger(_) | Self::Now)
    }
}

/// A pattern found in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) part: Part,
    pub(super) strength: Strength,
    pub(super) rule: usize,
    pub(super) at: usize,
    pub(super) end: usize,
}

/// The classes seen with their best points, and the one that is happening.
#[derive(Debug, Default)]
pub(super) struct Weighed {
    pub(super) class: Option<usize>,
    pub(super) points: BTreeMap<usize, i32>,
}

impl Mark {
    fn near(&self, other: &Self, reach: usize) -> bool {
        self.at <= other.end + reach && other.at <= self.end + reach
    }

    fn points(&self) -> i32 {
        let [weak, plain, double, most] = match self.part {
            Part::Trigger(_) => [1, 2, 4, 6],
            Part::Now => [1, 1, 2, 4],
            Part::NotNow => [-1, -1, -3, -6],
            Part::Counter(_) => [0; 4],
        };
        match self.strength {
            Strength::Weak => weak,
            Strength::Plain => plain,
            Strength::Double => double,
            Strength::Most => most,
        }
    }
}

/// Weighs `marks`, which are in order of place; `telling` says that the text is a sentence, not key words.
/// The first class of the lexicon with enough points wins.
pub(super) fn weigh(marks: &[Mark], classes: usize, telling: bool) -> Weighed {
    let mut weighed = Weighed::default();
    for trigger in marks {
        let Part::Trigger(class) = trigger.part else { continue };
        let around = surroundings(marks, trigger);
        let countered =
            around.iter().any(|m| m.part == Part::Counter(class) && m.near(trigger, COUNTER_NEAR));
        if countered {
            continue;
        }
        let points = trigger.points() + cues(around, trigger, telling);
        let best = weighed.points.entry(class).or_insert(points);
        *best = (*best).max(points);
    }
    weighed.class =
        (0..classes).find(|class| weighed.points.get(class).is_some_and(|p| *p >= ENOUGH));
    weighed
}

/// Marks that can reach `trigger`; a match is seldom longer than a hundred units.
fn surroundings<'a>(marks: &'a [Mark], trigger: &Mark) -> &'a [Mark] {
    let from = marks.partition_point(|m| m.at + NEAR + 100 < trigger.at);
    let to = marks.partition_point(|m| m.at <= trigger.end + NEAR);
    &marks[from..to]
}

/// Points of the cues near `trigger`, each pattern once; one more for a tale that nothing speaks against.
fn cues(around: &[Mark], trigger: &Mark, telling: bool) -> i32 {
    let mut counted = std::collections::HashSet::new();
    let (mut now, mut not_now) = (0, 0);
    let reaches =
        |m: &&Mark| m.near(trigger, if m.part == Part::NotNow { NOT_NOW_NEAR } else { NEAR });
    for mark in around.iter().filter(reaches).filter(|m| counted.insert(m.rule)) {
        match mark.part {
            Part::Now => now += mark.points(),
            Part::NotNow => not_now += mark.points(),
            Part::Trigger(_) | Part::Counter(_) => {}
        }
    }
    let told = i32::from(telling && not_now == 0);
    now.min(MOST_NOW) + not_now + told
}
